package io.drawbridge.app.cli;

import io.drawbridge.app.Cluster;
import io.drawbridge.app.ExitCode;
import io.drawbridge.migration.FinishOptions;
import io.drawbridge.migration.Gate;
import io.drawbridge.migration.MigrationStatus;
import io.drawbridge.migration.Outcome;
import io.drawbridge.migration.Plan;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.UpOptions;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code drawbridge migrations up}. */
@Command(name = "up", description = "Begin the upgrade to this release; old nodes go on working until 'finish'.")
final class UpCommand extends MigrationsAction {
    @Option(
            names = {"-f", "--force"},
            description = "Also verify and repair what is executed; never runs a second phase again.")
    private boolean force;

    @Option(
            names = "--from",
            paramLabel = "RELEASE",
            converter = ReleaseConverter.class,
            description = "What release a database made by Kong is at, if several are possible.")
    private Release from;

    @Option(names = "--dry-run", description = "Print what would be done, with rows and locks; change nothing.")
    private boolean dryRun;

    @Option(names = "--json", description = "With --dry-run: as JSON.")
    private boolean json;

    @Option(
            names = "--through",
            description = "Go through all releases on the way, each finished before the next; cuts older nodes off.")
    private boolean through;

    @Override
    ExitCode run(Session session) {
        MigrationStatus status = bootstrapped(session);
        if (dryRun) {
            return plan(session);
        }
        if (through) {
            walk(session);
            status = session.status();
        }
        Gate gate = status.gate();
        Output output = session.output();
        boolean mine = status.release().equals(gate.target());
        if (!force && mine && gate.state() == Gate.State.OPEN && status.fresh().isEmpty()) {
            if (through) {
                output.line(Words.PENDING_WHEN_READY);
                return ExitCode.OK;
            }
            throw new IllegalStateException(Words.PENDING_RUN_FINISH);
        }
        Outcome outcome = Cluster.await(session.migrator().up(new UpOptions(force, from)));
        if (!outcome.changed() && outcome.ledByOther()) {
            output.line(Words.LED_BY_OTHER);
        }
        List<String> counters = session.progress().counters();
        if (counters.isEmpty() && !outcome.changed() && !outcome.ledByOther()) {
            output.line(Words.ALREADY_UP_TO_DATE);
            return ExitCode.OK;
        }
        output.lines(counters);
        if (outcome.gate().upgrading()) {
            output.line("");
            output.line(Words.PENDING_WHEN_READY);
        }
        return ExitCode.OK;
    }

    /** Goes up and finishes release by release, until one hop is left. */
    private void walk(Session session) {
        boolean said = false;
        for (int hop = 0; hop < 100; hop++) {
            MigrationStatus status = session.status();
            Gate gate = status.gate();
            boolean inBetween = gate.upgrading() && !status.release().equals(gate.target());
            if (!inBetween && status.hops().size() < 2) {
                return;
            }
            Release next = inBetween ? gate.target() : status.hops().get(0);
            if (!said) {
                said = true;
                session.output()
                        .line("going through " + gate.active() + " -> "
                                + String.join(
                                        " -> ",
                                        status.hops().stream()
                                                .map(Release::toString)
                                                .toList())
                                + ": nodes of older releases are cut off on the way");
            }
            session.output().line("release " + next + "...");
            if (!inBetween || gate.state() == Gate.State.EXPANDING) {
                Cluster.await(session.migrator(next).up(new UpOptions(false, from)));
            }
            Cluster.await(session.migrator(next)
                    .finish(new FinishOptions("", false, false, by(), "up --through " + status.release())));
        }
    }

    private ExitCode plan(Session session) {
        Plan plan = Cluster.await(session.migrator().plan());
        if (json) {
            session.output().data(StatusJson.plan(plan).encode());
            return ExitCode.OK;
        }
        session.output().lines(PlanText.of(plan, session.catalog()));
        return ExitCode.OK;
    }
}
