package io.drawbridge.bench;

import io.drawbridge.core.release.GatewayCatalog;
import io.drawbridge.core.release.postgres.KongMirror;
import io.drawbridge.migration.MigrationListener;
import io.drawbridge.migration.MigrationOptions;
import io.drawbridge.migration.Migrator;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.postgres.EngineTables;
import io.drawbridge.migration.postgres.PgStep;
import io.drawbridge.migration.postgres.PostgresMigrationBackend;
import io.drawbridge.migration.postgres.PostgresMigrationOptions;
import io.drawbridge.postgres.Database;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.UUID;

/** Databases to measure on. */
final class Seed {
    private Seed() {}

    /** What {@code md5(kind || row)::uuid} is in the database. */
    static String id(String kind, int row) {
        try {
            byte[] digest = MessageDigest.getInstance("MD5").digest((kind + row).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static PgConnectOptions connect(Database database) {
        return new PgConnectOptions()
                .setHost(database.host())
                .setPort(database.port())
                .setDatabase(database.database())
                .setUser(database.user())
                .setPassword(database.password());
    }

    static Migrator<PgStep> migrator(Vertx vertx, Database database, Release release) {
        MigrationOptions options = MigrationOptions.defaults(
                        "bench-" + release, UUID.randomUUID().toString(), release)
                .timing(Duration.ofSeconds(3), Duration.ofMillis(200), Duration.ofMinutes(30));
        return new Migrator<>(
                vertx,
                PostgresMigrationBackend.create(
                        vertx,
                        connect(database),
                        EngineTables.standard(),
                        new KongMirror(),
                        PostgresMigrationOptions.defaults()),
                GatewayCatalog.postgres(),
                options,
                MigrationListener.NONE);
    }

    /** A database of release 1.5: {@code rows} consumers and key-auth credentials each, and plugins. */
    static void oneFive(Vertx vertx, Database database, int rows, int plugins) {
        Waiting.on(migrator(vertx, database, Release.of(1, 5)).bootstrap());
        String id = "md5('%s' || n)::uuid";
        database.execute(
                "SELECT set_config('drawbridge.writer', '1.5/seed', false)",
                "INSERT INTO consumers (id, username) SELECT " + id.formatted("consumer")
                        + ", 'user-' || n FROM generate_series(1, " + rows + ") n",
                "INSERT INTO keyauth_credentials (id, consumer_id, key) SELECT " + id.formatted("key") + ", "
                        + id.formatted("consumer") + ", 'key-' || n FROM generate_series(1, " + rows + ") n",
                "INSERT INTO plugins (id, name, consumer_id, config, enabled, cache_key) SELECT "
                        + id.formatted("plugin")
                        + ", 'rate-limiting', " + id.formatted("consumer")
                        + ", '{\"minute\": 5}', true, 'plugins:rate-limiting:::' || " + id.formatted("consumer")
                        + " || ':' FROM generate_series(1, " + plugins + ") n",
                "ANALYZE consumers",
                "ANALYZE keyauth_credentials",
                "ANALYZE plugins");
    }
}
