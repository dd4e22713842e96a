package io.drawbridge.app.cli;

import io.drawbridge.app.ExitCode;
import io.drawbridge.app.Product;
import io.drawbridge.core.release.GatewayCatalog;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code drawbridge version}. */
@Command(name = "version", description = "Print the version.")
final class VersionCommand implements Callable<Integer> {
    @Option(
            names = {"-a", "--all"},
            description = "Also what it runs on.")
    private boolean all;

    @Override
    public Integer call() {
        System.out.println(Product.version());
        if (all) {
            System.out.println("releases: " + GatewayCatalog.LINE);
            System.out.println("java:     " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")");
            System.out.println("system:   " + System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        }
        return ExitCode.OK.number();
    }
}
