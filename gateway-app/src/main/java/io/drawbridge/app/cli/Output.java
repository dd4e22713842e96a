package io.drawbridge.app.cli;

import io.drawbridge.migration.MigrationError;
import io.drawbridge.migration.MigrationException;
import java.io.PrintStream;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** Where a command prints, in Kong's manner: plain lines, with a date and a level when verbose. Thread-safe. */
final class Output {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss");

    private static final String ERASE_REST = "\u001b[K";

    private final PrintStream out;
    private final PrintStream err;
    private final boolean quiet;
    private final boolean verbose;

    Output(PrintStream out, PrintStream err, boolean quiet, boolean verbose) {
        this.out = out;
        this.err = err;
        this.quiet = quiet;
        this.verbose = verbose;
    }

    /** What a person reads; nothing when quiet. */
    void line(String text) {
        if (!quiet) {
            out.println(prefix("info", text));
        }
    }

    /** On a terminal: in place of what the current line says. */
    void overwrite(String text) {
        if (!quiet) {
            out.print("\r" + text + ERASE_REST);
            out.flush();
        }
    }

    void lines(List<String> texts) {
        texts.forEach(this::line);
    }

    /** What a program reads: never suppressed, never prefixed. */
    void data(String text) {
        out.println(text);
    }

    void verbose(String text) {
        if (verbose && !quiet) {
            out.println(prefix("verbose", text));
        }
    }

    void warn(String text) {
        if (!quiet) {
            err.println(stamped("warn", text));
        }
    }

    void error(Throwable failure) {
        String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        err.println("Error: " + message);
        if (failure instanceof MigrationException known) {
            known.details().forEach(detail -> err.println("  " + detail));
        }
        /* The client does not say why. */
        if (message.contains("SSL handshake failed")) {
            err.println(
                    "  most likely the server's certificate is not trusted: it must be for this pg_host, and signed by an"
                            + " authority that lua_ssl_trusted_certificate names");
        }
        err.println();
        if (verbose) {
            failure.printStackTrace(err);
        } else if (!MigrationException.is(failure, MigrationError.INTERRUPTED)) {
            err.println("  Run with --v (verbose) or --vv (debug) for more details");
        }
    }

    boolean quiet() {
        return quiet;
    }

    private String prefix(String level, String text) {
        return verbose ? stamped(level, text) : text;
    }

    private static String stamped(String level, String text) {
        return LocalDateTime.now().format(DATE) + " [" + level + "] " + text;
    }
}
