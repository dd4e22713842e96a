package io.drawbridge.bench;

import io.drawbridge.core.release.GatewayCatalog;
import io.drawbridge.migration.Migration;
import io.drawbridge.migration.postgres.PgStep;
import io.drawbridge.postgres.Database;
import io.drawbridge.postgres.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** An empty database to release 2.5 as a whole process, beside Flyway with the same statements, one script per unit. */
final class BootstrapBench {
    private static final int RUNS = 7;
    /* As our launcher runs a command. */
    private static final List<String> SHORT_LIVED = List.of("-XX:TieredStopAtLevel=1");

    private BootstrapBench() {}

    static void run() throws Exception {
        System.out.println("\n## bootstrap of 2.5, whole process, and again with nothing to do");
        try (PostgresServer server = PostgresServer.temporary()) {
            Path scripts = scripts();
            double[] ours = new double[RUNS];
            double[] flyway = new double[RUNS];
            double[] oursAgain = new double[RUNS];
            double[] flywayAgain = new double[RUNS];
            for (int i = 0; i < RUNS; i++) {
                Database database = server.createDatabase();
                Map<String, String> environment = environment(database);
                ours[i] = Children.timed(Children.drawbridge(environment, "migrations", "bootstrap"));
                oursAgain[i] = Children.timed(Children.drawbridge(environment, "migrations", "up"));
                Database other = server.createDatabase();
                String[] arguments = {
                    other.jdbcUrl() + "?sslmode=disable", other.user(), other.password(), scripts.toString()
                };
                flyway[i] = Children.timed(Children.java(SHORT_LIVED, FlywayMain.class, arguments));
                flywayAgain[i] = Children.timed(Children.java(SHORT_LIVED, FlywayMain.class, arguments));
            }
            System.out.println("  drawbridge migrations bootstrap  " + Children.spread(ours));
            System.out.println("  Flyway, the same statements      " + Children.spread(flyway));
            System.out.printf(
                    "  ratio of medians                 %.2f%n", Children.median(ours) / Children.median(flyway));
            System.out.println("  drawbridge migrations up, again  " + Children.spread(oursAgain));
            System.out.println("  Flyway, again                    " + Children.spread(flywayAgain));
        }
    }

    static Map<String, String> environment(Database database) throws IOException {
        return Map.of(
                "PG_HOST", database.host(),
                "PG_PORT", String.valueOf(database.port()),
                "PG_USER", database.user(),
                "PG_PASSWORD", database.password(),
                "PG_DATABASE", database.database(),
                "PREFIX", Files.createTempDirectory("bench").toString());
    }

    /** Our triggers ask the engine's gate; for Flyway it has to be there, and open to everybody. */
    private static String gateStub() {
        return "CREATE TABLE drawbridge_gate (id integer PRIMARY KEY, state text, active text, target text,"
                + " foreign_writes boolean); INSERT INTO drawbridge_gate VALUES (1, 'STEADY', '2.5', NULL, true)";
    }

    private static Path scripts() throws IOException {
        Path folder = Files.createTempDirectory("flyway");
        Files.writeString(folder.resolve("V1__gate.sql"), gateStub() + ";\n");
        int version = 2;
        for (Migration<PgStep> migration : GatewayCatalog.postgres().migrations()) {
            String sql = String.join(";\n", Plainly.sql(migration));
            if (!sql.isBlank()) {
                String name = "V%d__%s.sql".formatted(version++, migration.id().replaceAll("[^a-z0-9]", "_"));
                Files.writeString(folder.resolve(name), sql + ";\n");
            }
        }
        return folder;
    }
}
