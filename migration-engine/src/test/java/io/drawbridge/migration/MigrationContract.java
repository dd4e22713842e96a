package io.drawbridge.migration;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drawbridge.migration.Gate.State;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every implementation of the engine's seam must do, seen through the engine. */
abstract class MigrationContract<S extends Step> {
    abstract World<S> world();

    @BeforeEach
    void emptyDatabase() {
        world().fresh();
    }

    @Test
    void bootstrap_emptyDatabase_isSteadyAtThisRelease() {
        Outcome outcome = await(node("a", World.V2).bootstrap());

        assertThat(outcome.gate()).hasToString("STEADY(2.0)");
        assertThat(outcome.changed()).isTrue();
        assertThat(outcome.executed()).containsExactly("core/000_base", "core/001_two_phase", "plugin/000_table");
        assertThat(data())
                .containsEntry("base", "2")
                .containsEntry("filled", "yes")
                .containsEntry("form", "new")
                .doesNotContainKey("old");
    }

    @Test
    void bootstrap_twice_changesNothing() {
        await(node("a", World.V1).bootstrap());

        assertThat(await(node("b", World.V1).bootstrap()).changed()).isFalse();
    }

    @Test
    void bootstrap_manyAtOnce_oneDoesIt() {
        List<Future<Outcome>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            all.add(node("n" + i, World.V2).bootstrap());
        }
        await(Future.all(all));

        assertThat(all.stream().filter(each -> each.result().changed())).hasSize(1);
        assertThat(await(world().connect().audit(100)).stream()
                        .filter(entry -> entry.to().equals("STEADY(2.0)")))
                .hasSize(1);
    }

    @Test
    void up_notBootstrapped_fails() {
        assertError(
                MigrationError.NOT_BOOTSTRAPPED, () -> await(node("a", World.V2).up(UpOptions.standard())));
    }

    @Test
    void upAndFinish_oneHop_expandsThenContracts() {
        await(node("a", World.V1).bootstrap());

        Outcome up = await(node("b", World.V2).up(UpOptions.standard()));
        assertThat(up.gate()).hasToString("OPEN(1.0,2.0)");
        assertThat(up.executed()).containsExactly("plugin/000_table");
        assertThat(up.pending()).containsExactly("core/001_two_phase");
        assertThat(data())
                .containsEntry("column", "added")
                .containsEntry("base", "1")
                .doesNotContainKey("form");

        Outcome finish = await(node("b", World.V2).finish(FinishOptions.standard("test")));
        assertThat(finish.gate()).hasToString("STEADY(2.0)");
        assertThat(finish.executed()).containsExactly("core/001_two_phase");
        assertThat(data())
                .containsEntry("base", "2")
                .containsEntry("form", "new")
                .containsEntry("filled", "yes");
        assertThat(await(node("b", World.V2).finish(FinishOptions.standard("test")))
                        .changed())
                .isFalse();
    }

    @Test
    void gate_openUpgrade_letsOnlyTheOldReleaseWrite() {
        await(node("a", World.V1).bootstrap());
        await(node("b", World.V2).up(UpOptions.standard()));
        Gate open = gate();

        assertThat(open.refusal(World.V1)).isEmpty();
        assertThat(open.refusal(World.V2)).isPresent();

        await(node("b", World.V2).finish(FinishOptions.standard("test")));
        Gate steady = gate();
        assertThat(steady.refusal(World.V1)).isPresent();
        assertThat(steady.refusal(World.V2)).isEmpty();
        assertThat(steady.admits(World.V1)).isFalse();
    }

    @Test
    void up_moreThanOneHop_namesTheHops() {
        await(node("a", World.V1).bootstrap());

        assertThatThrownBy(() -> await(node("b", World.V3).up(UpOptions.standard())))
                .isInstanceOfSatisfying(MigrationException.class, failure -> {
                    assertThat(failure.error()).isEqualTo(MigrationError.HOP_MISSING);
                    assertThat(failure.details()).containsExactly("2.0", "3.0");
                });
    }

    @Test
    void migrate_databaseIsNewer_refuses() {
        await(node("a", World.V2).bootstrap());

        assertError(
                MigrationError.RELEASE_TOO_OLD, () -> await(node("b", World.V1).migrate()));
    }

    @Test
    void migrate_thirdReleaseDuringUpgrade_refuses() {
        await(node("a", World.V1).bootstrap());
        await(node("b", World.V2).up(UpOptions.standard()));

        assertError(MigrationError.CONFLICT, () -> await(node("c", World.V3).migrate()));
        assertThat(await(node("d", World.V1).migrate()).changed()).isFalse();
    }

    @Test
    void up_blockedByACheck_changesNothing() {
        await(node("a", World.V1).bootstrap());
        Map<String, String> before = data();
        plant("trouble-7", "x");

        assertThatThrownBy(() -> await(node("b", World.V2).up(UpOptions.standard())))
                .isInstanceOfSatisfying(MigrationException.class, failure -> {
                    assertThat(failure.error()).isEqualTo(MigrationError.PREFLIGHT_BLOCKED);
                    assertThat(String.join("\n", failure.details())).contains("trouble-7", "remove it");
                });
        plant("trouble-7", null);
        assertThat(data()).isEqualTo(before);
        assertThat(gate()).hasToString("STEADY(1.0)");
    }

    @Test
    void finish_liveOldMember_isBlockedByNameAndOpens() {
        await(node("a", World.V1).bootstrap());
        await(node("b", World.V2).up(UpOptions.standard()));
        Membership old = new Membership(world().vertx(), world().connect(), world().options("old-node", World.V1));
        await(old.start());

        assertThatThrownBy(() -> await(node("b", World.V2).finish(FinishOptions.standard("test"))))
                .isInstanceOfSatisfying(MigrationException.class, failure -> {
                    assertThat(failure.error()).isEqualTo(MigrationError.BLOCKED);
                    assertThat(failure.details()).hasSize(1).first().asString().contains("old-node", "1.0");
                });
        assertThat(gate()).hasToString("OPEN(1.0,2.0)");
        assertThat(await(world().connect().audit(100)))
                .as("nobody was paused")
                .noneMatch(entry -> entry.to().startsWith("FENCED"));

        await(old.stop());
        assertThat(await(node("b", World.V2).finish(FinishOptions.standard("test")))
                        .gate())
                .hasToString("STEADY(2.0)");
    }

    @Test
    void finish_forcedWithReason_skipsTheBlocker() {
        await(node("a", World.V1).bootstrap());
        await(node("b", World.V2).up(UpOptions.standard()));
        Membership old = new Membership(world().vertx(), world().connect(), world().options("old-node", World.V1));
        await(old.start());

        Outcome outcome = await(
                node("b", World.V2).finish(new FinishOptions("old-nodes", false, false, "test", "it is a ghost")));
        await(old.stop());

        assertThat(outcome.gate()).hasToString("STEADY(2.0)");
        assertThat(await(world().connect().audit(100)).toString()).contains("it is a ghost");
    }

    @Test
    void abort_openUpgrade_givesBackTheOldSchemaAndHoldsTheHop() {
        await(node("a", World.V1).bootstrap());
        Map<String, String> before = data();
        await(node("b", World.V2).up(UpOptions.standard()));

        Outcome outcome = await(node("b", World.V2).abort(new AbortOptions("", "test", "changed our mind")));

        assertThat(outcome.gate()).hasToString("STEADY(1.0)");
        assertThat(data()).isEqualTo(before);
        assertError(MigrationError.HELD, () -> await(node("c", World.V2).migrate()));
        assertThat(await(node("c", World.V2).up(UpOptions.standard())).gate()).hasToString("OPEN(1.0,2.0)");
    }

    @Test
    void abort_liveNewMember_isBlocked() {
        await(node("a", World.V1).bootstrap());
        await(node("b", World.V2).up(UpOptions.standard()));
        Membership fresh = new Membership(world().vertx(), world().connect(), world().options("new-node", World.V2));
        await(fresh.start());

        assertError(MigrationError.BLOCKED, () -> await(node("b", World.V2).abort(new AbortOptions("", "test", ""))));
        await(fresh.stop());
        assertThat(gate()).hasToString("OPEN(1.0,2.0)");
    }

    @Test
    void abort_nothingOpen_says() {
        await(node("a", World.V1).bootstrap());

        assertError(
                MigrationError.NOTHING_OPEN, () -> await(node("a", World.V1).abort(new AbortOptions("", "test", ""))));
    }

    @Test
    void finishAndAbort_askedAtOnce_oneIsDoneTheOtherRefusedOrTooLate() {
        await(node("a", World.V1).bootstrap());
        await(node("b", World.V2).up(UpOptions.standard()));

        Future<Outcome> finish = node("b", World.V2).finish(FinishOptions.standard("test"));
        Future<Outcome> abort = node("c", World.V2).abort(new AbortOptions("", "test", ""));
        await(Future.join(finish, abort).otherwiseEmpty());

        assertThat(finish.succeeded()).isNotEqualTo(abort.succeeded());
        assertThat(gate()).hasToString(finish.succeeded() ? "STEADY(2.0)" : "STEADY(1.0)");
    }

    @Test
    void finish_askedTwice_bothSucceed() {
        await(node("a", World.V1).bootstrap());
        await(node("b", World.V2).up(UpOptions.standard()));

        Future<Outcome> first = node("b", World.V2).finish(FinishOptions.standard("test"));
        Future<Outcome> second = node("c", World.V2).finish(FinishOptions.standard("test"));
        await(Future.all(first, second));

        assertThat(gate()).hasToString("STEADY(2.0)");
        assertThat(await(world().connect().audit(100)).stream()
                        .filter(entry -> entry.to().startsWith("FENCED")))
                .hasSize(1);
    }

    @Test
    void step_fails_isNotedAndTriedAgain() {
        await(node("a", World.V1).bootstrap());
        Catalog<S> bad = new Catalog<>(
                List.of(World.V1, World.V2),
                List.of(
                        world().catalog().migrations().get(0),
                        Migration.expandOnly(
                                "core", "001_bad", World.V2, List.of(world().failing("breaks")), List.of())),
                List.of());
        Migrator<S> node = new Migrator<>(
                world().vertx(), world().connect(), bad, world().options("b", World.V2), MigrationListener.NONE);

        assertError(MigrationError.STEP_FAILED, () -> await(node.up(UpOptions.standard())));

        MigrationStatus status = await(node.status());
        assertThat(status.gate()).hasToString("EXPANDING(1.0,2.0)");
        assertThat(status.running())
                .singleElement()
                .satisfies(entry -> assertThat(entry.failure()).isNotBlank());
        assertThat(await(node("c", World.V2).up(UpOptions.standard())).gate()).hasToString("OPEN(1.0,2.0)");
    }

    @Test
    void status_everyStage_sortsTheUnits() {
        assertThat(await(node("a", World.V2).status()).kind()).isEqualTo(Survey.Kind.EMPTY);
        await(node("a", World.V1).bootstrap());
        assertThat(await(node("b", World.V2).status()).fresh())
                .isEqualTo(Map.of("core", List.of("001_two_phase"), "plugin", List.of("000_table")));
        await(node("b", World.V2).up(UpOptions.standard()));

        MigrationStatus open = await(node("b", World.V2).status());
        assertThat(open.pending()).isEqualTo(Map.of("core", List.of("001_two_phase")));
        assertThat(open.executed()).isEqualTo(Map.of("core", List.of("000_base"), "plugin", List.of("000_table")));
        assertThat(await(node("a", World.V1).status()).unknown().keySet()).containsExactly("core", "plugin");
    }

    @Test
    void plan_beforeUp_listsEveryStep() {
        await(node("a", World.V1).bootstrap());

        Plan plan = await(node("b", World.V2).plan());

        assertThat(plan.steps().stream().map(step -> step.phase() + ":" + step.step()))
                .containsExactly(
                        "expand:add",
                        "expand:index",
                        "convert:fill",
                        "convert:convert",
                        "contract:drop",
                        "contract:drop index",
                        "expand:table");
    }

    @Test
    void reset_everything_isEmptyAgain() {
        await(node("a", World.V1).bootstrap());
        await(node("a", World.V1).reset());

        assertThat(await(node("a", World.V1).status()).kind()).isEqualTo(Survey.Kind.EMPTY);
        assertError(
                MigrationError.NOT_BOOTSTRAPPED, () -> await(node("a", World.V1).reset()));
        assertThat(await(node("a", World.V1).bootstrap()).changed()).isTrue();
    }

    @Test
    void lease_heldByOther_isNotGivenAndEpochsOnlyGrow() {
        MigrationBackend<S> backend = world().connect();
        await(backend.prepare(Gate.empty(), Journal.empty(), note()));
        Duration ttl = Duration.ofSeconds(5);

        Lease first = await(backend.acquire("migrations", "a", "x", ttl, null)).orElseThrow();
        assertThat(await(backend.acquire("migrations", "b", "y", ttl, null))).isEmpty();
        await(backend.release(first));
        Lease second = await(backend.acquire("migrations", "b", "y", ttl, null)).orElseThrow();

        assertThat(second.epoch()).isGreaterThan(first.epoch());
        assertError(MigrationError.LEASE_LOST, () -> await(backend.renew(first, ttl, "")));
        assertError(
                MigrationError.LEASE_LOST,
                () -> await(backend.fail(first, JournalEntry.of("core/000_base", JournalEntry.State.EXPANDING, 0))));
        assertError(
                MigrationError.LEASE_LOST,
                () -> await(backend.transition(
                        first,
                        Gate.empty(),
                        Gate.empty().to(State.BOOTSTRAPPING, World.V1, null),
                        null,
                        null,
                        note())));
        await(backend.renew(second, ttl, "still here"));
        await(backend.release(second));
    }

    @Test
    void lease_beatStandsStill_isTakenThoughNotExpired() {
        MigrationBackend<S> backend = world().connect();
        await(backend.prepare(Gate.empty(), Journal.empty(), note()));
        await(backend.acquire("migrations", "a", "x", Duration.ofHours(1), null));
        LeaseView seen = await(backend.read()).lease();

        assertThat(await(backend.acquire("migrations", "b", "y", Duration.ofSeconds(5), seen)))
                .isPresent();
        assertThat(await(backend.acquire("migrations", "c", "z", Duration.ofSeconds(5), seen)))
                .isEmpty();
    }

    @Test
    void transition_gateMovedMeanwhile_changesNothing() {
        MigrationBackend<S> backend = world().connect();
        await(node("a", World.V1).bootstrap());
        Lease lease = await(backend.acquire("migrations", "a", "x", Duration.ofSeconds(5), null))
                .orElseThrow();
        Gate now = gate();
        Gate stale = new Gate(now.state(), now.active(), null, now.seq() - 1, null, false, false, false);

        assertThatThrownBy(() -> await(backend.transition(
                        lease, stale, stale.to(State.EXPANDING, World.V1, World.V2), null, null, note())))
                .isInstanceOf(MigrationException.class);
        assertThat(gate()).isEqualTo(now);
    }

    @Test
    void members_announceAndLeave_areListed() {
        await(node("a", World.V1).bootstrap());
        MigrationBackend<S> backend = world().connect();
        Member member = Member.of("m1", UUID.randomUUID().toString(), World.V1, "traditional", "http://127.0.0.1:8001");
        await(backend.announce(member));
        await(backend.announce(member));

        Member listed = await(backend.members(Duration.ofDays(1))).get(0);
        assertThat(listed.id()).isEqualTo("m1");
        assertThat(listed.adminUrl()).isEqualTo("http://127.0.0.1:8001");
        assertThat(listed.silent()).isLessThan(Duration.ofSeconds(5));

        await(backend.leave(Member.of("m1", "another incarnation", World.V1, "traditional", "")));
        assertThat(await(backend.members(Duration.ofDays(1)))).hasSize(1);
        await(backend.leave(member));
        assertThat(await(backend.members(Duration.ofDays(1)))).isEmpty();
    }

    /* Every call of a whole upgrade is the last one once, landing and not; an heir completes it; nobody can tell. */
    @Test
    void kill_atEveryCall_endsAsIfNobodyHadDied() {
        Map<String, String> wanted = uninterrupted();
        Set<Integer> points = new HashSet<>();
        for (boolean lands : new boolean[] {false, true}) {
            int last = 1;
            for (int call = 1; call <= last; call += killStride()) {
                world().fresh();
                last = Math.max(last, dieAt(call, lands));
                points.add(call);
                assertThat(data())
                        .as("killed at call %d, landed %s", call, lands)
                        .isEqualTo(wanted);
                assertThat(gate()).hasToString("STEADY(2.0)");
            }
        }
        assertThat(points.size()).isGreaterThan(5);
    }

    int killStride() {
        return 1;
    }

    private Map<String, String> uninterrupted() {
        await(node("a", World.V1).bootstrap());
        await(node("b", World.V2).up(UpOptions.standard()));
        await(node("b", World.V2).finish(FinishOptions.standard("test")));
        return data();
    }

    /** Yields how many calls the victim came to make, when it outlived the call it should have died at: the last point. */
    private int dieAt(int call, boolean lands) {
        await(node("a", World.V1).bootstrap());
        MigrationBackend<S> real = world().connect();
        DyingBackend<S> dying = DyingBackend.dyingAt(world().vertx(), real, call, lands);
        Migrator<S> victim = node("victim", World.V2, dying.backend());
        Future<Outcome> life =
                victim.up(UpOptions.standard()).compose(up -> victim.finish(FinishOptions.standard("test")));
        await(Future.any(life, dying.died()));
        boolean survived = life.isComplete() && !dying.died().isComplete();

        Migrator<S> heir = node("heir", World.V2);
        await(heir.up(UpOptions.standard()));
        await(heir.finish(FinishOptions.standard("test")));
        await(real.close());
        return survived ? dying.calls() : dying.calls() + killStride();
    }

    /* A leader that stalls for several lifetimes of its lease and then goes on must change nothing any more. */
    @Test
    void zombie_wakesUpAfterAnHeir_changesNothing() {
        for (int call = 3; call <= 24; call += zombieStride()) {
            world().fresh();
            await(node("a", World.V1).bootstrap());
            MigrationBackend<S> real = world().connect();
            DyingBackend<S> stalling = DyingBackend.stallingAt(
                    world().vertx(), real, call, world().ttl().multipliedBy(4));
            Migrator<S> zombie = node("zombie", World.V2, stalling.backend());
            Future<Outcome> life =
                    zombie.up(UpOptions.standard()).compose(up -> zombie.finish(FinishOptions.standard("zombie")));
            await(Future.any(life, stalling.died()));

            Migrator<S> heir = node("heir", World.V2);
            await(heir.up(UpOptions.standard()));
            await(heir.finish(FinishOptions.standard("test")));
            Map<String, String> done = data();
            await(Future.join(life, Future.succeededFuture()).otherwiseEmpty());

            assertThat(data()).as("stalled at call %d", call).isEqualTo(done);
            assertThat(gate()).hasToString("STEADY(2.0)");
            await(real.close());
        }
    }

    int zombieStride() {
        return 3;
    }

    @Test
    void epochs_afterManyTakeovers_neverRepeat() {
        uninterrupted();
        Map<Long, String> holders = new HashMap<>();
        for (AuditEntry entry : await(world().connect().audit(1000))) {
            if (entry.epoch() > 0) {
                String other = holders.put(entry.epoch(), entry.by());
                assertThat(other == null || other.equals(entry.by())).isTrue();
            }
        }
    }

    Migrator<S> node(String member, Release release) {
        return world().node(member, release);
    }

    Migrator<S> node(String member, Release release, MigrationBackend<S> backend) {
        return world().node(member, release, backend);
    }

    private Gate gate() {
        return await(world().connect().read()).gate();
    }

    Map<String, String> data() {
        return await(world().data());
    }

    /** Changes the data as somebody outside would. */
    abstract void plant(String key, String value);

    private static MigrationBackend.AuditNote note() {
        return new MigrationBackend.AuditNote("test", World.V1, "test");
    }

    static <T> T await(Future<T> future) {
        try {
            return future.await(60, SECONDS);
        } catch (java.util.concurrent.TimeoutException late) {
            throw new AssertionError("nothing came for 60 s", late);
        }
    }

    static void assertError(MigrationError error, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        MigrationException.class,
                        failure -> assertThat(failure.error())
                                .as(failure.getMessage())
                                .isEqualTo(error));
    }
}
