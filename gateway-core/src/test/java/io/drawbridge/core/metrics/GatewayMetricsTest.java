package io.drawbridge.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.Validator;
import io.drawbridge.core.store.EntityKey;
import io.drawbridge.core.store.memory.InMemoryEntityStore;
import io.drawbridge.migration.ClusterState;
import io.drawbridge.migration.Gate;
import io.drawbridge.migration.Journal;
import io.drawbridge.migration.JournalEntry;
import io.drawbridge.migration.Lease;
import io.drawbridge.migration.LeaseView;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.Step;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class GatewayMetricsTest {
    private static final Release NODE = Release.of(2, 5);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private Optional<ClusterState> cluster = Optional.empty();
    private final GatewayMetrics metrics = new GatewayMetrics(registry, NODE, () -> cluster);

    @Test
    void lease_takenRenewedLost_isShown() {
        Lease lease = new Lease("migrations", "m", 7);
        metrics.leaseTaken(lease);
        metrics.leaseRenewed(lease);
        metrics.leaseRenewed(lease);
        assertThat(value("drawbridge.lease.epoch")).isEqualTo(7);
        assertThat(value("drawbridge.lease.held")).isEqualTo(1);
        assertThat(registry.get("drawbridge.lease.renewals").counter().count()).isEqualTo(2);
        metrics.leaseLost(lease);
        assertThat(value("drawbridge.lease.held")).isZero();
        assertThat(registry.get("drawbridge.lease.losses").counter().count()).isEqualTo(1);
    }

    @Test
    void gate_afterAGarbageCollection_isStillShown() {
        Gate steady = new Gate(Gate.State.STEADY, NODE, null, 3, null, false, false, false);
        cluster = Optional.of(state(steady));
        for (int i = 0; i < 5; i++) {
            System.gc();
        }
        assertThat(value("drawbridge.gate.open")).isEqualTo(1);
        assertThat(gate("steady")).isEqualTo(1);
    }

    @Test
    void gate_moved_isShownByState() {
        Gate open = new Gate(Gate.State.OPEN, Release.of(2, 4), NODE, 5, null, false, false, false);
        cluster = Optional.of(state(open));
        assertThat(gate("open")).isEqualTo(1);
        assertThat(gate("steady")).isZero();
        assertThat(value("drawbridge.gate.open")).isZero();
        assertThat(value("drawbridge.gate.seq")).isEqualTo(5);
        cluster = Optional.of(state(open.to(Gate.State.STEADY, NODE, null)));
        assertThat(value("drawbridge.gate.open")).isEqualTo(1);
        cluster = Optional.empty();
        assertThat(gate("steady")).isZero();
        assertThat(value("drawbridge.gate.open")).isZero();
    }

    private static ClusterState state(Gate gate) {
        return new ClusterState(
                gate, Journal.empty(), new LeaseView("", 0, 0, Duration.ZERO, null), Optional.empty(), "x");
    }

    private double gate(String state) {
        return registry.get("drawbridge.gate.state").tag("state", state).gauge().value();
    }

    @Test
    void rows_toldAsTotals_areCountedOnce() {
        Step step = new Step() {
            @Override
            public String name() {
                return "fill";
            }

            @Override
            public String describe() {
                return "fills";
            }
        };
        JournalEntry entry = JournalEntry.of("core/1", JournalEntry.State.CONVERTING, 0);
        metrics.stepProgress("core/1", step, entry.at("a", 100, 250));
        metrics.stepProgress("core/1", step, entry.at("b", 250, 250));
        metrics.stepDone("core/1", JournalEntry.State.CONVERTING, step, Duration.ofMillis(3));
        assertThat(registry.get("drawbridge.migration.rows").counter().count()).isEqualTo(250);
        assertThat(registry.get("drawbridge.migration.step")
                        .tag("step", "fill")
                        .timer()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void store_calls_areTimedByOutcome_writesAreTold() {
        List<EntityType> told = new ArrayList<>();
        Gate[] gate = {new Gate(Gate.State.STEADY, NODE, null, 1, null, false, false, false)};
        MeteredEntityStore store =
                new MeteredEntityStore(new InMemoryEntityStore(() -> gate[0], NODE), metrics, told::add);
        EntityType services = EntityTypes.at(NODE).get("services");
        store.insert(new Validator(InstantSource.system())
                .create(services, Map.of("host", "a"))
                .entity());
        gate[0] = new Gate(Gate.State.FENCED, NODE, NODE, 2, null, false, false, false);
        store.delete(services, EntityKey.named("x"), null);
        assertThat(told).containsExactly(services);
        assertThat(registry.get("drawbridge.store.calls")
                        .tags("operation", "insert", "outcome", "ok")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("drawbridge.store.calls")
                        .tags("operation", "delete", "outcome", "MIGRATION_PENDING")
                        .timer()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void admin_inventedMethods_doNotMakeMeters() {
        metrics.adminRequest("XYZZY", "unknown", 405, Duration.ofMillis(1));
        metrics.adminRequest("PLUGH", "unknown", 405, Duration.ofMillis(1));
        assertThat(registry.get("drawbridge.admin.requests")
                        .tag("method", "other")
                        .timer()
                        .count())
                .isEqualTo(2);
    }

    private double value(String name) {
        return registry.get(name).gauge().value();
    }
}
