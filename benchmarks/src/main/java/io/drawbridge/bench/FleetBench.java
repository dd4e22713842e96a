package io.drawbridge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A control plane with thousands of services, and data planes of both kinds: how fast a change is everywhere, and what it costs. */
final class FleetBench {
    private static final int[] SIZES = {1, 100, 1000};
    /* Longer than the control plane waits for more. */
    private static final long PAUSE_MILLIS = 1200;
    private static final double TICKS_PER_SECOND = 100;

    private FleetBench() {}

    static void run(int services, int changes) throws Exception {
        System.out.printf(
                "%n## %,d services and routes: one service is created, until the last data plane has it; %d changes%n",
                services, changes);
        System.out.println(
                "  Kong 2.8.5, one data plane, full: 3.4 s until served (up to 8 s), 1 100 ms of CPU, 235 MiB each");
        System.out.println(
                "  of the control plane's workers. CPU (beyond idling), RSS: the control plane's; bytes: on the wire");
        System.out.printf(
                "  %-6s %6s %9s %9s %9s %11s %9s %13s %7s%n",
                "mode", "planes", "p50 ms", "p99 ms", "max ms", "CPU ms each", "RSS MiB", "bytes each", "idle %");
        Path folder = Files.createTempDirectory("fleet");
        Path certificate = folder.resolve("cluster.crt");
        Path key = folder.resolve("cluster.key");
        Children.timed(Children.drawbridge(Map.of(), "hybrid", "gen_cert", certificate.toString(), key.toString()));
        int port = ReadyBench.freePort();
        Map<String, String> role = Map.of(
                "ROLE",
                "control_plane",
                "CLUSTER_LISTEN",
                "127.0.0.1:" + port,
                "CLUSTER_CERT",
                certificate.toString(),
                "CLUSTER_CERT_KEY",
                key.toString());
        try (WholeNode node = new WholeNode("", role)) {
            seed(node.port(), services);
            for (String mode : new String[] {"full", "delta"}) {
                for (int size : SIZES) {
                    measure(node, port, certificate, key, mode, size, changes);
                }
            }
            join(port, certificate, key, "full");
            join(port, certificate, key, "delta");
            idle(node, port, certificate, key);
            storm(node, port, certificate, key);
        }
    }

    private static void measure(
            WholeNode node, int port, Path certificate, Path key, String mode, int size, int changes)
            throws IOException, InterruptedException {
        try (Fleet fleet = new Fleet(port, certificate, key, size, mode);
                AdminClient admin = new AdminClient(node.port())) {
            fleet.all();
            create(admin, fleet, new Latencies());
            Fleet.All before = create(admin, fleet, new Latencies());
            double idle = perSecond(node.process());
            Latencies latencies = new Latencies();
            double cpu = cpuMillis(node.process());
            long start = System.nanoTime();
            Fleet.All last = before;
            for (int i = 0; i < changes; i++) {
                last = create(admin, fleet, latencies);
            }
            double meanwhile = idle * (System.nanoTime() - start) / 1e9;
            System.out.printf(
                    "  %-6s %,6d %9.0f %9.0f %9.0f %11.1f %9d %,13d %7.1f%n",
                    mode,
                    size,
                    latencies.percentile(0.5),
                    latencies.percentile(0.99),
                    latencies.max(),
                    (cpuMillis(node.process()) - cpu - meanwhile) / changes,
                    rssMib(node.process()),
                    (last.bytes() - before.bytes()) / changes,
                    idle / 10);
        }
    }

    private static Fleet.All create(AdminClient admin, Fleet fleet, Latencies latencies)
            throws IOException, InterruptedException {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        admin.create("change" + System.nanoTime());
        long answered = System.nanoTime();
        Fleet.All all = fleet.all();
        latencies.add(all.nanos() - answered);
        return all;
    }

    /** From the start of a connection until everything is there. */
    private static void join(int port, Path certificate, Path key, String mode) throws IOException {
        double[] millis = new double[5];
        long bytes = 0;
        for (int i = 0; i < millis.length; i++) {
            try (Fleet fleet = new Fleet(port, certificate, key, 1, mode)) {
                long up = fleet.up();
                Fleet.All all = fleet.all();
                millis[i] = (all.nanos() - up) / 1e6;
                bytes = all.bytes();
            }
        }
        System.out.printf(
                "  cold join of one, %-5s %,10.0f ms (median of %d), %,d bytes%n",
                mode, Children.median(millis), millis.length, bytes);
    }

    /** What a connection costs on which nothing happens. */
    private static void idle(WholeNode node, int port, Path certificate, Path key)
            throws IOException, InterruptedException {
        int planes = 1000;
        int heap = Children.heapUsed(node.process());
        long rss = rssKib(node.process());
        try (Fleet fleet = new Fleet(port, certificate, key, planes, "delta")) {
            fleet.all();
            TimeUnit.SECONDS.sleep(3);
            int used = Children.heapUsed(node.process()) - heap;
            System.out.printf(
                    "  %,d idle links: %.1f kB of heap each after a collection, RSS %+,d kB in all, now %d MiB%n",
                    planes, (double) used / planes, rssKib(node.process()) - rss, rssMib(node.process()));
        }
    }

    /** The control plane is killed and comes back; every data plane has the newest. */
    private static void storm(WholeNode node, int port, Path certificate, Path key)
            throws IOException, InterruptedException {
        int planes = 1000;
        try (Fleet fleet = new Fleet(port, certificate, key, planes, "full")) {
            fleet.up();
            fleet.all();
            node.restart();
            long start = System.nanoTime();
            long up = fleet.up();
            TimeUnit.SECONDS.sleep(3);
            System.out.printf(
                    "  restart of the control plane with %,d data planes: all back %.1f s after it is ready, %.1f s of its CPU"
                            + " with the start, %s%n",
                    planes,
                    (up - start) / 1e9,
                    cpuMillis(node.process()) / 1e3,
                    fleet.quiet() ? "nothing sent again" : "SENT AGAIN");
        }
    }

    private static void seed(int port, int services) throws IOException {
        String documents = IntStream.range(0, services)
                .mapToObj(i -> "{\"name\":\"s" + i + "\",\"host\":\"example.com\",\"routes\":[{\"name\":\"r" + i
                        + "\",\"paths\":[\"/" + i + "\"]}]}")
                .collect(Collectors.joining(","));
        try (AdminClient client = new AdminClient(port)) {
            client.request(
                    "POST", "/config/apply", "{\"_format_version\":\"2.1\",\"services\":[" + documents + "]}", 200);
        }
    }

    /** Milliseconds of CPU in a second in which nothing happens: the database is looked at. */
    private static double perSecond(Process process) throws IOException, InterruptedException {
        int seconds = 5;
        double before = cpuMillis(process);
        TimeUnit.SECONDS.sleep(seconds);
        return (cpuMillis(process) - before) / seconds;
    }

    private static double cpuMillis(Process process) throws IOException {
        String stat = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 1000 / TICKS_PER_SECOND;
    }

    private static long rssMib(Process process) throws IOException {
        return rssKib(process) / 1024;
    }

    private static long rssKib(Process process) throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .sum();
    }
}
