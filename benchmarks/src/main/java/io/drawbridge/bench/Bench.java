package io.drawbridge.bench;

import io.vertx.core.Vertx;
import java.util.List;

/** Runs the benchmarks that are named, or all. */
public final class Bench {
    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        List<String> names = arguments.length == 0
                ? List.of(
                        "bootstrap",
                        "upgrade",
                        "backfill",
                        "writes",
                        "takeover",
                        "ready",
                        "api",
                        "bulk",
                        "memory",
                        "proxy",
                        "fleet")
                : List.of(arguments);
        System.out.printf(
                "%s, %d cores, Java %s%n",
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"));
        for (String name : names) {
            switch (name) {
                case "bootstrap" -> BootstrapBench.run();
                case "writes" -> WritesBench.run(Vertx.vertx());
                case "takeover" -> TakeoverBench.run(Vertx.vertx());
                case "api" -> ApiBench.run(Integer.getInteger("services", 10_000));
                case "bulk" -> BulkBench.run(Integer.getInteger("services", 10_000), System.getProperty("deck", ""));
                case "memory" -> BulkBench.memory();
                case "heap" -> ApiBench.heap(Integer.getInteger("minutes", 10));
                case "fleet" ->
                    FleetBench.run(Integer.getInteger("services", 10_000), Integer.getInteger("changes", 20));
                case "proxy" -> ProxyBench.run();
                case "ready" -> ReadyBench.run();
                case "upgrade" ->
                    UpgradeBench.run(
                            Vertx.vertx(), Integer.getInteger("rows", 450_000), Integer.getInteger("plugins", 112_500));
                case "backfill" -> BackfillBench.run(Vertx.vertx(), Integer.getInteger("rows", 1_000_000), 3);
                default -> throw new IllegalArgumentException("no benchmark of that name: " + name);
            }
        }
        System.exit(0);
    }
}
