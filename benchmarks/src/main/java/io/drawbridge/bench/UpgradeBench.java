package io.drawbridge.bench;

import io.drawbridge.migration.FinishOptions;
import io.drawbridge.migration.Futures;
import io.drawbridge.migration.Migrator;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.UpOptions;
import io.drawbridge.migration.postgres.PgStep;
import io.drawbridge.postgres.Database;
import io.drawbridge.postgres.PostgresServer;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * 1.5 to 2.1 on a large database while the old release works on it: how long its statements stall, against the same change
 * in one transaction.
 */
final class UpgradeBench {
    private static final Release OLD = Release.of(1, 5);
    private static final Release NEW = Release.of(2, 1);

    private UpgradeBench() {}

    static void run(Vertx vertx, int rows, int plugins) throws Exception {
        System.out.printf(
                "%n## upgrade 1.5 -> 2.1: %,d consumers, %,d credentials, %,d plugins; 4 connections at work%n",
                rows, rows, plugins);
        try (PostgresServer server = PostgresServer.temporary()) {
            Database template = server.createDatabase("bench_template");
            Seed.oneFive(vertx, template, rows, plugins);
            vertx.close().await(30, TimeUnit.SECONDS);
            Vertx again = Vertx.vertx();
            Database ours = copy(server, "bench_ours");
            Database plain = copy(server, "bench_plain");
            drawbridge(again, ours, rows);
            plain(again, plain, rows);
            again.close().await(30, TimeUnit.SECONDS);
        }
    }

    private static Database copy(PostgresServer server, String name) {
        server.administrator().execute("CREATE DATABASE " + name + " TEMPLATE bench_template");
        return server.administrator().named(name);
    }

    private static void drawbridge(Vertx vertx, Database database, int rows) throws Exception {
        Load load = new Load(database, rows, "before");
        TimeUnit.SECONDS.sleep(5);
        Migrator<PgStep> migrator = Seed.migrator(vertx, database, NEW);
        load.phase("up");
        long start = System.nanoTime();
        Waiting.on(migrator.up(UpOptions.standard()));
        double up = seconds(start);
        load.phase("open");
        TimeUnit.SECONDS.sleep(5);
        load.phase("finish");
        start = System.nanoTime();
        Waiting.on(migrator.finish(FinishOptions.standard("bench")));
        double finish = seconds(start);
        load.phase("after");
        TimeUnit.SECONDS.sleep(1);
        load.stop();
        System.out.printf("Drawbridge: up %.1f s, finish %.1f s%n", up, finish);
        System.out.println(line(load, "before", List.of("all", "lookup", "upsert")));
        System.out.println(line(load, "up", List.of("all", "lookup", "upsert")));
        System.out.println(line(load, "open", List.of("all", "lookup", "upsert")));
        System.out.println(line(load, "finish", List.of("all")));
        System.out.println("  refused before finish: "
                + load.errors().stream()
                        .filter(error -> !error.startsWith("finish") && !error.startsWith("after"))
                        .count());
    }

    private static String line(Load load, String phase, List<String> kinds) {
        StringBuilder line = new StringBuilder("  %-7s".formatted(phase));
        for (String kind : kinds) {
            Latencies times = load.of(phase, kind);
            line.append("  %s n=%d p50=%.2f p99=%.1f max=%.0f ms"
                    .formatted(kind, times.count(), times.percentile(0.5), times.percentile(0.99), times.max()));
        }
        return line.toString();
    }

    /** Every statement of the same units, indexes and constraints built plainly, in one transaction. */
    private static void plain(Vertx vertx, Database database, int rows) throws Exception {
        List<String> statements = Plainly.between(OLD, NEW).stream()
                .flatMap(migration -> Plainly.sql(migration).stream())
                .filter(sql -> !sql.isEmpty())
                .toList();
        Load load = new Load(database, rows, "before");
        TimeUnit.SECONDS.sleep(5);
        load.phase("change");
        long start = System.nanoTime();
        PgConnection connection = Waiting.on(PgConnection.connect(vertx, Seed.connect(database)));
        Waiting.on(connection
                .query("BEGIN; SELECT set_config('drawbridge.writer', 'migration/0', true)")
                .execute()
                .compose(begun -> Futures.forEach(
                        statements, sql -> connection.query(sql).execute().mapEmpty()))
                .compose(done -> connection.query("COMMIT").execute()));
        double took = seconds(start);
        load.phase("after");
        TimeUnit.SECONDS.sleep(1);
        load.stop();
        Waiting.on(connection.close());
        System.out.printf("the same in one transaction: %.1f s%n", took);
        System.out.println(line(load, "before", List.of("all")));
        System.out.println(line(load, "change", List.of("all", "lookup")));
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
