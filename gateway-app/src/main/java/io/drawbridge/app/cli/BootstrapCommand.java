package io.drawbridge.app.cli;

import io.drawbridge.app.Cluster;
import io.drawbridge.app.ExitCode;
import io.drawbridge.migration.MigrationStatus;
import io.drawbridge.migration.Outcome;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code drawbridge migrations bootstrap}. */
@Command(name = "bootstrap", description = "Fill an empty database.")
final class BootstrapCommand extends MigrationsAction {
    @Option(
            names = {"-f", "--force"},
            description = "Remove what is there first; asks for the database's name.")
    private boolean force;

    @Option(
            names = "--yes-reset",
            paramLabel = "DATABASE",
            description = "With -f: the database's name, in place of being asked for it.")
    private String name;

    @Override
    ExitCode run(Session session) {
        MigrationStatus status = session.status();
        Output output = session.output();
        if (force && status.bootstrapped()) {
            if (!Confirmation.given("bootstrap -f", status.database(), name, System.console())) {
                output.line("cancelled");
                return ExitCode.ERROR;
            }
            MigrationsCommand.ResetCommand.reset(session);
        } else if (force) {
            output.line(Words.NOTHING_TO_RESET);
        } else if (status.bootstrapped()) {
            output.line(Words.ALREADY_BOOTSTRAPPED);
            return ExitCode.OK;
        }
        output.line(Words.BOOTSTRAPPING);
        session.progress().hidePending();
        Outcome outcome = Cluster.await(session.migrator().bootstrap());
        if (!outcome.changed()) {
            output.line(Words.LED_BY_OTHER);
        }
        output.lines(session.progress().counters());
        output.line(Words.UP_TO_DATE);
        return ExitCode.OK;
    }
}
