package io.drawbridge.migration;

import static io.drawbridge.migration.Waiting.assertError;
import static io.drawbridge.migration.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drawbridge.migration.Gate.State;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Leaders that die, stall and wake up, and the lease that keeps them apart: afterwards nobody can tell. */
abstract class SurvivalContract<S extends Step> extends EngineContract<S> {
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
}
