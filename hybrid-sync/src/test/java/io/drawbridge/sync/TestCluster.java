package io.drawbridge.sync;

import static io.drawbridge.sync.Waiting.await;

import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.config.Conflated;
import io.drawbridge.core.config.SequencerOptions;
import io.drawbridge.core.config.SourceOptions;
import io.drawbridge.core.config.postgres.ChangeSequencer;
import io.drawbridge.core.config.postgres.StoreConfigSource;
import io.drawbridge.core.release.GatewayCatalog;
import io.drawbridge.core.release.postgres.KongMirror;
import io.drawbridge.core.store.postgres.PostgresDataPlanes;
import io.drawbridge.migration.MigrationListener;
import io.drawbridge.migration.MigrationOptions;
import io.drawbridge.migration.Migrator;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.UpOptions;
import io.drawbridge.migration.postgres.EngineTables;
import io.drawbridge.migration.postgres.PgStep;
import io.drawbridge.migration.postgres.PostgresMigrationBackend;
import io.drawbridge.migration.postgres.PostgresMigrationOptions;
import io.drawbridge.postgres.Database;
import io.drawbridge.postgres.PostgresServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** A database on a server of its own, and control planes on it, all in this process. */
final class TestCluster implements AutoCloseable {
    final Path certificate;
    final Path key;
    private final PostgresServer server = PostgresServer.temporary();
    private final Database database = server.createDatabase();
    private final Vertx vertx = Vertx.vertx();
    private final List<Node> nodes = new ArrayList<>();

    /** @param release that the database is made by */
    TestCluster(Path folder, Release release) throws Exception {
        certificate = folder.resolve("cluster.crt");
        key = folder.resolve("cluster.key");
        HybridCertificate.make(certificate, key, 10);
        migrate(release, Migrator::bootstrap);
    }

    /** Opens the upgrade to this release, and leaves it open. */
    void up(Release release) {
        migrate(release, migrator -> migrator.up(UpOptions.standard()));
    }

    /** What a node of this release says before it writes. */
    static String writer(Release release) {
        return "SELECT set_config('drawbridge.writer', '" + release + "/test', false)";
    }

    Database database() {
        return database;
    }

    Node node(Release release) {
        Node node = new Node(release);
        nodes.add(node);
        return node;
    }

    private void migrate(Release release, Function<Migrator<PgStep>, Future<?>> work) {
        PostgresMigrationBackend backend = backend(vertx);
        Migrator<PgStep> migrator =
                new Migrator<>(vertx, backend, GatewayCatalog.postgres(), options(release), MigrationListener.NONE);
        await(work.apply(migrator).eventually(backend::close));
    }

    private PostgresMigrationBackend backend(Vertx on) {
        return PostgresMigrationBackend.create(
                on, connect(), EngineTables.standard(), new KongMirror(), PostgresMigrationOptions.defaults());
    }

    private static MigrationOptions options(Release release) {
        return MigrationOptions.defaults(
                        "m-" + UUID.randomUUID(), UUID.randomUUID().toString(), release)
                .timing(Duration.ofSeconds(3), Duration.ofMillis(200), Duration.ofSeconds(20));
    }

    private PgConnectOptions connect() {
        return new PgConnectOptions()
                .setHost(database.host())
                .setPort(database.port())
                .setDatabase(database.database())
                .setUser(database.user())
                .setPassword(database.password());
    }

    @Override
    public void close() {
        nodes.forEach(Node::stop);
        await(vertx.close());
        server.close();
    }

    /** A control plane, with what a node of the product has of it. */
    final class Node {
        private final Vertx own = Vertx.vertx();
        private final PostgresMigrationBackend backend = backend(own);
        private final PostgresDataPlanes table = new PostgresDataPlanes(own, connect());
        private final ChangeSequencer sequencer;
        final ControlPlane plane;
        final StoreConfigSource source;
        private boolean stopped;

        private Node(Release release) {
            plane = new ControlPlane(
                    own,
                    SyncOptions.defaults("127.0.0.1", 0, ClusterTls.shared(certificate, key, List.of()), release),
                    table);
            Conflated conflated = new Conflated(own, plane, (snapshot, failure) -> {});
            source = StoreConfigSource.create(own, connect(), release, SourceOptions.defaults(), conflated::offer);
            sequencer = ChangeSequencer.create(
                    own,
                    connect(),
                    EngineTables.standard(),
                    backend,
                    options(release),
                    SequencerOptions.defaults(),
                    MigrationListener.NONE,
                    revision -> source.hint());
            own.runOnContext(start -> sequencer.start());
            await(source.start());
            await(plane.start());
        }

        ConfigSnapshot latest() {
            return source.latest().orElseThrow();
        }

        int port() {
            return plane.port();
        }

        void stop() {
            if (!stopped) {
                stopped = true;
                await(plane.stop());
                await(source.stop());
                await(sequencer.stop());
                await(table.close());
                await(backend.close());
                await(own.close());
            }
        }
    }
}
