package io.drawbridge.core.proxy.plugin.builtin;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.proxy.plugin.Plugin;
import io.drawbridge.core.proxy.plugin.PluginKind;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;

/** The plugins that come with the proxy, in the versions that control planes know. */
public final class BuiltIn {
    private BuiltIn() {}

    /**
     * All of them, to be made once for a proxy: limits are counted, and meters kept, across configurations.
     *
     * @param clock when credentials end and periods begin
     * @param meters where {@code prometheus} counts
     */
    public static List<PluginKind> kinds(InstantSource clock, MeterRegistry meters) {
        RateCounters counters = new RateCounters(clock, RateCounters.KEYS_MAX);
        ProxyMeters proxied = new ProxyMeters(meters, ProxyMeters.Bounds.defaults());
        return List.of(
                new Kind("key-auth", "2.3.0", 1003, plugin -> new KeyAuth(Settings.of(plugin), clock)),
                new Kind("acl", "3.0.1", 950, plugin -> new Acl(Settings.of(plugin))),
                new Kind("rate-limiting", "2.3.0", 901, plugin -> RateLimiting.of(plugin, counters)),
                new Kind("prometheus", "1.3.0", 13, plugin -> new Prometheus(Settings.of(plugin), proxied)),
                new Kind("request-termination", "2.0.1", 2, plugin -> RequestTermination.of(Settings.of(plugin))),
                new Kind("correlation-id", "2.0.1", 1, plugin -> new CorrelationId(Settings.of(plugin), clock)));
    }

    private record Kind(String name, String version, int priority, Function<Entity, Plugin> made)
            implements PluginKind {
        @Override
        public Plugin create(Entity configured) {
            return made.apply(configured);
        }
    }
}
