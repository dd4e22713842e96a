package io.drawbridge.app.cli;

import io.drawbridge.app.Cluster;
import io.drawbridge.app.ExitCode;
import io.drawbridge.app.Wiring;
import io.drawbridge.app.options.GatewayOptions;
import io.drawbridge.migration.MigrationError;
import io.drawbridge.migration.MigrationException;
import io.drawbridge.migration.MigrationStatus;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What all {@code migrations} commands share: Kong's flags, a session, an exit code. */
abstract class MigrationsAction implements Callable<Integer> {
    @Mixin
    private Common common;

    @Option(
            names = {"-y", "--yes"},
            description = "Accepted for Kong's sake; reset asks for the database's name all the same.")
    private boolean yes;

    @Option(
            names = {"-q", "--quiet"},
            description = "Suppress all output but errors.")
    private boolean quiet;

    @Option(
            names = "--db-timeout",
            paramLabel = "SECONDS",
            description =
                    "Longest wait for a connection, and longest statement but those of migration steps, which have"
                            + " bounds of their own (default: 10 and 30).")
    private Double dbTimeout;

    @Option(
            names = "--lock-timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "Longest wait for another node that leads (default: ${DEFAULT-VALUE}).")
    private double lockTimeout;

    @Override
    public final Integer call() {
        Output output = common.output(quiet);
        GatewayOptions options = common.options();
        options.notes().forEach(output::verbose);
        if (options.database().off()) {
            throw new IllegalStateException(Words.NO_DATABASE);
        }
        Optional<Duration> answer = Optional.ofNullable(dbTimeout).map(given -> seconds("--db-timeout", given));
        Cluster cluster = Wiring.command(options, seconds("--lock-timeout", lockTimeout), answer);
        try (Session session = new Session(cluster, output)) {
            return judged(session, output).number();
        }
    }

    /* Said before the session is closed: after Ctrl-C the process ends with that. */
    private ExitCode judged(Session session, Output output) {
        try {
            return run(session);
        } catch (RuntimeException failure) {
            output.error(failure);
            return ExitCode.of(failure);
        }
    }

    abstract ExitCode run(Session session);

    /** What {@code --force} lists, if all of it can be forced. */
    static String forced(String kinds, Set<String> allowed) {
        for (String kind : kinds.isEmpty() ? new String[0] : kinds.split(",", -1)) {
            if (!allowed.contains(kind.strip())) {
                throw new IllegalArgumentException(
                        "--force must be of: " + String.join(", ", new TreeSet<>(allowed)) + ", not '" + kind + "'");
            }
        }
        return kinds;
    }

    /** Who asks, for the audit. */
    static String by() {
        String user = System.getProperty("user.name", "somebody");
        try {
            return user + "@" + InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return user;
        }
    }

    /** The status of a database that must be bootstrapped; Kong's words if it is not. */
    static MigrationStatus bootstrapped(Session session) {
        MigrationStatus status = session.status();
        StatusText text = StatusText.of(status);
        if (text.exit() == ExitCode.PREFLIGHT) {
            throw new MigrationException(
                    MigrationError.FOREIGN_DATABASE,
                    "the database '" + status.database()
                            + "' holds relations that are in the way: use an empty database or another schema",
                    status.inTheWay());
        }
        if (!status.bootstrapped()) {
            throw new MigrationException(
                    MigrationError.NOT_BOOTSTRAPPED, "Cannot run migrations: " + Words.NEEDS_BOOTSTRAP);
        }
        return status;
    }

    private static Duration seconds(String name, double seconds) {
        if (!(seconds > 0 && seconds <= 86_400)) {
            throw new IllegalArgumentException(name + " must be more than 0 and at most 86400 seconds");
        }
        return Duration.ofMillis(Math.max(1, (long) (seconds * 1000)));
    }
}
