package io.drawbridge.app.cli;

import io.drawbridge.app.ExitCode;
import io.drawbridge.app.options.ExampleFile;
import io.drawbridge.app.options.GatewayOptions;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code drawbridge check}. */
@Command(name = "check", description = "Check a configuration file, and the environment with it.")
final class CheckCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "FILE", description = "The file; else the one that start would read.")
    private Path file;

    @Option(
            names = {"-c", "--conf"},
            paramLabel = "FILE",
            description = "The same, said otherwise.")
    private Path conf;

    @Option(names = "--keys", description = "Print all keys with their defaults, as an example file.")
    private boolean keys;

    @Override
    public Integer call() {
        if (keys) {
            System.out.print(ExampleFile.text());
            return ExitCode.OK.number();
        }
        Path chosen = file != null ? file : conf;
        GatewayOptions options = GatewayOptions.read(java.util.Map.of(), System.getenv(), chosen);
        options.notes().forEach(note -> System.out.println("note: " + note));
        String which = chosen != null
                ? chosen.toString()
                : GatewayOptions.defaultFiles()
                        .filter(java.nio.file.Files::isRegularFile)
                        .findFirst()
                        .map(Path::toString)
                        .orElse("the environment (there is no file)");
        System.out.println("configuration at " + which + " is valid");
        return ExitCode.OK.number();
    }
}
