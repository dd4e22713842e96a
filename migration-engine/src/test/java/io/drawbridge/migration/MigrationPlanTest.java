package io.drawbridge.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.migration.Gate.State;
import io.drawbridge.migration.memory.MemoryStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Decisions, without a database. */
final class MigrationPlanTest {
    private static final LeaseView NOBODY = new LeaseView("", 0, 0, Duration.ZERO, null);
    private static final Catalog<MemoryStep> CATALOG = new Catalog<>(
            List.of(World.V1, World.V2, World.V3),
            List.of(
                    Migration.expandOnly("core", "base", World.V1, List.of(step("base")), List.of()),
                    new Migration<>(
                            "core",
                            "two",
                            World.V2,
                            List.of(step("e1"), step("e2")),
                            List.of(step("c1")),
                            List.of(step("d1")),
                            List.of(step("u1"), step("u2"))),
                    Migration.expandOnly("core", "three", World.V3, List.of(step("e3")), List.of(step("u3")))),
            List.of());

    @Test
    void upgrade_stepByStep_isTheWholeWalk() {
        assertThat(walk(steady(World.V1), Intent.UP, World.V2))
                .containsExactly("EXPANDING(1.0,2.0)", "e1", "e2", "OPEN(1.0,2.0)", "done");
    }

    @Test
    void finish_fromOpen_convertsBeforeTheGateOpensAndDropsAfterwards() {
        ClusterState open = after(steady(World.V1), Intent.UP, World.V2);
        Gate contracting = open.gate().to(State.CONTRACTING, World.V1, World.V2);

        assertThat(walk(with(open, contracting, null), Intent.RESUME, World.V2))
                .containsExactly("c1", "STEADY(2.0)", "d1", "done");
    }

    @Test
    void abort_fromAborting_undoesInReverseAndHolds() {
        ClusterState open = after(steady(World.V1), Intent.UP, World.V2);
        ClusterState aborting = with(open, open.gate().to(State.ABORTING, World.V1, World.V2), null);

        assertThat(walk(aborting, Intent.RESUME, World.V2)).containsExactly("u1", "u2", "STEADY(1.0)", "done");
        assertThat(after(aborting, Intent.RESUME, World.V2).gate().held()).isEqualTo(World.V2);
    }

    @Test
    void start_fromScratch_bootstrapsEveryPhaseInOneGo() {
        ClusterState empty = new ClusterState(Gate.empty(), Journal.empty(), NOBODY, Optional.empty(), "x y");

        Next<MemoryStep> first = plan(World.V2).next(empty, Intent.START);
        assertThat(first)
                .isInstanceOfSatisfying(
                        Next.Move.class, move -> assertThat(move.to()).hasToString("BOOTSTRAPPING(2.0)"));
        Next<MemoryStep> second =
                plan(World.V2).next(with(empty, ((Next.Move<MemoryStep>) first).to(), null), Intent.START);
        assertThat(second).isInstanceOf(Next.Bootstrap.class);
        assertThat(((Next.Bootstrap<MemoryStep>) second)
                        .actions().stream().map(action -> action.step().name()))
                .containsExactly("base", "e1", "e2", "c1", "d1");
    }

    @Test
    void oldNode_duringUpgrade_hasNothingToDo() {
        ClusterState open = after(steady(World.V1), Intent.UP, World.V2);

        assertThat(plan(World.V1).next(open, Intent.START)).isInstanceOf(Next.Done.class);
    }

    @Test
    void oldNode_behindTheFence_isRefused() {
        ClusterState open = after(steady(World.V1), Intent.UP, World.V2);
        ClusterState fenced = with(open, open.gate().to(State.FENCED, World.V1, World.V2), null);

        assertThat(plan(World.V1).next(fenced, Intent.START))
                .isInstanceOfSatisfying(
                        Next.Refuse.class,
                        refuse -> assertThat(refuse.failure().error()).isEqualTo(MigrationError.RELEASE_TOO_OLD));
    }

    @Test
    void fence_stoodTooLong_isReopened() {
        ClusterState open = after(steady(World.V1), Intent.UP, World.V2);
        Gate fenced = open.gate().to(State.FENCED, World.V1, World.V2);
        Gate late = new Gate(State.FENCED, World.V1, World.V2, fenced.seq(), null, false, false, true);
        Request finish = request(Request.Kind.FINISH);

        assertThat(plan(World.V2).next(with(open, fenced, finish), Intent.RESUME))
                .isInstanceOf(Next.LookBehindFence.class);
        assertThat(plan(World.V2).next(with(open, late, finish), Intent.RESUME))
                .isInstanceOfSatisfying(
                        Next.Move.class, move -> assertThat(move.to().state()).isEqualTo(State.OPEN));
    }

    /* Whoever fenced is gone and no node of the new release is left: the old ones must not stay shut for ever. */
    @Test
    void fence_stoodTooLong_isReopenedByTheOldReleaseToo() {
        ClusterState open = after(steady(World.V1), Intent.UP, World.V2);
        Gate fenced = open.gate().to(State.FENCED, World.V1, World.V2);
        Gate late = new Gate(State.FENCED, World.V1, World.V2, fenced.seq(), null, false, false, true);

        for (Intent intent : List.of(Intent.START, Intent.RESUME)) {
            assertThat(plan(World.V1).next(with(open, late, request(Request.Kind.FINISH)), intent))
                    .isInstanceOfSatisfying(
                            Next.Move.class,
                            move -> assertThat(move.to().state()).isEqualTo(State.OPEN));
        }
    }

    @Test
    void request_leftAfterTheFinish_isClosedAsDone() {
        ClusterState steady = with(steady(World.V2), steady(World.V2).gate(), request(Request.Kind.FINISH));

        assertThat(plan(World.V2).next(steady, Intent.RESUME))
                .isInstanceOfSatisfying(
                        Next.Close.class,
                        close -> assertThat(close.closed().state()).isEqualTo(Request.State.DONE));
    }

    @Test
    void foreignWrites_afterFinish_endUnlessKept() {
        ClusterState open = after(steady(World.V1), Intent.UP, World.V2);
        Gate contracting = open.gate().to(State.CONTRACTING, World.V1, World.V2).withForeignWrites(true, false);
        Gate kept = contracting.withForeignWrites(true, true);

        assertThat(after(with(open, contracting, null), Intent.RESUME, World.V2)
                        .gate()
                        .foreignWrites())
                .isFalse();
        assertThat(after(with(open, kept, null), Intent.RESUME, World.V2).gate().foreignWrites())
                .isTrue();
    }

    private static MigrationPlan<MemoryStep> plan(Release me) {
        return new MigrationPlan<>(CATALOG, me);
    }

    private static ClusterState steady(Release release) {
        Journal journal = Journal.empty();
        for (Migration<MemoryStep> migration : CATALOG.until(release).migrations()) {
            journal = journal.with(JournalEntry.of(migration.id(), JournalEntry.State.CONTRACTED, 0));
        }
        Gate gate = Gate.empty().to(State.STEADY, release, null);
        return new ClusterState(gate, journal, NOBODY, Optional.empty(), "x y");
    }

    private static ClusterState with(ClusterState cluster, Gate gate, Request request) {
        return new ClusterState(gate, cluster.journal(), NOBODY, Optional.ofNullable(request), cluster.identity());
    }

    private static List<String> walk(ClusterState from, Intent intent, Release me) {
        List<String> said = new ArrayList<>();
        follow(from, intent, me, said);
        return said;
    }

    private static ClusterState after(ClusterState from, Intent intent, Release me) {
        return follow(from, intent, me, new ArrayList<>());
    }

    /** Does what the plan says, in memory. */
    private static ClusterState follow(ClusterState from, Intent intent, Release me, List<String> said) {
        ClusterState now = from;
        for (int i = 0; i < 100; i++) {
            Next<MemoryStep> next = plan(me).next(now, intent);
            if (next instanceof Next.Move<MemoryStep> move) {
                said.add(move.to().toString());
                now = with(now, move.to(), null);
            } else if (next instanceof Next.Run<MemoryStep> run) {
                Action<MemoryStep> action = run.action();
                said.add(action.step() == null ? "gone" : action.step().name());
                Journal journal = action.after() == null
                        ? now.journal().without(action.migration().id())
                        : now.journal().with(action.after());
                now = new ClusterState(now.gate(), journal, NOBODY, now.request(), now.identity());
            } else {
                said.add(next instanceof Next.Done ? "done" : next.toString());
                return now;
            }
        }
        throw new AssertionError("no end: " + said);
    }

    private static Request request(Request.Kind kind) {
        return new Request("r", kind, World.V2, "", false, "", "test", Request.State.OPEN, null);
    }

    private static MemoryStep step(String name) {
        return MemoryStep.of(name, data -> data.put(name, "1"));
    }
}
