package io.drawbridge.migration;

import static io.drawbridge.migration.Waiting.await;

import io.drawbridge.migration.postgres.EngineTables;
import io.drawbridge.migration.postgres.PgStep;
import io.drawbridge.migration.postgres.PostgresMigrationBackend;
import io.drawbridge.migration.postgres.PostgresMigrationOptions;
import io.drawbridge.postgres.Database;
import io.drawbridge.postgres.PostgresServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A real PostgreSQL; each {@link #fresh} database is a new one. The visible effects are rows of one table. */
final class PostgresWorld implements World<PgStep> {
    private final Vertx vertx;
    private final PostgresServer server;
    private final List<MigrationBackend<PgStep>> connections = new ArrayList<>();
    private PgConnectOptions connect;
    private Pool pool;

    PostgresWorld(Vertx vertx, PostgresServer server) {
        this.vertx = vertx;
        this.server = server;
    }

    @Override
    public Vertx vertx() {
        return vertx;
    }

    @Override
    public Duration ttl() {
        return Duration.ofMillis(400);
    }

    @Override
    public void fresh() {
        close();
        Database database = server.createDatabase();
        connect = new PgConnectOptions()
                .setHost(database.host())
                .setPort(database.port())
                .setDatabase(database.database())
                .setUser(database.user())
                .setPassword(database.password());
        pool = PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(4))
                .connectingTo(connect)
                .using(vertx)
                .build();
        await(pool.query("CREATE SCHEMA world; CREATE TABLE world.data (key text PRIMARY KEY, value text NOT NULL)")
                .execute());
    }

    @Override
    public MigrationBackend<PgStep> connect() {
        return connect(connect);
    }

    MigrationBackend<PgStep> connect(PgConnectOptions as) {
        return connect(as, PostgresMigrationOptions.defaults());
    }

    MigrationBackend<PgStep> connect(PgConnectOptions as, PostgresMigrationOptions options) {
        MigrationBackend<PgStep> backend =
                PostgresMigrationBackend.create(vertx, as, EngineTables.standard(), null, options);
        connections.add(backend);
        return backend;
    }

    Pool pool() {
        return pool;
    }

    PgConnectOptions connectOptions() {
        return connect;
    }

    @Override
    public PgStep put(String name, String key, String value) {
        String sql = value == null
                ? "DELETE FROM world.data WHERE key = '" + key + "'"
                : "INSERT INTO world.data VALUES ('" + key + "', '" + value
                        + "') ON CONFLICT (key) DO UPDATE SET value = excluded.value";
        return PgStep.statements(name, "ROW EXCLUSIVE on data", sql);
    }

    @Override
    public PgStep backfill(String name, String key, String value) {
        return new PgStep.Call(
                name,
                connection -> connection
                        .preparedQuery("INSERT INTO world.data VALUES ($1, $2)"
                                + " ON CONFLICT (key) DO UPDATE SET value = excluded.value")
                        .execute(Tuple.of(key, value))
                        .mapEmpty(),
                true,
                "ROW EXCLUSIVE on data");
    }

    @Override
    public PgStep failing(String name) {
        return PgStep.statements(name, "fails", "SELECT 1 / 0");
    }

    @Override
    public PgStep keysBeginning(String prefix) {
        return new PgStep.Query(prefix, "SELECT key FROM world.data WHERE key LIKE '" + prefix + "%'");
    }

    @Override
    public void plant(String key, String value) {
        await(
                value == null
                        ? pool.preparedQuery("DELETE FROM world.data WHERE key = $1")
                                .execute(Tuple.of(key))
                        : pool.preparedQuery("INSERT INTO world.data VALUES ($1, $2)")
                                .execute(Tuple.of(key, value)));
    }

    @Override
    public Future<Map<String, String>> data() {
        return pool.query("SELECT key, value FROM world.data").execute().map(rows -> {
            Map<String, String> data = new TreeMap<>();
            rows.forEach(row -> data.put(row.getString("key"), row.getString("value")));
            return data;
        });
    }

    @Override
    public void close() {
        connections.forEach(each -> await(each.close()));
        connections.clear();
        if (pool != null) {
            await(pool.close());
        }
    }
}
