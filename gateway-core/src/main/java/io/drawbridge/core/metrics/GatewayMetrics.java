package io.drawbridge.core.metrics;

import io.drawbridge.migration.ClusterState;
import io.drawbridge.migration.Gate;
import io.drawbridge.migration.JournalEntry;
import io.drawbridge.migration.Lease;
import io.drawbridge.migration.LeaseView;
import io.drawbridge.migration.MigrationListener;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.Step;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Every meter of the product. Names as Micrometer has them; Prometheus writes {@code drawbridge_lease_epoch} and so on,
 * times in seconds. Thread-safe.
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><td>drawbridge.lease.epoch</td><td>gauge, tag lease: the epoch that this node last held</td></tr>
 * <tr><td>drawbridge.lease.held</td><td>gauge, tag lease: 1 while this node holds it</td></tr>
 * <tr><td>drawbridge.lease.renewals</td><td>counter, tag lease</td></tr>
 * <tr><td>drawbridge.lease.losses</td><td>counter, tag lease: superseded or not renewed in time</td></tr>
 * <tr><td>drawbridge.migration.step</td><td>timer, tags migration, phase, step</td></tr>
 * <tr><td>drawbridge.migration.step.failures</td><td>counter, tags migration, phase, step</td></tr>
 * <tr><td>drawbridge.migration.rows</td><td>counter, tag migration: rows that backfills visited</td></tr>
 * <tr><td>drawbridge.migration.leader.waits</td><td>counter: looks at a lease that another node holds</td></tr>
 * <tr><td>drawbridge.migration.lock.waits</td><td>counter, tag migration: steps seen waiting for locks of others</td></tr>
 * <tr><td>drawbridge.gate.state</td><td>gauge, tag state: 1 for the state in which the cluster was last seen</td></tr>
 * <tr><td>drawbridge.gate.open</td><td>gauge: 1 if this node could write then</td></tr>
 * <tr><td>drawbridge.gate.seq</td><td>gauge: the gate's sequence number</td></tr>
 * <tr><td>drawbridge.admin.requests</td><td>timer, tags method, route, status</td></tr>
 * <tr><td>drawbridge.store.calls</td><td>timer, tags entity, operation, outcome</td></tr>
 * <tr><td>drawbridge.config.revision</td><td>gauge: the newest revision that this node numbered</td></tr>
 * </table>
 */
public final class GatewayMetrics implements MigrationListener {
    private final MeterRegistry registry;
    private final Map<String, AtomicLong> epochs = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> held = new ConcurrentHashMap<>();
    /* Rows are told as totals per step; counters want what came since. */
    private final Map<String, Long> rowsSeen = new HashMap<>();
    private final AtomicLong revision = new AtomicLong();

    /**
     * @param node this node's release
     * @param cluster as last seen; empty if it is not known
     */
    public GatewayMetrics(MeterRegistry registry, Release node, Supplier<Optional<ClusterState>> cluster) {
        this.registry = registry;
        for (Gate.State state : Gate.State.values()) {
            gate("drawbridge.gate.state", cluster, gate -> gate.state() == state ? 1 : 0)
                    .description("1 for the state that the cluster is in; all 0 if it is not known")
                    .tag("state", state.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        gate("drawbridge.gate.open", cluster, gate -> gate.refusal(node).isEmpty() ? 1 : 0)
                .description("1 while this node may write; 0 if that is not known")
                .register(registry);
        gate("drawbridge.gate.seq", cluster, Gate::seq)
                .description("sequence number of the gate")
                .register(registry);
        Gauge.builder("drawbridge.config.revision", revision, AtomicLong::get)
                .description("newest revision that this node numbered")
                .register(registry);
    }

    private static Gauge.Builder<Supplier<Optional<ClusterState>>> gate(
            String name, Supplier<Optional<ClusterState>> cluster, ToDoubleFunction<Gate> value) {
        /* The registry holds what it measures weakly unless told otherwise, and nobody else holds this. */
        return Gauge.builder(
                        name,
                        cluster,
                        latest -> latest.get()
                                .map(state -> value.applyAsDouble(state.gate()))
                                .orElse(0.0))
                .strongReference(true);
    }

    /** A revision that this node numbered. */
    public void numbered(long newest) {
        revision.set(newest);
    }

    /** @param route the pattern that matched, never the path itself */
    public void adminRequest(String method, String route, int status, Duration took) {
        timer("drawbridge.admin.requests", "method", known(method), "route", route, "status", String.valueOf(status))
                .record(took);
    }

    /** @param outcome {@code ok}, or the error's code */
    void storeCall(String entity, String operation, String outcome, Duration took) {
        timer("drawbridge.store.calls", "entity", entity, "operation", operation, "outcome", outcome)
                .record(took);
    }

    @Override
    public void leaseTaken(Lease lease) {
        gauge(epochs, "drawbridge.lease.epoch", lease.name()).set(lease.epoch());
        gauge(held, "drawbridge.lease.held", lease.name()).set(1);
    }

    @Override
    public void leaseRenewed(Lease lease) {
        registry.counter("drawbridge.lease.renewals", "lease", lease.name()).increment();
    }

    @Override
    public void leaseLost(Lease lease) {
        gauge(held, "drawbridge.lease.held", lease.name()).set(0);
        registry.counter("drawbridge.lease.losses", "lease", lease.name()).increment();
    }

    @Override
    public void leaseReleased(Lease lease) {
        gauge(held, "drawbridge.lease.held", lease.name()).set(0);
    }

    @Override
    public void waiting(LeaseView leader) {
        registry.counter("drawbridge.migration.leader.waits").increment();
    }

    @Override
    public synchronized void stepProgress(String migration, Step step, JournalEntry entry) {
        String key = migration + "/" + step.name();
        long before = rowsSeen.getOrDefault(key, 0L);
        if (entry.rowsDone() > before) {
            registry.counter("drawbridge.migration.rows", "migration", migration)
                    .increment(entry.rowsDone() - before);
        }
        rowsSeen.put(key, entry.rowsDone());
    }

    @Override
    public synchronized void stepDone(String migration, JournalEntry.State phase, Step step, Duration took) {
        rowsSeen.remove(migration + "/" + step.name());
        timer("drawbridge.migration.step", "migration", migration, "phase", phase(phase), "step", step.name())
                .record(took);
    }

    @Override
    public void stepFailed(String migration, JournalEntry.State phase, Step step, Throwable failure) {
        registry.counter(
                        "drawbridge.migration.step.failures",
                        "migration",
                        migration,
                        "phase",
                        phase(phase),
                        "step",
                        step.name())
                .increment();
    }

    @Override
    public void lockWait(String migration, Step step, String blockers) {
        registry.counter("drawbridge.migration.lock.waits", "migration", migration)
                .increment();
    }

    private static String phase(JournalEntry.State phase) {
        return phase.name().toLowerCase(Locale.ROOT);
    }

    private AtomicLong gauge(Map<String, AtomicLong> values, String name, String lease) {
        return values.computeIfAbsent(lease, made -> {
            AtomicLong value = new AtomicLong();
            Gauge.builder(name, value, AtomicLong::get).tag("lease", lease).register(registry);
            return value;
        });
    }

    private Timer timer(String name, String... tags) {
        return registry.timer(name, tags);
    }

    /** Clients may invent methods; meters must not grow with them. */
    private static String known(String method) {
        return switch (method) {
            case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" -> method;
            default -> "other";
        };
    }
}
