package io.drawbridge.core.proxy;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * The proxy's own meters; what requests did is the plugins' to count. Thread-safe.
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><td>drawbridge.proxy.connections</td><td>gauge: connections of clients that are open</td></tr>
 * <tr><td>drawbridge.proxy.unusable.plugins</td><td>gauge: configured plugins that this node cannot run</td></tr>
 * <tr><td>drawbridge.proxy.apply</td><td>timer, tag outcome: configurations made ready</td></tr>
 * </table>
 */
final class ProxyMetrics {
    private final MeterRegistry registry;

    ProxyMetrics(MeterRegistry registry, Supplier<Number> connections, Supplier<Number> unusable) {
        this.registry = registry;
        /* Nobody else holds these, and the registry would hold them weakly. */
        Gauge.builder("drawbridge.proxy.connections", connections)
                .description("connections of clients that are open")
                .strongReference(true)
                .register(registry);
        Gauge.builder("drawbridge.proxy.unusable.plugins", unusable)
                .description("configured plugins that this node cannot run: requests that they would see are refused")
                .strongReference(true)
                .register(registry);
    }

    void applied(boolean done, long nanos) {
        Timer.builder("drawbridge.proxy.apply")
                .description("configurations made ready")
                .tag("outcome", done ? "ok" : "failed")
                .register(registry)
                .record(Duration.ofNanos(nanos));
    }
}
