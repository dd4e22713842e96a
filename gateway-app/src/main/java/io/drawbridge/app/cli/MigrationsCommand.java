package io.drawbridge.app.cli;

import io.drawbridge.app.Cluster;
import io.drawbridge.app.ExitCode;
import io.drawbridge.migration.AbortOptions;
import io.drawbridge.migration.AuditEntry;
import io.drawbridge.migration.Check.Moment;
import io.drawbridge.migration.Check.Severity;
import io.drawbridge.migration.Finding;
import io.drawbridge.migration.Gate;
import io.drawbridge.migration.MigrationStatus;
import io.drawbridge.migration.Outcome;
import io.drawbridge.migration.Survey;
import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code drawbridge migrations}: the group, and those of its commands that only ask or are short. */
@Command(
        name = "migrations",
        description = "Manage the database's schema.",
        subcommands = {
            BootstrapCommand.class,
            UpCommand.class,
            FinishCommand.class,
            MigrationsCommand.ListCommand.class,
            MigrationsCommand.StatusCommand.class,
            MigrationsCommand.ResetCommand.class,
            MigrationsCommand.AbortCommand.class,
            MigrationsCommand.PreflightCommand.class,
            MigrationsCommand.ForeignWritesCommand.class
        })
final class MigrationsCommand {
    private static final int AUDIT_ROWS = 20;

    @Command(
            name = "list",
            description = "List migrations: exit 0 up to date, 3 not bootstrapped, 4 an upgrade is open,"
                    + " 5 new migrations, 9 this release is too old.")
    static final class ListCommand extends MigrationsAction {
        @Option(names = "--json", description = "As JSON, as 'status' prints it.")
        private boolean json;

        @Override
        ExitCode run(Session session) {
            MigrationStatus status = session.status();
            StatusText text = StatusText.of(status);
            if (json) {
                session.output().data(StatusJson.of(status, List.of()).encode());
                return text.exit();
            }
            session.output().lines(text.lines());
            if (text.warning() != null) {
                session.output().warn(text.warning());
            }
            session.output().lines(text.after());
            return text.exit();
        }
    }

    @Command(name = "status", description = "Print the cluster's state as JSON; exit 0 whatever it is.")
    static final class StatusCommand extends MigrationsAction {
        @Option(names = "--pretty", description = "On several lines.")
        private boolean pretty;

        @Option(
                names = "--accept-restore",
                description = "Say that the database was restored on purpose: nodes may write again.")
        private boolean acceptRestore;

        @Override
        ExitCode run(Session session) {
            if (acceptRestore) {
                Cluster.await(session.migrator().acceptRestore(by(), "status --accept-restore"));
            }
            MigrationStatus status = session.status();
            List<AuditEntry> audit = status.kind() == Survey.Kind.OURS
                    ? Cluster.await(session.migrator().audit(AUDIT_ROWS))
                    : List.of();
            var json = StatusJson.of(status, audit);
            session.output().data(pretty ? json.encodePrettily() : json.encode());
            return ExitCode.OK;
        }
    }

    @Command(name = "reset", description = "Remove everything that Drawbridge or Kong keeps in the database.")
    static final class ResetCommand extends MigrationsAction {
        @Option(
                names = "--yes-reset",
                paramLabel = "DATABASE",
                description = "The database's name, in place of being asked for it.")
        private String name;

        @Override
        ExitCode run(Session session) {
            MigrationStatus status = session.status();
            if (!status.bootstrapped() && status.kind() != Survey.Kind.OURS) {
                session.output().line(Words.NOTHING_TO_RESET);
                return ExitCode.ERROR;
            }
            if (!Confirmation.given("reset", status.database(), name, System.console())) {
                session.output().line("cancelled");
                return ExitCode.ERROR;
            }
            reset(session);
            return ExitCode.OK;
        }

        static void reset(Session session) {
            session.output().line("Resetting database...");
            List<String> removed = Cluster.await(session.migrator().reset());
            removed.forEach(relation -> session.output().verbose("dropped " + relation));
            session.output().line("Database successfully reset");
        }
    }

    @Command(name = "abort", description = "Take back an open upgrade and put it on hold.")
    static final class AbortCommand extends MigrationsAction {
        @Option(
                names = "--force",
                paramLabel = "KINDS",
                defaultValue = "",
                description = "Blockers to skip: new-nodes.")
        private String force;

        @Option(names = "--reason", defaultValue = "", description = "Why, for the audit.")
        private String reason;

        @Override
        ExitCode run(Session session) {
            String kinds = forced(force, Set.of("new-nodes"));
            bootstrapped(session);
            Outcome outcome = Cluster.await(session.migrator().abort(new AbortOptions(kinds, by(), reason)));
            session.output().lines(session.progress().counters());
            session.output()
                    .line("The upgrade is taken back: the database stays at release "
                            + outcome.gate().active() + "; 'drawbridge migrations up' begins it again");
            return ExitCode.OK;
        }
    }

    @Command(
            name = "preflight",
            description = "Look for what would break the upgrade, changing nothing; exit 7 if there is something.")
    static final class PreflightCommand extends MigrationsAction {
        @Option(names = "--json", description = "As JSON.")
        private boolean json;

        @Override
        ExitCode run(Session session) {
            List<Finding> findings =
                    new ArrayList<>(Cluster.await(session.migrator().preflight(Moment.BEFORE_UP)));
            for (Finding finding : Cluster.await(session.migrator().preflight(Moment.BEFORE_FINISH))) {
                if (findings.stream().noneMatch(known -> known.check().equals(finding.check()))) {
                    findings.add(finding);
                }
            }
            MigrationStatus status = session.status();
            findings.addAll(onTheWay(status));
            if (json) {
                JsonArray array = new JsonArray();
                findings.forEach(finding -> array.add(StatusJson.finding(finding)));
                session.output().data(array.encode());
            } else {
                findings.forEach(finding -> print(session.output(), finding));
            }
            boolean blocked = findings.stream().anyMatch(Finding::blocks);
            if (!json && (blocked || !empty(status))) {
                session.output()
                        .line(
                                blocked
                                        ? "The upgrade is blocked"
                                        : findings.isEmpty() ? "Nothing found" : "Nothing blocks the upgrade");
            }
            return blocked ? ExitCode.PREFLIGHT : ExitCode.OK;
        }

        private static boolean empty(MigrationStatus status) {
            return !status.bootstrapped() && status.kind() != Survey.Kind.FOREIGN;
        }

        /** What the release line itself has to say. */
        private static List<Finding> onTheWay(MigrationStatus status) {
            Gate gate = status.gate();
            List<Finding> findings = new ArrayList<>();
            if (empty(status)) {
                findings.add(new Finding(
                        "empty-database",
                        Severity.WARN,
                        "the database '" + status.database() + "' is not bootstrapped: there is nothing to check",
                        "run 'drawbridge migrations bootstrap', or 'drawbridge start', which does it too",
                        List.of()));
            }
            if (gate != null && gate.upgrading() && status.release().isNewerThan(gate.target())) {
                findings.add(new Finding(
                        "open-upgrade",
                        Severity.BLOCK,
                        "the upgrade from " + gate.active() + " to " + gate.target() + " is open",
                        "finish or abort it with release " + gate.target() + " first",
                        List.of()));
            }
            if (status.hops().size() > 1) {
                findings.add(new Finding(
                        "hops",
                        Severity.WARN,
                        "the database is several releases behind " + status.release(),
                        "go through them one by one, or run 'migrations up --through'",
                        status.hops().stream().map(Object::toString).toList()));
            }
            return findings;
        }

        private static void print(Output output, Finding finding) {
            output.line((finding.blocks() ? "BLOCKS " : "warning ") + finding.check() + ": " + finding.title());
            finding.rows().forEach(row -> output.line("  " + row));
            output.line("  -> " + finding.hint());
        }
    }

    @Command(
            name = "foreign-writes",
            description = "Allow or forbid writers that know nothing of Drawbridge (Kong nodes, psql).")
    static final class ForeignWritesCommand extends MigrationsAction {
        @Parameters(paramLabel = "on|off", description = "on or off.")
        private String value;

        @Option(names = "--reason", defaultValue = "", description = "Why, for the audit.")
        private String reason;

        @Override
        ExitCode run(Session session) {
            boolean on = switch (value) {
                case "on" -> true;
                case "off" -> false;
                default -> throw new IllegalArgumentException("expected on or off, not '" + value + "'");
            };
            bootstrapped(session);
            Cluster.await(session.migrator().foreignWrites(on, by(), reason));
            session.output().line("Writers that know nothing of Drawbridge are " + (on ? "allowed" : "refused"));
            return ExitCode.OK;
        }
    }
}
