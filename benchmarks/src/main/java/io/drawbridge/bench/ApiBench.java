package io.drawbridge.bench;

import io.drawbridge.postgres.Database;
import io.drawbridge.postgres.PostgresServer;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** The Admin API of a whole node with thousands of entities: one at a time, and all in one call. */
final class ApiBench {
    private static final int SECONDS = 5;
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private ApiBench() {}

    static void run(int services) throws Exception {
        System.out.printf(
                "%n## the Admin API with %,d services, routes and plugins each; %d s each%n", services, SECONDS);
        try (PostgresServer server = PostgresServer.temporary()) {
            Database database = server.createDatabase();
            Map<String, String> environment = new HashMap<>(BootstrapBench.environment(database));
            Children.timed(Children.drawbridge(environment, "migrations", "bootstrap"));
            int port = ReadyBench.freePort();
            environment.put("ADMIN_LISTEN", "127.0.0.1:" + port);
            environment.put("LOG_LEVEL", "warn");
            Process node = Children.drawbridge(environment, "start").start();
            try {
                AdminClient.ready(port);
                double single = singly(port);
                double bulk = bulk(port, services);
                System.out.printf("  in one call             %,.0f entities/s%n", bulk);
                System.out.printf("  single POSTs, 16 at once %,.0f entities/s: ratio %.1f%n", single, bulk / single);
                measure(port, "get by id", client -> client.request("GET", "/services/" + id(any(services)), "", 200));
                measure(port, "get by name", client -> client.request("GET", "/services/s" + any(services), "", 200));
                measure(port, "list of 100", client -> client.request("GET", "/services", "", 200));
                measure(port, "create", client -> client.create("more" + NUMBER.incrementAndGet()));
            } finally {
                node.destroy();
                node.waitFor();
            }
        }
    }

    private static int any(int services) {
        return ThreadLocalRandom.current().nextInt(services);
    }

    private static String id(int number) {
        return new UUID(1, number).toString();
    }

    private static double singly(int port) throws InterruptedException {
        Latencies created =
                AdminClient.load(port, 16, SECONDS, client -> client.create("single" + NUMBER.incrementAndGet()));
        return created.count() / (double) SECONDS;
    }

    /** The whole configuration as one document. */
    private static double bulk(int port, int services) throws IOException {
        StringBuilder document = new StringBuilder("{\"_format_version\":\"2.1\",\"services\":[");
        for (int i = 0; i < services; i++) {
            document.append(i == 0 ? "" : ",")
                    .append("{\"id\":\"")
                    .append(id(i))
                    .append("\",\"name\":\"s")
                    .append(i)
                    .append("\",\"host\":\"example.com\",\"routes\":[{\"name\":\"r")
                    .append(i)
                    .append("\",\"paths\":[\"/")
                    .append(i)
                    .append("\"]}],\"plugins\":[{\"name\":\"key-auth\"}]}");
        }
        document.append("]}");
        try (AdminClient client = new AdminClient(port)) {
            long start = System.nanoTime();
            client.request("POST", "/config/apply", document.toString(), 200);
            return 3 * services / ((System.nanoTime() - start) / 1e9);
        }
    }

    private static void measure(int port, String what, AdminClient.Call call) throws InterruptedException {
        AdminClient.load(port, 16, SECONDS, call);
        StringBuilder line = new StringBuilder("  %-12s".formatted(what));
        for (int connections : new int[] {1, 16}) {
            Latencies times = AdminClient.load(port, connections, SECONDS, call);
            line.append("  %2d connections: %,7.0f/s, p99 %5.1f ms"
                    .formatted(connections, times.count() / (double) SECONDS, times.percentile(0.99)));
        }
        System.out.println(line);
    }
}
