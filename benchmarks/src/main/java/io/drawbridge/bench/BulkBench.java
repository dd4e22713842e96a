package io.drawbridge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A whole configuration in one call, beside the same by single calls and by decK; and what memory it takes. */
final class BulkBench {
    private static final int ROUNDS = 3;
    private static final String EMPTY = "{\"_format_version\":\"1.1\"}";

    private BulkBench() {}

    /** @param deck decK's binary; empty: it is left out */
    static void run(int services, String deck) throws Exception {
        System.out.printf(
                "%n## %,d services, %,d routes and %,d plugins in one call, median of %d rounds%n",
                services, services, services, ROUNDS);
        try (WholeNode node = new WholeNode("")) {
            double bulk = bulk(node.port(), services);
            line("single calls, 1 connection", services, single(node.port(), services, 1), bulk);
            line("single calls, 16 connections", services, single(node.port(), services, 16), bulk);
            if (!deck.isEmpty()) {
                deck(node.port(), services, deck, bulk);
            }
        }
    }

    /** The heap in use, collected again and again all along one call of 10 000 and of 50 000 entities. */
    static void memory() throws Exception {
        System.out.println("\n## heap in use along one POST /config/apply, after full collections, with -Xmx96m");
        for (int each : new int[] {2_000, 10_000}) {
            memory(each);
        }
    }

    private static double bulk(int port, int services) throws IOException {
        double[] first = new double[ROUNDS];
        double[] again = new double[ROUNDS];
        double[] change = new double[ROUNDS];
        double[] dry = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            apply(port, EMPTY);
            first[i] = apply(port, document(services, "example.com"));
            again[i] = apply(port, document(services, "example.com"));
            change[i] = apply(port, document(services, "changed" + i + ".example.com"));
            dry[i] = post(port, "/config/apply?dry_run=true", document(services, "other.example.com"));
        }
        double bulk = Children.median(first);
        line("POST /config/apply", services, bulk, bulk);
        line("  again, nothing to do", services, Children.median(again), bulk);
        line("  again, one service changed", services, Children.median(change), bulk);
        line("  the same, dry run", services, Children.median(dry), bulk);
        return bulk;
    }

    private static void line(String name, int services, double seconds, double bulk) {
        System.out.printf(
                "  %-30s %6.1f s  %,7.0f entities/s  ratio %.2f%n",
                name, seconds, 3 * services / seconds, seconds / bulk);
    }

    private static double apply(int port, String document) throws IOException {
        return post(port, "/config/apply", document);
    }

    private static double post(int port, String path, String document) throws IOException {
        long start = System.nanoTime();
        try (AdminClient client = new AdminClient(port)) {
            client.request("POST", path, document, 200);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    /** Services, then routes, then plugins, each kind by all connections at once. */
    private static double single(int port, int services, int connections) throws Exception {
        apply(port, EMPTY);
        long start = System.nanoTime();
        all(port, connections, services, "/services", i -> service(i, "example.com"));
        all(port, connections, services, "/routes", i -> route(i, "{\"name\":\"s" + i + "\"}"));
        all(port, connections, services, "/plugins", i -> plugin("{\"name\":\"s" + i + "\"}"));
        return (System.nanoTime() - start) / 1e9;
    }

    private static void all(int port, int connections, int count, String path, IntFunction<String> body)
            throws InterruptedException, IOException {
        List<Sender> senders = IntStream.range(0, connections)
                .mapToObj(i -> new Sender(port, path, body, i, connections, count))
                .toList();
        senders.forEach(Thread::start);
        for (Sender sender : senders) {
            sender.join();
            if (sender.failure != null) {
                throw sender.failure;
            }
        }
    }

    /** Every n-th of the calls, one after the other. */
    private static final class Sender extends Thread {
        private final int port;
        private final String path;
        private final IntFunction<String> body;
        private final int first;
        private final int step;
        private final int count;
        private IOException failure;

        Sender(int port, String path, IntFunction<String> body, int first, int step, int count) {
            this.port = port;
            this.path = path;
            this.body = body;
            this.first = first;
            this.step = step;
            this.count = count;
        }

        @Override
        public void run() {
            try (AdminClient client = new AdminClient(port)) {
                for (int i = first; i < count; i += step) {
                    client.request("POST", path, body.apply(i), 201);
                }
            } catch (IOException refused) {
                failure = refused;
            }
        }
    }

    private static void deck(int port, int services, String deck, double bulk) throws Exception {
        Path file = Files.createTempFile("bench", ".json");
        try {
            apply(port, EMPTY);
            line("deck sync", services, sync(port, deck, file, document(services, "example.com")), bulk);
            line("  again, nothing to do", services, sync(port, deck, file, document(services, "example.com")), bulk);
            line("  again, one changed", services, sync(port, deck, file, document(services, "b.example.com")), bulk);
        } finally {
            Files.delete(file);
        }
    }

    private static double sync(int port, String deck, Path file, String document) throws Exception {
        Files.writeString(file, document);
        return Children.timed(Children.quiet(new ProcessBuilder(
                deck, "sync", "--analytics=false", "--kong-addr", "http://127.0.0.1:" + port, "-s", file.toString())));
    }

    /** Five entities for each of the numbers, in a node that is told to collect again and again meanwhile. */
    private static void memory(int each) throws Exception {
        try (WholeNode node = new WholeNode("-Xmx96m")) {
            int idle = Children.heapUsed(node.process());
            String document = wide(each);
            AtomicBoolean over = new AtomicBoolean();
            AtomicInteger most = new AtomicInteger();
            Thread watch = new Thread(() -> {
                while (!over.get()) {
                    most.accumulateAndGet(used(node), Math::max);
                }
            });
            watch.start();
            double took = apply(node.port(), document);
            over.set(true);
            watch.join();
            System.out.printf(
                    "  %,7d entities: idle %,d kB, at most %,d kB, %.1f s%n", 5 * each, idle, most.get(), took);
        }
    }

    private static int used(WholeNode node) {
        try {
            return Children.heapUsed(node.process());
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static String document(int services, String hostOfTheFirst) {
        return "{\"_format_version\":\"1.1\",\"services\":["
                + IntStream.range(0, services)
                        .mapToObj(i -> service(i, i == 0 ? hostOfTheFirst : "example.com")
                                .replaceFirst(
                                        "}$", ",\"routes\":[" + route(i, "") + "],\"plugins\":[" + plugin("") + "]}"))
                        .collect(Collectors.joining(","))
                + "]}";
    }

    /** Consumers with credentials, too. */
    private static String wide(int each) {
        return document(each, "example.com").replaceFirst("]}$", "],\"consumers\":[")
                + IntStream.range(0, each)
                        .mapToObj(
                                i -> "{\"username\":\"u" + i + "\",\"keyauth_credentials\":[{\"key\":\"k" + i + "\"}]}")
                        .collect(Collectors.joining(","))
                + "]}";
    }

    private static String service(int number, String host) {
        return "{\"name\":\"s" + number + "\",\"host\":\"" + host + "\"}";
    }

    /** @param service as JSON; empty: the one around it */
    private static String route(int number, String service) {
        return "{\"name\":\"r" + number + "\",\"paths\":[\"/" + number + "\"]" + reference(service) + "}";
    }

    private static String plugin(String service) {
        return "{\"name\":\"key-auth\"" + reference(service) + "}";
    }

    private static String reference(String service) {
        return service.isEmpty() ? "" : ",\"service\":" + service;
    }
}
