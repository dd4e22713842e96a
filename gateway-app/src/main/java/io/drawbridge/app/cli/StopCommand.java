package io.drawbridge.app.cli;

import io.drawbridge.app.ExitCode;
import io.drawbridge.app.NodeFile;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code drawbridge stop}: ends the nodes of a prefix. */
@Command(name = "stop", description = "Stop the nodes of this prefix; requests in flight are answered.")
class StopCommand implements Callable<Integer> {
    @Mixin
    private Common common;

    @Option(names = "--node", paramLabel = "ID", description = "Only the node of this id, or of this Admin API port.")
    private String node;

    @Option(
            names = {"-t", "--timeout"},
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long to wait (default: ${DEFAULT-VALUE}).")
    private int timeout;

    /** The same under its other name, as in Kong. */
    @Command(name = "quit", description = "The same as stop.")
    static final class QuitCommand extends StopCommand {}

    @Override
    public Integer call() throws InterruptedException, ExecutionException {
        Output output = common.output(false);
        var prefix = common.options().prefix();
        List<NodeFile> nodes =
                NodeFile.live(prefix).stream().filter(this::meant).toList();
        if (nodes.isEmpty()) {
            throw new IllegalStateException(
                    node == null || NodeFile.live(prefix).isEmpty()
                            ? "Drawbridge is not running at " + prefix
                            : "no node '" + node + "' runs at " + prefix + "; 'drawbridge health' lists them");
        }
        nodes.forEach(each -> each.process().ifPresent(ProcessHandle::destroy));
        ExitCode exit = ExitCode.OK;
        for (NodeFile each : nodes) {
            try {
                var process = each.process();
                if (process.isPresent()) {
                    process.get().onExit().get(timeout, TimeUnit.SECONDS);
                }
                output.line("node " + each.member() + " (release " + each.release() + ") stopped");
            } catch (TimeoutException late) {
                output.line("node " + each.member() + " (pid " + each.pid() + ") still runs after " + timeout + " s");
                exit = ExitCode.ERROR;
            }
        }
        return exit.number();
    }

    private boolean meant(NodeFile file) {
        return node == null || file.member().equals(node) || file.adminUrl().endsWith(":" + node);
    }
}
