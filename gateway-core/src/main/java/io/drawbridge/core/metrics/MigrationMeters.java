package io.drawbridge.core.metrics;

import io.drawbridge.migration.ClusterState;
import io.drawbridge.migration.Gate;
import io.drawbridge.migration.JournalEntry;
import io.drawbridge.migration.Lease;
import io.drawbridge.migration.MigrationListener;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.Step;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** The migrations and the gate as meters: {@code drawbridge_migration_*}, {@code drawbridge_gate_*}. Thread-safe. */
public final class MigrationMeters implements MigrationListener {
    private final MeterRegistry registry;
    private final AtomicLong epoch = new AtomicLong();
    private final AtomicLong leading = new AtomicLong();
    private final Counter renewals;
    private final Counter lost;
    private final Counter rows;
    private final Counter lockWaits;
    private final Counter waits;
    private final Map<String, Long> rowsSeen = new HashMap<>();

    /**
     * @param release of this node
     * @param cluster as last seen; empty if it is not known
     */
    public MigrationMeters(MeterRegistry registry, Release release, Supplier<Optional<ClusterState>> cluster) {
        this.registry = registry;
        this.renewals = registry.counter("drawbridge.migration.lease.renewals");
        this.lost = registry.counter("drawbridge.migration.lease.lost");
        this.rows = registry.counter("drawbridge.migration.backfill.rows");
        this.lockWaits = registry.counter("drawbridge.migration.lock.waits");
        this.waits = registry.counter("drawbridge.migration.leader.waits");
        Gauge.builder("drawbridge.migration.lease.epoch", epoch, AtomicLong::get)
                .description("epoch of the last lease that this node held")
                .register(registry);
        Gauge.builder("drawbridge.migration.leading", leading, AtomicLong::get)
                .description("1 while this node leads")
                .register(registry);
        Gauge.builder(
                        "drawbridge.gate.open",
                        cluster,
                        latest -> latest.get()
                                .map(state -> state.gate().refusal(release).isEmpty() ? 1.0 : 0.0)
                                .orElse(0.0))
                .description("1 while this node may write")
                .register(registry);
        for (Gate.State state : Gate.State.values()) {
            Gauge.builder(
                            "drawbridge.gate.state",
                            cluster,
                            latest -> latest.get()
                                    .map(seen -> seen.gate().state() == state ? 1.0 : 0.0)
                                    .orElse(0.0))
                    .tag("state", state.name().toLowerCase(Locale.ROOT))
                    .description("1 for the state that the cluster is in; all 0 if it is not known")
                    .register(registry);
        }
    }

    @Override
    public void leaseTaken(Lease lease) {
        epoch.set(lease.epoch());
        leading.set(1);
    }

    @Override
    public void leaseRenewed(Lease lease) {
        renewals.increment();
    }

    @Override
    public void leaseLost(Lease lease) {
        lost.increment();
        leading.set(0);
    }

    @Override
    public void leaseReleased(Lease lease) {
        leading.set(0);
    }

    @Override
    public void waiting(io.drawbridge.migration.LeaseView leader) {
        waits.increment();
    }

    @Override
    public synchronized void stepProgress(String migration, Step step, JournalEntry entry) {
        String key = migration + '/' + step.name();
        long before = rowsSeen.getOrDefault(key, 0L);
        rows.increment(Math.max(0, entry.rowsDone() - before));
        rowsSeen.put(key, entry.rowsDone());
    }

    @Override
    public synchronized void stepDone(String migration, JournalEntry.State phase, Step step, Duration took) {
        rowsSeen.remove(migration + '/' + step.name());
        timer(phase, "done").record(took);
    }

    @Override
    public void stepFailed(String migration, JournalEntry.State phase, Step step, Throwable failure) {
        registry.counter("drawbridge.migration.step.failures", "phase", phase(phase))
                .increment();
    }

    @Override
    public void lockWait(String migration, Step step, String blockers) {
        lockWaits.increment();
    }

    private Timer timer(JournalEntry.State phase, String outcome) {
        return registry.timer("drawbridge.migration.step", "phase", phase(phase), "outcome", outcome);
    }

    private static String phase(JournalEntry.State phase) {
        return phase.name().toLowerCase(Locale.ROOT);
    }
}
