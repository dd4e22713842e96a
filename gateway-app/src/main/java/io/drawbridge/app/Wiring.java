package io.drawbridge.app;

import io.drawbridge.admin.AdminServer;
import io.drawbridge.app.options.DatabaseOptions;
import io.drawbridge.app.options.GatewayOptions;
import io.drawbridge.app.postgres.Connections;
import io.drawbridge.core.config.ConfigSink;
import io.drawbridge.core.config.SequencerOptions;
import io.drawbridge.core.config.postgres.ChangeSequencer;
import io.drawbridge.core.declarative.MemoryConfig;
import io.drawbridge.core.entity.Validator;
import io.drawbridge.core.metrics.GatewayMetrics;
import io.drawbridge.core.metrics.MeteredEntityStore;
import io.drawbridge.core.node.Node;
import io.drawbridge.core.node.NodeOptions;
import io.drawbridge.core.proxy.plugin.PluginKind;
import io.drawbridge.core.proxy.plugin.builtin.BuiltIn;
import io.drawbridge.core.release.GatewayCatalog;
import io.drawbridge.core.release.postgres.KongMirror;
import io.drawbridge.core.store.EntityStore;
import io.drawbridge.core.store.postgres.PostgresEntityStore;
import io.drawbridge.core.store.postgres.PostgresStoreOptions;
import io.drawbridge.migration.Catalog;
import io.drawbridge.migration.Membership;
import io.drawbridge.migration.MigrationBackend;
import io.drawbridge.migration.MigrationListener;
import io.drawbridge.migration.MigrationOptions;
import io.drawbridge.migration.MigrationWatch;
import io.drawbridge.migration.postgres.EngineTables;
import io.drawbridge.migration.postgres.PgStep;
import io.drawbridge.migration.postgres.PostgresMigrationBackend;
import io.drawbridge.migration.postgres.PostgresMigrationOptions;
import io.drawbridge.postgres.Database;
import io.drawbridge.postgres.EmbeddedPostgres;
import io.drawbridge.sync.DataPlane;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** The only place that constructs the components of a process and connects them. */
public final class Wiring {
    static final EngineTables TABLES = EngineTables.standard();

    /* What a node's own finish, asked over HTTP, waits for another leader. */
    private static final Duration LEADER_PATIENCE = Duration.ofSeconds(60);
    private static final Duration RETRY_MAX = Duration.ofSeconds(30);
    private static final Duration FILE_LIMIT = Duration.ofMinutes(30);
    private static final Duration ANSWER_SLACK = Duration.ofSeconds(5);

    private Wiring() {}

    /**
     * For a command: joins or starts the database, and is nobody among the members.
     *
     * @param lockTimeout how long it waits for another leader
     * @param answer longest wait for a connection, and longest statement that is no step's; empty: the engine's own bounds
     */
    public static Cluster command(GatewayOptions options, Duration lockTimeout, Optional<Duration> answer) {
        String name = "cli-" + ProcessHandle.current().pid();
        MigrationOptions migration = migration(options, name, "cli", "", lockTimeout);
        return cluster(options, Vertx.vertx(vertxOptions()), migration, name, answer);
    }

    /**
     * A node with everything it needs, not started yet.
     *
     * @param listener hears what the engine does while the node starts
     */
    public static NodeProcess node(GatewayOptions options, MigrationListener listener) {
        NodeFrame frame = NodeFrame.of(options);
        List<PluginKind> kinds = kinds(frame);
        Gateway gateway = Gateway.of(frame, kinds);
        if (options.database().off()) {
            return frame.process(options, lone(frame, gateway, kinds));
        }
        DatabaseLife life = database(frame, gateway, listener);
        return frame.process(life.cluster().options(), life);
    }

    /* A data plane is told what to do, another reads its file; either can be asked. */
    private static NodeLife lone(NodeFrame frame, Gateway gateway, List<PluginKind> kinds) {
        GatewayOptions options = frame.options();
        GatewayMetrics meters = new GatewayMetrics(frame.registry(), options.release(), Optional::empty);
        MemoryConfig config = new MemoryConfig(
                frame.vertx(),
                AdminServer.types(options.release(), frame.description()),
                new Validator(InstantSource.system()),
                options.uplink().isPresent() ? 0 : options.declarative().bytesMax(),
                gateway);
        EntityStore store = new MeteredEntityStore(config.store(), meters, written -> {});
        List<AdminServer> servers = frame.listeners().stream()
                .map(listener -> new AdminServer(
                        frame.vertx(),
                        listener,
                        frame.description(),
                        options.release(),
                        store,
                        config,
                        frame.registry()::scrape,
                        meters::adminRequest))
                .toList();
        AdminDoors admin = new AdminDoors(options.adminListen(), servers);
        Optional<DataPlane> uplink =
                options.uplink().map(how -> UplinkParts.of(frame, how, kinds, servers.isEmpty() ? gateway : config));
        return new LoneLife(
                frame.vertx(),
                new NodeDoors(
                        admin,
                        gateway,
                        new StatusDoor(
                                frame,
                                gateway,
                                () -> StatusSources.of(gateway, uplink, config),
                                Optional::empty,
                                () -> StatusSources.more(uplink)),
                        () -> uplink.map(DataPlane::start)
                                .or(() -> options.declarative()
                                        .file()
                                        .map(file -> FirstConfig.load(frame.vertx(), config, file)))
                                .orElseGet(Future::succeededFuture),
                        () -> uplink.map(DataPlane::stop)
                                .orElseGet(Future::succeededFuture)
                                .eventually(store::close)));
    }

    private static DatabaseLife database(NodeFrame frame, Gateway gateway, MigrationListener listener) {
        GatewayOptions options = frame.options();
        Vertx vertx = frame.vertx();
        String member = frame.member();
        MigrationOptions migration =
                migration(options, member, options.role(), frame.file().adminUrl(), LEADER_PATIENCE);
        Cluster cluster = cluster(options, vertx, migration, member, Optional.empty());
        Membership membership = new Membership(vertx, cluster.backend(), migration);
        AtomicReference<MigrationWatch> eye = new AtomicReference<>();
        GatewayMetrics meters = new GatewayMetrics(
                frame.registry(),
                options.release(),
                () -> Optional.ofNullable(eye.get()).flatMap(MigrationWatch::latest));
        AtomicReference<NodeDoors> doors = new AtomicReference<>();
        Node node = new Node(
                vertx,
                cluster.backend(),
                cluster.migrator(new Listeners(listener, meters)),
                cluster.migrator(meters),
                membership,
                migration,
                new NodeOptions(
                        member,
                        options.release(),
                        NodeOptions.Start.valueOf(options.startMode().name()),
                        options.autoFinish(),
                        options.pollInterval(),
                        RETRY_MAX),
                watch -> {
                    eye.set(watch);
                    doors.set(doors(frame, gateway, cluster, membership, watch, meters));
                    return doors.get();
                });
        return new DatabaseLife(cluster, node, doors.get());
    }

    private static NodeDoors doors(
            NodeFrame frame,
            Gateway gateway,
            Cluster cluster,
            Membership membership,
            MigrationWatch watch,
            GatewayMetrics meters) {
        GatewayOptions options = cluster.options();
        Optional<ControlPlaneParts> hybrid =
                options.hybrid().map(how -> ControlPlaneParts.of(cluster.vertx(), options, how));
        Optional<ConfigParts> config = hybrid.<ConfigSink>map(ControlPlaneParts::plane)
                .or(() -> gateway.listens() ? Optional.of(gateway) : Optional.empty())
                .map(sink -> ConfigParts.of(cluster.vertx(), options, sink));
        ChangeSequencer sequencer = ChangeSequencer.create(
                cluster.vertx(),
                Connections.admin(options.database()),
                TABLES,
                cluster.backend(),
                cluster.migration(),
                SequencerOptions.defaults(),
                meters,
                revision -> {
                    meters.numbered(revision);
                    config.ifPresent(parts -> parts.source().hint());
                });
        Duration answer = options.database().timeout().plus(ANSWER_SLACK);
        EntityStore store =
                new MeteredEntityStore(store(cluster, watch::wentBack, answer), meters, written -> sequencer.hint());
        List<AdminServer> servers = frame.listeners().stream()
                .map(listener -> new AdminServer(
                        cluster.vertx(),
                        listener,
                        frame.description(),
                        new io.drawbridge.admin.Cluster(options.release(), watch::latest, membership::members),
                        store,
                        cluster.migrator(meters),
                        config.flatMap(parts -> hybrid.map(own -> own.forAdmin(parts.source()))),
                        frame.registry()::scrape,
                        meters::adminRequest))
                .toList();
        return new NodeDoors(
                new AdminDoors(options.adminListen(), servers),
                gateway,
                new StatusDoor(
                        frame,
                        gateway,
                        () -> StatusSources.of(config),
                        () -> Optional.of(StatusSources.isReachable(config)),
                        Map::of),
                () -> {
                    sequencer.start();
                    return config.map(ConfigParts::start)
                            .orElseGet(Future::succeededFuture)
                            .compose(known ->
                                    hybrid.map(parts -> parts.plane().start()).orElseGet(Future::succeededFuture));
                },
                () -> hybrid.map(ControlPlaneParts::stop)
                        .orElseGet(Future::succeededFuture)
                        .eventually(() -> config.map(ConfigParts::stop).orElseGet(Future::succeededFuture))
                        .eventually(sequencer::stop)
                        .eventually(store::close));
    }

    private static List<PluginKind> kinds(NodeFrame frame) {
        return BuiltIn.kinds(InstantSource.system(), frame.registry());
    }

    /** For a command: a whole file is one transaction, so that only minutes bound it. */
    public static EntityStore store(Cluster cluster) {
        return store(cluster, Optional::empty, FILE_LIMIT);
    }

    private static EntityStore store(Cluster cluster, Supplier<Optional<String>> wentBack, Duration answer) {
        GatewayOptions options = cluster.options();
        DatabaseOptions database = options.database();
        boolean pooled =
                !database.migrationHost().equals(database.host()) || database.migrationPort() != database.port();
        return PostgresEntityStore.create(
                cluster.vertx(),
                Connections.admin(database),
                TABLES,
                options.release(),
                cluster.migration().member(),
                wentBack,
                PostgresStoreOptions.defaults()
                        .pool(database.connectionsMax())
                        .statements(database.timeout(), answer)
                        .caching(!pooled));
    }

    private static Cluster cluster(
            GatewayOptions options, Vertx vertx, MigrationOptions migration, String label, Optional<Duration> answer) {
        EmbeddedPostgres.Lease server = null;
        GatewayOptions found = options;
        if (options.database().embedded()) {
            server = new EmbeddedPostgres(options.prefix()).join(label);
            Database database = server.database();
            found = options.with(options.database()
                    .at(database.host(), database.port(), database.database(), database.user(), database.password()));
        }
        return new Cluster(found, vertx, backend(found, vertx, answer), migration, server);
    }

    private static MigrationBackend<PgStep> backend(GatewayOptions options, Vertx vertx, Optional<Duration> answer) {
        DatabaseOptions database = options.database();
        KongMirror mirror = new KongMirror(Set.copyOf(options.foreignRoles()));
        PostgresMigrationOptions bounds = PostgresMigrationOptions.defaults()
                .lockWait(options.stepLockTimeout(), options.stepLockWait())
                .idleInTransaction(options.leaseTtl())
                .creating(List.copyOf(mirror.relations()));
        bounds = bounds.batches(options.backfillBatch(), bounds.batchMax(), bounds.throttle())
                .answers(answer.orElse(bounds.answerTimeout()));
        return PostgresMigrationBackend.create(vertx, Connections.migrations(database), TABLES, mirror, bounds);
    }

    static Catalog<PgStep> catalog(GatewayOptions options) {
        return GatewayCatalog.postgres(Set.copyOf(options.plugins()));
    }

    static MigrationOptions migration(
            GatewayOptions options, String member, String role, String adminUrl, Duration lockTimeout) {
        return MigrationOptions.defaults(member, UUID.randomUUID().toString(), options.release())
                .as(role, adminUrl)
                .timing(options.leaseTtl(), options.pollInterval(), lockTimeout);
    }

    static VertxOptions vertxOptions() {
        return new VertxOptions()
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false));
    }
}
