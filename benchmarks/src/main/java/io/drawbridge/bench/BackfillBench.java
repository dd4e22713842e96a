package io.drawbridge.bench;

import io.drawbridge.migration.Catalog;
import io.drawbridge.migration.Migration;
import io.drawbridge.migration.MigrationListener;
import io.drawbridge.migration.MigrationOptions;
import io.drawbridge.migration.Migrator;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.postgres.EngineTables;
import io.drawbridge.migration.postgres.PgStep;
import io.drawbridge.migration.postgres.PostgresMigrationBackend;
import io.drawbridge.migration.postgres.PostgresMigrationOptions;
import io.drawbridge.postgres.Database;
import io.drawbridge.postgres.PostgresServer;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** Every row of a large table converted: a backfill step as the engine runs it, beside a bare UPDATE in batches. */
final class BackfillBench {
    private static final int BATCH = 5000;
    private static final Release RELEASE = Release.of(1, 0);
    private static final String SET = "b = upper(a)";

    private BackfillBench() {}

    static void run(Vertx vertx, int rows, int runs) throws Exception {
        System.out.printf("%n## backfill of %,d rows, quiet database; rows/s%n", rows);
        double[] ours = new double[runs];
        double[] unthrottled = new double[runs];
        double[] bare = new double[runs];
        try (PostgresServer server = PostgresServer.temporary()) {
            for (int i = 0; i < runs; i++) {
                PostgresMigrationOptions usual = PostgresMigrationOptions.defaults();
                ours[i] = rows / engine(vertx, table(server, rows), usual);
                unthrottled[i] = rows
                        / engine(vertx, table(server, rows), usual.batches(usual.batchTarget(), usual.batchMax(), 0));
                bare[i] = rows / bare(table(server, rows));
                System.out.printf("  run %d: %,.0f, %,.0f, %,.0f%n", i + 1, ours[i], unthrottled[i], bare[i]);
            }
        }
        System.out.printf("  the engine, as it is          %,.0f/s%n", Children.median(ours));
        System.out.printf("  the engine, no throttle       %,.0f/s%n", Children.median(unthrottled));
        System.out.printf("  bare UPDATE, %,d at a time   %,.0f/s%n", BATCH, Children.median(bare));
        System.out.printf(
                "  ratios of medians             %.2f, %.2f%n",
                Children.median(ours) / Children.median(bare), Children.median(unthrottled) / Children.median(bare));
    }

    private static Database table(PostgresServer server, int rows) {
        Database database = server.createDatabase();
        database.execute(
                "CREATE TABLE things (id uuid PRIMARY KEY, a text, b text)",
                "INSERT INTO things SELECT md5(n::text)::uuid, 'value ' || n FROM generate_series(1, " + rows + ") n",
                "VACUUM ANALYZE things",
                "CHECKPOINT");
        return database;
    }

    private static double engine(Vertx vertx, Database database, PostgresMigrationOptions options) {
        PgStep backfill = new PgStep.Backfill("convert", "things", "id", "uuid", "b IS NULL", SET, false);
        Catalog<PgStep> catalog = new Catalog<>(
                List.of(RELEASE),
                List.of(Migration.expandOnly("bench", "000_b", RELEASE, List.of(backfill), List.of())),
                List.of());
        PostgresMigrationBackend backend =
                PostgresMigrationBackend.create(vertx, Seed.connect(database), EngineTables.standard(), null, options);
        Migrator<PgStep> migrator = new Migrator<>(
                vertx,
                backend,
                catalog,
                MigrationOptions.defaults("bench", UUID.randomUUID().toString(), RELEASE)
                        .timing(Duration.ofSeconds(3), Duration.ofMillis(200), Duration.ofMinutes(30)),
                MigrationListener.NONE);
        long start = System.nanoTime();
        Waiting.on(migrator.bootstrap());
        double took = (System.nanoTime() - start) / 1e9;
        Waiting.on(backend.close());
        return took;
    }

    private static double bare(Database database) throws SQLException {
        long start = System.nanoTime();
        try (Connection connection = database.connect();
                PreparedStatement end = connection.prepareStatement(
                        "SELECT id FROM things WHERE id > ? ORDER BY id OFFSET " + (BATCH - 1) + " LIMIT 1");
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE things SET " + SET + " WHERE b IS NULL AND id > ? AND id <= ?")) {
            Object last = new UUID(0, 0);
            Object all = UUID.fromString("ffffffff-ffff-ffff-ffff-ffffffffffff");
            while (!last.equals(all)) {
                end.setObject(1, last);
                Object to;
                try (ResultSet result = end.executeQuery()) {
                    to = result.next() ? result.getObject(1) : all;
                }
                update.setObject(1, last);
                update.setObject(2, to);
                update.executeUpdate();
                last = to;
            }
        }
        return (System.nanoTime() - start) / 1e9;
    }
}
