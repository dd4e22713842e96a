package io.drawbridge.app.cli;

import io.drawbridge.app.LogbackSetup;
import io.drawbridge.app.options.GatewayOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options that every command has. */
final class Common {
    @Option(
            names = {"-c", "--conf"},
            paramLabel = "FILE",
            description = "Configuration file.")
    private Path conf;

    @Option(
            names = {"-p", "--prefix"},
            paramLabel = "DIR",
            description = "Override the prefix directory.")
    private Path prefix;

    @Option(names = "--v", description = "Verbose.")
    private boolean verbose;

    @Option(names = "--vv", description = "Debug.")
    private boolean debug;

    /** Reads the options of the gateway, the command line's own on top. */
    GatewayOptions options(Map<String, String> more) {
        Map<String, String> commandLine = new HashMap<>(more);
        if (prefix != null) {
            if (Files.exists(prefix) && !Files.isDirectory(prefix)) {
                throw new io.drawbridge.app.options.OptionsException(List.of(prefix + " is not a directory"));
            }
            commandLine.put("prefix", prefix.toString());
        }
        return GatewayOptions.read(commandLine, System.getenv(), conf);
    }

    GatewayOptions options() {
        return options(Map.of());
    }

    /** For commands that print what they do: the log shows only when asked for. */
    Output output(boolean quiet) {
        if (quiet) {
            LogbackSetup.quiet();
        } else {
            /* Verbose lines say what the log says of steps. */
            LogbackSetup.level(debug ? "debug" : verbose ? "warn" : "error");
        }
        return new Output(System.out, System.err, quiet, verbose || debug);
    }

    boolean verbose() {
        return verbose || debug;
    }

    String logLevel(String configured) {
        return debug ? "debug" : verbose ? "info" : configured;
    }

    Path conf() {
        return conf;
    }
}
