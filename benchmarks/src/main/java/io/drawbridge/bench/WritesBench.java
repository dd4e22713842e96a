package io.drawbridge.bench;

import io.drawbridge.postgres.Database;
import io.drawbridge.postgres.PostgresServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a create costs: over HTTP as it is and on a database without our triggers; over HTTP with and without the gate; and
 * the same transaction at the database with and without the gate's row lock. With fsync, and once more with commits 3 ms
 * slower.
 */
final class WritesBench {
    private static final int SECONDS = 4;
    private static final int ROUNDS = 5;
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
                gate(server);
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
        environment.put("PROXY_LISTEN", "off");
        environment.put("LOG_LEVEL", "warn");
        Process node = Children.drawbridge(environment, "start").start();
        try {
            AdminClient.ready(port);
            load(port, 16);
            for (int connections : new int[] {1, 16}) {
                double[] with = new double[ROUNDS];
                double[] without = new double[ROUNDS];
                double[] p99 = new double[ROUNDS];
                for (int i = 0; i < ROUNDS; i++) {
                    triggers(database, "drawbridge%", "ENABLE ALWAYS");
                    Latencies latencies = load(port, connections);
                    with[i] = latencies.count() / (double) SECONDS;
                    p99[i] = latencies.percentile(0.99);
                    triggers(database, "drawbridge%", "DISABLE");
                    without[i] = load(port, connections).count() / (double) SECONDS;
                }
                triggers(database, "drawbridge%", "ENABLE ALWAYS");
                System.out.printf(
                        "  a node, %2d connections: %,.0f/s, p99 %.1f ms; without our triggers %,.0f/s: ratio %.2f%n",
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

    /** Two servers on one database: the product's, and one whose store and database do not ask the gate. */
    private static void gate(PostgresServer server) throws Exception {
        Database database = server.createDatabase();
        Map<String, String> environment = new HashMap<>(BootstrapBench.environment(database));
        Children.timed(Children.drawbridge(environment, "migrations", "bootstrap"));
        int gated = ReadyBench.freePort();
        int ungated = ReadyBench.freePort();
        Process one = AdminNode.process(gated, true, database).start();
        Process other = AdminNode.process(ungated, false, database).start();
        try {
            for (int port : new int[] {gated, ungated}) {
                AdminClient.ready(port);
                load(port, 16);
            }
            for (int connections : new int[] {1, 16}) {
                double[] with = new double[ROUNDS];
                double[] without = new double[ROUNDS];
                for (int i = 0; i < ROUNDS; i++) {
                    triggers(database, "drawbridge_gate", "ENABLE ALWAYS");
                    with[i] = load(gated, connections).percentile(0.5);
                    triggers(database, "drawbridge_gate", "DISABLE");
                    without[i] = load(ungated, connections).percentile(0.5);
                }
                System.out.printf(
                        "  the gate, %2d connections: p50 %.3f ms; without the gate %.3f ms: cost %.1f %%%n",
                        connections,
                        Children.median(with),
                        Children.median(without),
                        100 * (Children.median(with) / Children.median(without) - 1));
            }
        } finally {
            one.destroy();
            other.destroy();
            one.waitFor();
            other.waitFor();
        }
    }

    private static void triggers(Database database, String like, String how) {
        List<String> statements = new ArrayList<>();
        for (String name : database.query("SELECT tgname FROM pg_trigger WHERE tgrelid = 'services'::regclass"
                + " AND tgname LIKE '" + like + "'")) {
            statements.add("ALTER TABLE services " + how + " TRIGGER " + name);
        }
        database.execute(statements.toArray(String[]::new));
    }

    private static Latencies load(int port, int connections) throws InterruptedException {
        return AdminClient.load(port, connections, SECONDS, client -> client.create("s" + NUMBER.incrementAndGet()));
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
                    "  database alone, %2d connections: %,.0f/s; without the gate's lock %,.0f/s: ratio %.2f, %.3f ms each%n",
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
