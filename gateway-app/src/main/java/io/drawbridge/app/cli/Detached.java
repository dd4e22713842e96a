package io.drawbridge.app.cli;

import io.drawbridge.app.ExitCode;
import io.drawbridge.app.NodeFile;
import io.drawbridge.app.options.GatewayOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Starts this very command again, without {@code -d}, as a process that outlives this one, and waits until it is ready. */
final class Detached {
    private static final int LOG_LINES = 20;

    private Detached() {}

    static ExitCode start(GatewayOptions options) throws InterruptedException {
        ProcessHandle.Info self = ProcessHandle.current().info();
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
            command.add("/usr/bin/setsid");
        }
        command.add(self.command()
                .orElseThrow(() -> new IllegalStateException(
                        "this system does not tell how this process was started; use 'start' without -d")));
        Arrays.stream(self.arguments().orElse(new String[0]))
                .filter(argument -> !argument.equals("-d") && !argument.equals("--detach"))
                .forEach(command::add);
        try {
            Path logs = options.prefix().resolve("logs");
            Files.createDirectories(logs);
            Path log = logs.resolve("node-" + ProcessHandle.current().pid() + ".log");
            Process process = new ProcessBuilder(command)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            return await(process, options, log);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot start in the background", failure);
        }
    }

    private static ExitCode await(Process process, GatewayOptions options, Path log)
            throws IOException, InterruptedException {
        Optional<NodeFile> node = ReadyNode.await(process, options.prefix());
        if (node.isPresent()) {
            System.out.println("node " + node.get().member() + " (release "
                    + node.get().release() + ", pid " + process.pid() + ") is ready"
                    + (node.get().adminUrl().isEmpty()
                            ? ""
                            : " at " + node.get().adminUrl()));
            System.out.println("log: " + log);
            return ExitCode.OK;
        }
        List<String> lines = Files.readAllLines(log);
        lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()).forEach(System.err::println);
        return Arrays.stream(ExitCode.values())
                .filter(code -> code.number() == process.exitValue())
                .findFirst()
                .orElse(ExitCode.ERROR);
    }
}
