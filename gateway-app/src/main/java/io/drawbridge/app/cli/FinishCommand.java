package io.drawbridge.app.cli;

import io.drawbridge.app.Cluster;
import io.drawbridge.app.ExitCode;
import io.drawbridge.migration.FinishOptions;
import io.drawbridge.migration.MigrationStatus;
import io.drawbridge.migration.Outcome;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code drawbridge migrations finish}. */
@Command(
        name = "finish",
        description = "Complete the open upgrade: exit 8, having paused nobody, while nodes of the old release live.")
final class FinishCommand extends MigrationsAction {
    private static final String VERIFY = "verify";

    @Option(
            names = {"-f", "--force"},
            arity = "0..1",
            fallbackValue = VERIFY,
            paramLabel = "KINDS",
            description = "Alone: also verify and repair rows of the old form. With a list: the blockers to skip, of"
                    + " old-nodes, data-planes, foreign; needs --reason.")
    private String force;

    @Option(names = "--reason", defaultValue = "", description = "Why, for the audit.")
    private String reason;

    @Option(
            names = "--keep-foreign-writers",
            description = "Go on letting writers in that know nothing of Drawbridge (Kong nodes, psql).")
    private boolean keep;

    @Override
    ExitCode run(Session session) {
        boolean repair = VERIFY.equals(force);
        String kinds = force == null || repair ? "" : forced(force, Set.of("old-nodes", "data-planes", "foreign"));
        MigrationStatus status = bootstrapped(session);
        Output output = session.output();
        boolean open = status.gate().upgrading() || !status.pending().isEmpty();
        if (!open && !repair) {
            nothingOpen(status, output);
            return ExitCode.OK;
        }
        if (open) {
            session.explain(
                    "looking twice for old nodes, " + session.heartbeat().toSeconds() + " s apart ...");
        }
        Outcome outcome =
                Cluster.await(session.migrator().finish(new FinishOptions(kinds, keep, repair, by(), reason)));
        output.lines(session.progress().counters());
        if (open) {
            output.line("The upgrade is finished: the database is at release "
                    + outcome.gate().active());
        }
        output.line(Words.NO_PENDING);
        return ExitCode.OK;
    }

    private static void nothingOpen(MigrationStatus status, Output output) {
        if (status.hops().isEmpty() && status.fresh().isEmpty()) {
            output.line(Words.NO_PENDING);
            return;
        }
        output.line("");
        output.line(status.hops().size() > 1 ? Words.NEW_AVAILABLE_THROUGH : Words.NEW_AVAILABLE);
    }
}
