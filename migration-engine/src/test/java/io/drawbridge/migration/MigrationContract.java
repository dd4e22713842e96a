package io.drawbridge.migration;

import static io.drawbridge.migration.Waiting.assertError;
import static io.drawbridge.migration.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What operations do, and what the seam promises them. */
abstract class MigrationContract<S extends Step> extends EngineContract<S> {
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
        world().plant("trouble-7", "x");

        assertThatThrownBy(() -> await(node("b", World.V2).up(UpOptions.standard())))
                .isInstanceOfSatisfying(MigrationException.class, failure -> {
                    assertThat(failure.error()).isEqualTo(MigrationError.PREFLIGHT_BLOCKED);
                    assertThat(String.join("\n", failure.details())).contains("trouble-7", "remove it");
                });
        world().plant("trouble-7", null);
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
}
