package io.drawbridge.app.cli;

import io.drawbridge.app.Cluster;
import io.drawbridge.app.ExitCode;
import io.drawbridge.app.LogbackSetup;
import io.drawbridge.app.NodeProcess;
import io.drawbridge.app.Product;
import io.drawbridge.app.Wiring;
import io.drawbridge.app.options.GatewayOptions;
import io.drawbridge.migration.Gate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code drawbridge start}. */
@Command(
        name = "start",
        description = "Start a node: migrate the database or wait for who does, open the Admin API. Stays in the"
                + " foreground; Ctrl-C or 'drawbridge stop' ends it.")
final class StartCommand implements Callable<Integer> {
    private static final int NOTES_MAX = 3;

    @Mixin
    private Common common;

    @Option(
            names = "--migrations",
            paramLabel = "MODE",
            description =
                    "What to do when the database is behind: auto (migrate, or wait while another node does), wait"
                            + " (until somebody has), check (fail).")
    private String migrations;

    @Option(names = "--run-migrations", description = "The same as --migrations=auto, as in Kong.")
    private boolean runMigrations;

    @Option(
            names = {"-d", "--detach"},
            description = "Return when the node is ready; it goes on in the background.")
    private boolean detach;

    @Override
    public Integer call() throws InterruptedException {
        Map<String, String> more = new HashMap<>();
        if (runMigrations) {
            more.put("migrations", "auto");
        }
        if (migrations != null) {
            more.put("migrations", migrations);
        }
        GatewayOptions options = common.options(more);
        if (detach) {
            return Detached.start(options).number();
        }
        Output output = common.output(false);
        LogbackSetup.level(common.logLevel(options.logLevel()));
        if (options.notes().size() > NOTES_MAX) {
            output.warn(options.notes().size() + " settings are not used here; 'drawbridge check' lists them");
        } else {
            options.notes().forEach(output::warn);
        }
        Progress progress = new Progress(output, Boolean.getBoolean("drawbridge.tty"), "");
        progress.brief();
        NodeProcess node = Wiring.node(options, progress);
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            node.stop();
                            ended.countDown();
                        },
                        "node-stop"));
        try {
            Cluster.await(node.start());
        } catch (RuntimeException failure) {
            ExitCode exit = ExitCode.of(failure);
            if (exit == ExitCode.OK || node.stopping()) {
                ended.await();
                return ExitCode.OK.number();
            }
            node.stop();
            output.error(failure);
            return exit.number();
        }
        output.lines(greeting(node, progress));
        ended.await();
        return ExitCode.OK.number();
    }

    private static List<String> greeting(NodeProcess node, Progress progress) {
        GatewayOptions options = node.options();
        String url = node.adminUrls().stream().findFirst().orElse("");
        List<String> lines = new ArrayList<>();
        lines.add("Drawbridge " + Product.version() + ", release " + options.release() + ", is ready: node "
                + node.member());
        lines.add("  database   " + database(options));
        if (!options.database().off()) {
            lines.add("  schema     " + schema(node, progress));
        }
        lines.add("  Admin API  " + (url.isEmpty() ? "off" : String.join(", ", node.adminUrls())));
        if (options.hybrid().isPresent()) {
            lines.add("  data planes connect to " + options.hybrid().get().listen());
        } else {
            lines.add("  proxy      " + (node.proxyUrls().isEmpty() ? "off" : String.join(", ", node.proxyUrls())));
        }
        lines.add("Try next, in another terminal:");
        lines.addAll(url.isEmpty() || options.uplink().isPresent() ? List.of() : calls(node, url));
        if (!options.database().off()) {
            lines.add("  ./drawbridge migrations list");
        }
        lines.add("  ./drawbridge health");
        lines.add("Ctrl-C or './drawbridge stop' ends it"
                + (options.database().embedded() ? ", and the database server with the last node." : "."));
        return lines;
    }

    private static List<String> calls(NodeProcess node, String url) {
        GatewayOptions options = node.options();
        if (options.database().off()) {
            return List.of("  curl " + url + "/config -F config=@kong.yml");
        }
        List<String> calls = new ArrayList<>();
        calls.add("  curl " + url + "/services -d name=demo -d url=" + url);
        calls.add("  curl " + url + "/services/demo/routes -d 'paths[]=/demo'");
        node.proxyUrls().stream().findFirst().ifPresent(proxy -> calls.add("  curl " + proxy + "/demo/status"));
        calls.add("  curl " + url + "/migrations");
        return calls;
    }

    private static String database(GatewayOptions options) {
        var database = options.database();
        if (options.uplink().isPresent()) {
            return "none: the configuration comes from "
                    + String.join(" or ", options.uplink().get().controlPlanes());
        }
        if (database.off()) {
            return "none: the configuration is in memory"
                    + options.declarative().file().map(file -> ", from " + file).orElse("");
        }
        return database.embedded()
                ? "embedded PostgreSQL on " + database.host() + ":" + database.port() + ", data under "
                        + options.prefix()
                : database.toString();
    }

    private static String schema(NodeProcess node, Progress progress) {
        List<String> did = progress.counters();
        String work = did.isEmpty() ? "nothing to migrate" : String.join(", ", did);
        return node.gate().map(gate -> describe(gate) + " (" + work + ")").orElse(work);
    }

    private static String describe(Gate gate) {
        return gate.upgrading()
                ? "upgrade " + gate.active() + " -> " + gate.target() + " is open, writes go to release "
                        + gate.active() + " until 'migrations finish'"
                : "release " + gate.active();
    }
}
