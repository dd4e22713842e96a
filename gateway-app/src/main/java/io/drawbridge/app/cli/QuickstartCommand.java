package io.drawbridge.app.cli;

import io.drawbridge.app.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code drawbridge quickstart}. */
@Command(
        name = "quickstart",
        description =
                "Walk through a whole upgrade on this machine: a cluster of release 2.4 with two data planes under"
                        + " load, carried to 2.5. Prints what happened when, and how many requests failed. Touches nothing but a"
                        + " folder of its own. If it is killed with -9 its nodes stay: 'drawbridge stop -p DIR' ends them.")
final class QuickstartCommand implements Callable<Integer> {
    @Option(names = "--keep", description = "Leave the upgraded cluster running at the end, until Ctrl-C.")
    private boolean keep;

    @Option(
            names = {"-p", "--prefix"},
            paramLabel = "DIR",
            description =
                    "Folder to keep everything in: a new one. Empty: one for temporary files, deleted at the end.")
    private Path prefix;

    @Option(
            names = "--pause",
            paramLabel = "SECONDS",
            defaultValue = "1",
            description = "How long traffic flows between two steps, 0 to 60 (default: ${DEFAULT-VALUE}).")
    private int pause;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Output output = new Output(System.out, System.err, false, false);
        if (pause < 0 || pause > 60) {
            throw new IllegalArgumentException("--pause: must be between 0 and 60");
        }
        if (prefix != null && Files.exists(prefix)) {
            throw new IllegalArgumentException(prefix + " is there already; name a folder that is not");
        }
        Path folder = prefix == null
                ? Files.createTempDirectory("drawbridge-quickstart")
                : Files.createDirectories(prefix).toAbsolutePath();
        /* Or the server's user, who may be another, cannot enter it, and its data would lie elsewhere and stay. */
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        Tour tour = new Tour(output, folder, pause);
        CountDownLatch ended = new CountDownLatch(1);
        /* Ctrl-C must leave no process behind. */
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            end(tour, folder);
                            ended.countDown();
                        },
                        "quickstart-stop"));
        try {
            boolean clean = tour.walk();
            if (keep) {
                tour.leaveRunning();
                ended.await();
            }
            return clean ? ExitCode.OK.number() : ExitCode.ERROR.number();
        } finally {
            end(tour, folder);
        }
    }

    /* By whoever comes first: the command at its end, or the signal that interrupts it. */
    private synchronized void end(Tour tour, Path folder) {
        tour.close();
        if (prefix == null && Files.exists(folder)) {
            try {
                delete(folder);
            } catch (IOException left) {
                throw new UncheckedIOException("cannot delete " + folder, left);
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
