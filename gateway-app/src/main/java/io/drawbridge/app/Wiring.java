package io.drawbridge.app;

import io.drawbridge.admin.AdminOptions;
import io.drawbridge.admin.AdminServer;
import io.drawbridge.admin.AdminToken;
import io.drawbridge.admin.NodeDescription;
import io.drawbridge.app.options.DatabaseOptions;
import io.drawbridge.app.options.GatewayOptions;
import io.drawbridge.app.options.ListenAddress;
import io.drawbridge.app.postgres.Connections;
import io.drawbridge.core.config.SequencerOptions;
import io.drawbridge.core.config.postgres.ChangeSequencer;
import io.drawbridge.core.metrics.GatewayMetrics;
import io.drawbridge.core.metrics.MeteredEntityStore;
import io.drawbridge.core.node.Node;
import io.drawbridge.core.node.NodeOptions;
import io.drawbridge.core.release.BundledPlugins;
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
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;

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
        String member = member(options);
        NodeFile file =
                NodeFile.claim(options.prefix(), member, options.release().toString(), adminUrl(options));
        ListenAddress.requireFree(options.adminListen());
        List<AdminOptions> listeners = options.adminListen().stream()
                .map(address -> admin(options, address))
                .toList();
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Vertx vertx = Vertx.builder()
                .with(vertxOptions().setMetricsOptions(new MicrometerMetricsOptions().setEnabled(true)))
                .withMetrics(new MicrometerMetricsFactory(registry))
                .build();
        MigrationOptions migration = migration(options, member, "traditional", adminUrl(options), LEADER_PATIENCE);
        Cluster cluster = cluster(options, vertx, migration, member, Optional.empty());
        Membership membership = new Membership(vertx, cluster.backend(), migration);
        AtomicReference<MigrationWatch> eye = new AtomicReference<>();
        GatewayMetrics meters = new GatewayMetrics(
                registry,
                options.release(),
                () -> Optional.ofNullable(eye.get()).flatMap(MigrationWatch::latest));
        AtomicReference<AdminDoors> doors = new AtomicReference<>();
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
                    doors.set(doors(cluster, listeners, membership, watch, registry, meters));
                    return doors.get();
                });
        return new NodeProcess(
                cluster, node, vertx.getOrCreateContext(), () -> doors.get().urls(), file);
    }

    /* Nodes of one prefix differ by where they listen; one that takes any free port has nothing to be known by. */
    private static String member(GatewayOptions options) {
        if (!options.nodeId().isEmpty()) {
            return options.nodeId();
        }
        Optional<ListenAddress> first = options.adminListen().stream().findFirst();
        return first.isPresent() && first.get().port() == 0
                ? UUID.randomUUID().toString()
                : NodeFile.memberId(
                        options.prefix(), first.map(ListenAddress::toString).orElse("off"));
    }

    private static AdminDoors doors(
            Cluster cluster,
            List<AdminOptions> listeners,
            Membership membership,
            MigrationWatch watch,
            PrometheusMeterRegistry registry,
            GatewayMetrics meters) {
        GatewayOptions options = cluster.options();
        ChangeSequencer sequencer = ChangeSequencer.create(
                cluster.vertx(),
                Connections.admin(options.database()),
                TABLES,
                cluster.backend(),
                cluster.migration(),
                SequencerOptions.defaults(),
                meters,
                meters::numbered);
        Duration answer = options.database().timeout().plus(ANSWER_SLACK);
        EntityStore store =
                new MeteredEntityStore(store(cluster, watch::wentBack, answer), meters, written -> sequencer.hint());
        List<AdminServer> servers = listeners.stream()
                .map(listener -> new AdminServer(
                        cluster.vertx(),
                        listener,
                        description(cluster),
                        new io.drawbridge.admin.Cluster(options.release(), watch::latest, membership::members),
                        store,
                        cluster.migrator(meters),
                        registry::scrape,
                        meters::adminRequest))
                .toList();
        return new AdminDoors(options.adminListen(), servers, store, sequencer);
    }

    private static AdminOptions admin(GatewayOptions options, ListenAddress address) {
        return AdminOptions.defaults()
                .listen(address.host(), address.port())
                .reporting(options.reportedVersion())
                .guarded(options.adminFiles()
                        .token()
                        .map(TokenFile::read)
                        .map(AdminToken::of)
                        .orElse(null))
                .over(address.tls() ? AdminCertificate.of(options.prefix(), options.adminFiles()) : null)
                .timing(options.drainTimeout(), options.leaseTtl());
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

    private static NodeDescription description(Cluster cluster) {
        Map<String, Object> settings = new TreeMap<>(cluster.options().settings());
        /* What clients of Kong ask for; an embedded server is PostgreSQL to them. */
        settings.put("database", "postgres");
        settings.put("router_flavor", "traditional");
        return new NodeDescription(
                cluster.migration().member(),
                hostname(),
                settings,
                List.copyOf(new TreeSet<>(BundledPlugins.of(cluster.options().release()))));
    }

    private static String hostname() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "localhost";
        }
    }

    private static String adminUrl(GatewayOptions options) {
        if (!options.adminAdvertise().isEmpty()) {
            return options.adminAdvertise();
        }
        /* Whoever asks for it need not know our certificate. */
        return Stream.concat(
                        options.adminListen().stream().filter(address -> !address.tls()),
                        options.adminListen().stream())
                .findFirst()
                .map(address -> address.everywhere() ? address.at(hostname()).url() : address.url())
                .orElse("");
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
