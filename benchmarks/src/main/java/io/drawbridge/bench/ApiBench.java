package io.drawbridge.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The Admin API of a whole node with thousands of entities, under wrk. */
final class ApiBench {
    private static final int SECONDS = 5;
    private static final int ROUNDS = 3;

    private ApiBench() {}

    /** What one kind of request does. */
    private record Kind(String name, String path, String script) {}

    static void run(int services) throws Exception {
        System.out.printf(
                "%n## the Admin API with %,d services, routes and plugins each: wrk, medians of %d rounds of %d s%n",
                services, ROUNDS, SECONDS);
        with(services, (port, node) -> {
            for (Kind kind : kinds(services)) {
                measure(port, kind);
            }
        });
    }

    /** The heap that is left after a collection, a minute after the other, under reads and writes. */
    static void heap(int minutes) throws Exception {
        int services = 10_000;
        System.out.printf("%n## heap of a node under 16 connections of reads, creates, updates and deletes%n");
        with(services, (port, node) -> {
            for (int minute = 1; minute <= minutes; minute++) {
                Wrk.Result load = Wrk.run(url(port), 16, 60, mixed(services, minute));
                System.out.printf(
                        "  minute %2d  %,7.0f requests/s  %,d kB%n", minute, load.perSecond(), Children.heapUsed(node));
            }
        });
    }

    private interface Work {
        void on(int port, Process node) throws IOException, InterruptedException;
    }

    private static void with(int services, Work work) throws Exception {
        try (WholeNode node = new WholeNode("")) {
            seed(node.port(), services);
            work.on(node.port(), node.process());
        }
    }

    private static List<Kind> kinds(int services) {
        return List.of(
                new Kind("get by id", "/services", one(services, "/services/00000000-0000-0001-0000-%012x")),
                new Kind("get by name", "/services", one(services, "/services/s%d")),
                new Kind(
                        "no database",
                        "/services",
                        "request = function() return wrk.format('GET', '/schemas/targets') end"),
                new Kind("list of 100", "/services", ""),
                new Kind("create", "/services", create("c")));
    }

    /** Any of the services, by a pattern of its number. */
    private static String one(int services, String pattern) {
        return "request = function() return wrk.format('GET', string.format('" + pattern + "', math.random(0, "
                + (services - 1) + "))) end";
    }

    private static String create(String prefix) {
        return """
                local n = 0
                local base = '%s' .. os.time() .. '-'
                wrk.headers['Content-Type'] = 'application/json'
                request = function()
                  n = n + 1
                  return wrk.format('POST', nil, nil, '{"name":"' .. base .. n .. '","host":"example.com"}')
                end
                """.formatted(prefix);
    }

    /** Of five requests three read, one writes one of ten names anew, one deletes one of them. */
    private static String mixed(int services, int seed) {
        return """
                math.randomseed(%d)
                wrk.headers['Content-Type'] = 'application/json'
                request = function()
                  local kind = math.random(1, 5)
                  local name = '/services/mixed' .. math.random(1, 1000)
                  if kind == 1 then return wrk.format('PUT', name, nil, '{"host":"example.com"}') end
                  if kind == 2 then return wrk.format('DELETE', name, nil, '') end
                  if kind == 3 then return wrk.format('GET', '/services') end
                  return wrk.format('GET', '/services/s' .. math.random(0, %d))
                end
                """.formatted(seed, services - 1);
    }

    private static void measure(int port, Kind kind) throws IOException, InterruptedException {
        String url = url(port);
        Wrk.run(url, 16, SECONDS, kind.script());
        StringBuilder line = new StringBuilder("  %-12s".formatted(kind.name()));
        for (int connections : new int[] {1, 16}) {
            double[] rates = new double[ROUNDS];
            double[] tails = new double[ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                Wrk.Result result = Wrk.run(url, connections, SECONDS, kind.script());
                rates[round] = result.perSecond();
                tails[round] = result.p99();
            }
            line.append("  %2d connections: %,7.0f/s, p99 %5.1f ms"
                    .formatted(connections, Children.median(rates), Children.median(tails)));
        }
        System.out.println(line);
    }

    private static String url(int port) {
        return "http://127.0.0.1:" + port + "/services";
    }

    /** All in one call. */
    private static void seed(int port, int services) throws IOException {
        List<String> documents = new ArrayList<>();
        for (int i = 0; i < services; i++) {
            documents.add("{\"id\":\"" + new UUID(1, i) + "\",\"name\":\"s" + i
                    + "\",\"host\":\"example.com\",\"routes\":[{\"name\":\"r" + i + "\",\"paths\":[\"/" + i
                    + "\"]}],\"plugins\":[{\"name\":\"key-auth\"}]}");
        }
        try (AdminClient client = new AdminClient(port)) {
            client.request(
                    "POST",
                    "/config/apply",
                    "{\"_format_version\":\"2.1\",\"services\":[" + String.join(",", documents) + "]}",
                    200);
        }
    }
}
