package io.drawbridge.core.proxy;

import io.drawbridge.core.config.ConfigSink;
import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.proxy.plugin.PluginKind;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Proxies traffic by the newest configuration that it was given. A configuration is made ready away from the event loops and comes
 * into force by one write; a request goes on with the one that it began with. Thread-safe.
 */
public final class ProxyRuntime implements ConfigSink {
    private final List<PluginKind> kinds;
    private final ProxyServers servers;
    private final Vertx vertx;
    private final ProxyMetrics metrics;
    private volatile Routing routing = Routing.empty();

    /** @param kinds the plugins that it can run */
    public ProxyRuntime(Vertx vertx, ProxyOptions options, List<PluginKind> kinds, MeterRegistry registry) {
        this.vertx = vertx;
        this.kinds = List.copyOf(kinds);
        this.servers = new ProxyServers(vertx, options, () -> routing);
        this.metrics = new ProxyMetrics(
                registry, () -> servers.connections().active(), () -> unusable().size());
    }

    /** Opens the listeners. Fails if one cannot be opened; then none is. */
    public Future<Void> start() {
        return servers.open();
    }

    /** Accepts no more, and ends when the requests in flight have, or after {@code drain} all the same. */
    public Future<Void> stop(Duration drain) {
        return servers.close(drain);
    }

    @Override
    public Future<Void> apply(ConfigSnapshot snapshot) {
        Routing before = routing;
        long began = System.nanoTime();
        return vertx.executeBlocking(() -> Routing.of(snapshot, kinds, before), false)
                .onComplete(made -> metrics.applied(made.succeeded(), System.nanoTime() - began))
                .map(next -> {
                    routing = next;
                    servers.adapt();
                    return null;
                });
    }

    /** The configuration in force; empty before the first. */
    public Optional<ConfigSnapshot> current() {
        Routing now = routing;
        return now.given() ? Optional.of(now.data().snapshot()) : Optional.empty();
    }

    /** Of the listeners, in their order, once they are open. */
    public List<Integer> ports() {
        return servers.ports();
    }

    public Connections connections() {
        return servers.connections();
    }

    /** What is not done as configured, for people. */
    public List<String> notes() {
        Routing now = routing;
        return Stream.concat(now.destinations().notes().stream(), now.router().notes().stream())
                .toList();
    }

    /** Plugins that are configured and cannot run here, by id, and why. Requests that they would see are refused. */
    public Map<UUID, String> unusable() {
        return routing.plugins().unusable();
    }
}
