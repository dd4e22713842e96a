package io.drawbridge.app.cli;

import io.drawbridge.app.ExitCode;
import io.drawbridge.postgres.Database;
import io.drawbridge.postgres.EmbeddedPostgres;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code drawbridge postgres}: the embedded server of a prefix. */
@Command(
        name = "postgres",
        description = "Manage the embedded PostgreSQL of a prefix.",
        subcommands = {
            PostgresCommand.StartServer.class,
            PostgresCommand.StopServer.class,
            PostgresCommand.StatusOfServer.class
        })
final class PostgresCommand {
    @Command(name = "start", description = "Start the server and keep it running until 'postgres stop'.")
    static final class StartServer implements Callable<Integer> {
        @Mixin
        private Common common;

        @Override
        public Integer call() {
            Output output = common.output(false);
            Database database = new EmbeddedPostgres(common.options().prefix()).start();
            output.line("PostgreSQL runs on " + database.host() + ":" + database.port() + ", database "
                    + database.database() + ", until 'drawbridge postgres stop'");
            return ExitCode.OK.number();
        }
    }

    @Command(name = "stop", description = "Stop the server; refused while nodes use it.")
    static final class StopServer implements Callable<Integer> {
        @Mixin
        private Common common;

        @Option(
                names = {"-f", "--force"},
                description = "Even while nodes use it.")
        private boolean force;

        @Override
        public Integer call() {
            Output output = common.output(false);
            boolean was = new EmbeddedPostgres(common.options().prefix()).stop(force);
            output.line(was ? "PostgreSQL stopped" : "PostgreSQL was not running");
            return ExitCode.OK.number();
        }
    }

    @Command(name = "status", description = "Say how the server stands: exit 0 if it runs, else 1.")
    static final class StatusOfServer implements Callable<Integer> {
        @Mixin
        private Common common;

        @Override
        public Integer call() {
            Output output = common.output(false);
            EmbeddedPostgres.Status status =
                    new EmbeddedPostgres(common.options().prefix()).status();
            if (status.data() == null) {
                output.line("there is no embedded PostgreSQL under "
                        + common.options().prefix());
                return ExitCode.ERROR.number();
            }
            output.line(status.running() ? "running" : status.pid() != 0 ? "starting" : "stopped");
            output.line("  port   " + status.port());
            output.line("  pid    " + (status.pid() == 0 ? "-" : status.pid()));
            output.line("  data   " + status.data());
            output.line("  users  " + (status.users().isEmpty() ? "-" : String.join(", ", status.users())));
            output.line(
                    "  kept   " + (status.kept() ? "until 'drawbridge postgres stop'" : "until the last user leaves"));
            return (status.running() ? ExitCode.OK : ExitCode.ERROR).number();
        }
    }
}
