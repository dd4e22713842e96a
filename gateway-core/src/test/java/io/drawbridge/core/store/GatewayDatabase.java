package io.drawbridge.core.store;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.drawbridge.core.release.GatewayCatalog;
import io.drawbridge.core.release.postgres.KongMirror;
import io.drawbridge.core.store.postgres.PostgresEntityStore;
import io.drawbridge.core.store.postgres.PostgresStoreOptions;
import io.drawbridge.migration.FinishOptions;
import io.drawbridge.migration.Gate;
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
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** A database of the release line on a real server, for tests. */
public final class GatewayDatabase implements AutoCloseable {
    public static final Release NEWEST = Release.of(2, 5);
    private static PostgresServer shared;

    private final Vertx vertx = Vertx.vertx();
    private final PostgresServer server;
    private final Database database;
    private final PostgresMigrationBackend backend;

    private GatewayDatabase(PostgresServer server) {
        this.server = server;
        this.database = server.createDatabase();
        this.backend = PostgresMigrationBackend.create(
                vertx, connect(), EngineTables.standard(), new KongMirror(), PostgresMigrationOptions.defaults());
    }

    /** A fresh database of this release on the server that all tests of the JVM share. */
    public static GatewayDatabase at(Release release) {
        return on(shared(), release);
    }

    public static GatewayDatabase on(PostgresServer server, Release release) {
        GatewayDatabase made = new GatewayDatabase(server);
        await(made.migrator(release).bootstrap());
        return made;
    }

    private static synchronized PostgresServer shared() {
        if (shared == null) {
            shared = PostgresServer.temporary();
        }
        return shared;
    }

    public Migrator<PgStep> migrator(Release release) {
        MigrationOptions options = MigrationOptions.defaults(
                        "m-" + release, UUID.randomUUID().toString(), release)
                .timing(Duration.ofSeconds(3), Duration.ofMillis(200), Duration.ofSeconds(20));
        return new Migrator<>(vertx, backend, GatewayCatalog.postgres(), options, MigrationListener.NONE);
    }

    public void up(Release release) {
        await(migrator(release).up(UpOptions.standard()));
    }

    public void finish(Release release) {
        await(migrator(release).finish(FinishOptions.standard("test")));
    }

    public EntityStore store(Release release) {
        return store(release, PostgresStoreOptions.defaults());
    }

    public EntityStore store(Release release, PostgresStoreOptions options) {
        return PostgresEntityStore.create(
                vertx, connect(), EngineTables.standard(), release, "test", Optional::empty, options);
    }

    /** Moves the gate as a person with SQL would. */
    public void gate(Gate gate) {
        database.execute("UPDATE drawbridge_gate SET gate_seq = gate_seq + 1, state = '" + gate.state() + "', active = "
                + literal(gate.active()) + ", target = " + literal(gate.target()));
    }

    private static String literal(Release release) {
        return release == null ? "NULL" : "'" + release + "'";
    }

    public PgConnectOptions connect() {
        return new PgConnectOptions()
                .setHost(database.host())
                .setPort(database.port())
                .setDatabase(database.database())
                .setUser(database.user())
                .setPassword(database.password());
    }

    public Database sql() {
        return database;
    }

    public PostgresMigrationBackend backend() {
        return backend;
    }

    public Vertx vertx() {
        return vertx;
    }

    public static <T> T await(io.vertx.core.Future<T> future) {
        try {
            return future.await(60, SECONDS);
        } catch (java.util.concurrent.TimeoutException late) {
            throw new AssertionError("not done in 60 s", late);
        }
    }

    @Override
    public void close() {
        await(backend.close());
        await(vertx.close());
        server.dropDatabase(database);
    }
}
