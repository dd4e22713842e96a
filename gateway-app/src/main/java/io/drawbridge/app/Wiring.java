package io.drawbridge.app;

import io.drawbridge.app.options.DatabaseOptions;
import io.drawbridge.app.options.GatewayOptions;
import io.drawbridge.app.options.ListenAddress;
import io.drawbridge.app.postgres.Connections;
import io.drawbridge.core.node.Node;
import io.drawbridge.core.node.NodeOptions;
import io.drawbridge.core.release.GatewayCatalog;
import io.drawbridge.core.release.postgres.KongMirror;
import io.drawbridge.migration.Catalog;
import io.drawbridge.migration.Membership;
import io.drawbridge.migration.MigrationBackend;
import io.drawbridge.migration.MigrationListener;
import io.drawbridge.migration.MigrationOptions;
import io.drawbridge.migration.postgres.EngineTables;
import io.drawbridge.migration.postgres.PgStep;
import io.drawbridge.migration.postgres.PostgresMigrationBackend;
import io.drawbridge.migration.postgres.PostgresMigrationOptions;
import io.drawbridge.postgres.Database;
import io.drawbridge.postgres.EmbeddedPostgres;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** The only place that constructs the components of a process and connects them. */
public final class Wiring {
    static final EngineTables TABLES = EngineTables.standard();

    /* What a node's own finish, asked over HTTP, waits for another leader. */
    private static final Duration LEADER_PATIENCE = Duration.ofSeconds(60);
    private static final Duration RETRY_MAX = Duration.ofSeconds(30);

    private Wiring() {}

    /**
     * For a command: joins or starts the database, and is nobody among the members.
     *
     * @param lockTimeout how long it waits for another leader
     */
    public static Cluster command(GatewayOptions options, Duration lockTimeout) {
        String name = "cli-" + ProcessHandle.current().pid();
        MigrationOptions migration = migration(options, name, "cli", "", lockTimeout);
        return cluster(options, Vertx.vertx(vertxOptions()), migration, name);
    }

    /**
     * A node with everything it needs, not started yet.
     *
     * @param listener hears what the engine does while the node starts
     */
    public static NodeProcess node(GatewayOptions options, MigrationListener listener) {
        String address = options.adminListen().stream()
                .findFirst()
                .map(ListenAddress::toString)
                .orElse("off");
        String member = options.nodeId().isEmpty() ? NodeFile.memberId(options.prefix(), address) : options.nodeId();
        Vertx vertx = Vertx.vertx(vertxOptions());
        MigrationOptions migration = migration(options, member, "traditional", adminUrl(options), LEADER_PATIENCE);
        Cluster cluster = cluster(options, vertx, migration, member);
        Membership membership = new Membership(vertx, cluster.backend(), migration);
        AdminDoors doors = new AdminDoors();
        Node node = new Node(
                vertx,
                cluster.backend(),
                cluster.migrator(listener),
                cluster.migrator(MigrationListener.NONE),
                membership,
                migration,
                new NodeOptions(
                        member,
                        options.release(),
                        NodeOptions.Start.valueOf(options.startMode().name()),
                        options.autoFinish(),
                        options.pollInterval(),
                        RETRY_MAX),
                doors);
        NodeFile file = NodeFile.ofThisProcess(member, options.release().toString(), adminUrl(options));
        return new NodeProcess(cluster, node, vertx.getOrCreateContext(), doors::urls, file);
    }

    private static String adminUrl(GatewayOptions options) {
        if (!options.adminAdvertise().isEmpty()) {
            return options.adminAdvertise();
        }
        return options.adminListen().stream()
                .findFirst()
                .map(ListenAddress::url)
                .orElse("");
    }

    static Cluster cluster(GatewayOptions options, Vertx vertx, MigrationOptions migration, String label) {
        EmbeddedPostgres.Lease server = null;
        GatewayOptions found = options;
        if (options.database().embedded()) {
            server = new EmbeddedPostgres(options.prefix()).join(label);
            Database database = server.database();
            found = options.with(options.database()
                    .at(database.host(), database.port(), database.database(), database.user(), database.password()));
        }
        return new Cluster(found, vertx, backend(found, vertx), migration, server);
    }

    private static MigrationBackend<PgStep> backend(GatewayOptions options, Vertx vertx) {
        DatabaseOptions database = options.database();
        KongMirror mirror = new KongMirror();
        PostgresMigrationOptions bounds = PostgresMigrationOptions.defaults()
                .lockWait(options.stepLockTimeout(), options.stepLockWait())
                .idleInTransaction(options.leaseTtl())
                .creating(List.copyOf(mirror.relations()));
        bounds = bounds.batches(options.backfillBatch(), bounds.batchMax(), bounds.throttle());
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
