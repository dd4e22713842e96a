package io.drawbridge.bench;

import io.drawbridge.postgres.Database;
import io.drawbridge.postgres.PostgresServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a create costs: over HTTP as it is, and over HTTP on a database without our triggers; and the same transaction at
 * the database with and without the gate's row lock. With fsync, and once more with commits 3 ms slower.
 */
final class WritesBench {
    private static final int SECONDS = 4;
    private static final int ROUNDS = 3;
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private WritesBench() {}

    static void run(Vertx vertx) throws Exception {
        for (Map<String, String> settings :
                List.of(Map.<String, String>of(), Map.of("commit_delay", "3000", "commit_siblings", "0"))) {
            System.out.printf(
                    "%n## create of a service, fsync on%s; %d rounds of %d s, medians%n",
                    settings.isEmpty() ? "" : ", commits 3 ms slower", ROUNDS, SECONDS);
            try (PostgresServer server = PostgresServer.temporary(settings)) {
                http(server);
                database(vertx, server);
            }
        }
    }

    private static void http(PostgresServer server) throws Exception {
        Database database = server.createDatabase();
        Map<String, String> environment = new HashMap<>(BootstrapBench.environment(database));
        Children.timed(Children.drawbridge(environment, "migrations", "bootstrap"));
        int port = ReadyBench.freePort();
        environment.put("ADMIN_LISTEN", "127.0.0.1:" + port);
        environment.put("LOG_LEVEL", "warn");
        Process node = Children.drawbridge(environment, "start").start();
        try {
            HttpClient client = HttpClient.newHttpClient();
            while (status(client, port, "warm") != 201) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
            load(client, port, 16);
            for (int connections : new int[] {1, 16}) {
                double[] with = new double[ROUNDS];
                double[] without = new double[ROUNDS];
                double[] p99 = new double[ROUNDS];
                for (int i = 0; i < ROUNDS; i++) {
                    triggers(database, "ENABLE ALWAYS");
                    Latencies latencies = load(client, port, connections);
                    with[i] = latencies.count() / (double) SECONDS;
                    p99[i] = latencies.percentile(0.99);
                    triggers(database, "DISABLE");
                    without[i] = load(client, port, connections).count() / (double) SECONDS;
                }
                triggers(database, "ENABLE ALWAYS");
                System.out.printf(
                        "  HTTP, %2d connections: %,.0f/s, p99 %.1f ms; without our triggers %,.0f/s: ratio %.2f%n",
                        connections,
                        Children.median(with),
                        Children.median(p99),
                        Children.median(without),
                        Children.median(with) / Children.median(without));
            }
        } finally {
            node.destroy();
            node.waitFor();
        }
    }

    private static void triggers(Database database, String how) {
        List<String> statements = new ArrayList<>();
        for (String name : database.query("SELECT tgname FROM pg_trigger WHERE tgrelid = 'services'::regclass"
                + " AND tgname LIKE 'drawbridge%'")) {
            statements.add("ALTER TABLE services " + how + " TRIGGER " + name);
        }
        database.execute(statements.toArray(String[]::new));
    }

    private static Latencies load(HttpClient client, int port, int connections) throws InterruptedException {
        Latencies latencies = new Latencies();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            Thread thread = new Thread(() -> {
                while (System.nanoTime() < end) {
                    long start = System.nanoTime();
                    try {
                        if (status(client, port, "s" + NUMBER.incrementAndGet()) == 201) {
                            latencies.add(System.nanoTime() - start);
                        }
                    } catch (IOException | InterruptedException failure) {
                        throw new IllegalStateException(failure);
                    }
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return latencies;
    }

    private static int status(HttpClient client, int port, String name) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/services"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"" + name + "\",\"host\":\"example.com\"}"))
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (java.net.ConnectException notYet) {
            return 0;
        }
    }

    /** The store's transaction, its statements sent together, with and without the gate's row lock. */
    private static void database(Vertx vertx, PostgresServer server) {
        Database database = server.createDatabase();
        Waiting.on(Seed.migrator(vertx, database, io.drawbridge.migration.Release.of(2, 5))
                .bootstrap());
        for (int connections : new int[] {1, 16}) {
            double[] with = new double[ROUNDS];
            double[] without = new double[ROUNDS];
            for (int i = 0; i < ROUNDS; i++) {
                with[i] = transactions(vertx, database, connections, "SELECT state FROM drawbridge_gate FOR KEY SHARE");
                without[i] = transactions(vertx, database, connections, null);
            }
            double cost = 1e3 * connections / Children.median(with) - 1e3 * connections / Children.median(without);
            System.out.printf(
                    "  database, %2d connections: %,.0f/s; without the gate's lock %,.0f/s: ratio %.2f, %.3f ms each%n",
                    connections,
                    Children.median(with),
                    Children.median(without),
                    Children.median(with) / Children.median(without),
                    cost);
        }
    }

    private static double transactions(Vertx vertx, Database database, int connections, String gate) {
        AtomicInteger done = new AtomicInteger();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            PgConnection connection = Waiting.on(
                    PgConnection.connect(vertx, Seed.connect(database).setCachePreparedStatements(true)));
            all.add(io.drawbridge.migration.Futures.<Boolean>loop(vertx, () -> {
                        connection
                                .query("BEGIN; SET LOCAL drawbridge.writer = '2.5/bench'")
                                .execute();
                        if (gate != null) {
                            connection.preparedQuery(gate).execute();
                        }
                        connection
                                .preparedQuery(
                                        "INSERT INTO services (id, name, host) VALUES (gen_random_uuid(), $1, 'h')")
                                .execute(io.vertx.sqlclient.Tuple.of("b" + NUMBER.incrementAndGet()));
                        return connection.query("COMMIT").execute().map(committed -> {
                            done.incrementAndGet();
                            return System.nanoTime() < end ? null : Boolean.TRUE;
                        });
                    })
                    .eventually(connection::close));
        }
        Waiting.on(Future.all(new ArrayList<>(all)));
        return done.get() / (double) SECONDS;
    }
}
