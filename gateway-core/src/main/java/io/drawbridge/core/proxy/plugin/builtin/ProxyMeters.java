package io.drawbridge.core.proxy.plugin.builtin;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What was proxied, under the names that dashboards for Kong ask for. Bounded: what is beyond is counted together as {@code other}.
 * Thread-safe.
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><td>kong.http.status</td><td>tags service, route, code: answers</td></tr>
 * <tr><td>kong.http.consumer.status</td><td>tags service, route, code, consumer: answers</td></tr>
 * <tr><td>kong.bandwidth</td><td>tags service, route, type (ingress, egress): bytes</td></tr>
 * <tr><td>kong.latency</td><td>tags service, route, type (request, upstream, kong): histogram, milliseconds</td></tr>
 * <tr><td>drawbridge.proxy.meters.other</td><td>counter: requests that were counted together because of a bound</td></tr>
 * </table>
 */
final class ProxyMeters {
    private static final String OTHER = "other";
    private static final double[] BUCKETS = {
        1, 2, 5, 7, 10, 15, 20, 25, 30, 40, 50, 60, 70, 80, 90, 100, 200, 300, 400, 500, 1000, 2000, 5000, 10_000,
        30_000, 60_000
    };

    private final MeterRegistry registry;
    private final Bounds bounds;
    private final Counter others;
    private final Map<RouteKey, OfRoute> routes = new ConcurrentHashMap<>();
    private final Map<ConsumerKey, LongAdder> consumers = new ConcurrentHashMap<>();

    ProxyMeters(MeterRegistry registry, Bounds bounds) {
        this.registry = registry;
        this.bounds = bounds;
        this.others = Counter.builder("drawbridge.proxy.meters.other")
                .description("requests that were counted together because of a bound")
                .register(registry);
    }

    /**
     * How many series there can be. Immutable.
     *
     * @param routes most of a service and route; each has some 90 series
     * @param consumers most of a service, route, status and consumer
     */
    record Bounds(int routes, int consumers) {
        static Bounds defaults() {
            return new Bounds(2000, 20_000);
        }
    }

    private record RouteKey(String service, String route) {}

    private record ConsumerKey(String service, String route, String consumer, int status) {}

    OfRoute route(String service, String route) {
        RouteKey key = new RouteKey(service, route);
        OfRoute known = routes.get(key);
        if (known != null) {
            return known;
        }
        if (routes.size() >= bounds.routes()) {
            others.increment();
            return routes.computeIfAbsent(new RouteKey(OTHER, OTHER), OfRoute::new);
        }
        return routes.computeIfAbsent(key, OfRoute::new);
    }

    void consumer(String service, String route, String consumer, int status) {
        ConsumerKey key = new ConsumerKey(service, route, consumer, status);
        LongAdder known = consumers.get(key);
        if (known == null) {
            boolean full = consumers.size() >= bounds.consumers();
            known = consumers.computeIfAbsent(
                    full ? new ConsumerKey(OTHER, OTHER, OTHER, status) : key, this::register);
        }
        known.increment();
    }

    private LongAdder register(ConsumerKey key) {
        return total(
                "kong.http.consumer.status",
                "answers per consumer",
                "service",
                key.service(),
                "route",
                key.route(),
                "code",
                String.valueOf(key.status()),
                "consumer",
                key.consumer());
    }

    /* A counter would be called ..._total by the registry; dashboards ask for the name without. */
    private LongAdder total(String name, String description, String... tags) {
        LongAdder total = new LongAdder();
        Gauge.builder(name, total, LongAdder::sum)
                .description(description)
                .tags(tags)
                .strongReference(true)
                .register(registry);
        return total;
    }

    /** What is counted of one route. Thread-safe. */
    final class OfRoute {
        private final RouteKey key;
        private final Map<Integer, LongAdder> statuses = new ConcurrentHashMap<>();
        private final LongAdder ingress;
        private final LongAdder egress;
        private final DistributionSummary request;
        private final DistributionSummary upstream;
        private final DistributionSummary own;

        private OfRoute(RouteKey key) {
            this.key = key;
            this.ingress = bandwidth("ingress");
            this.egress = bandwidth("egress");
            this.request = latency("request");
            this.upstream = latency("upstream");
            this.own = latency("kong");
        }

        void answered(int status) {
            statuses.computeIfAbsent(
                            status,
                            code -> total(
                                    "kong.http.status",
                                    "answers per service and route",
                                    "service",
                                    key.service(),
                                    "route",
                                    key.route(),
                                    "code",
                                    String.valueOf(code)))
                    .increment();
        }

        void bytes(long in, long out) {
            ingress.add(in);
            egress.add(out);
        }

        /** From the first byte to the last, in milliseconds. */
        void request(double millis) {
            request.record(millis);
        }

        void upstream(double millis) {
            upstream.record(millis);
        }

        void own(double millis) {
            own.record(millis);
        }

        private LongAdder bandwidth(String type) {
            return total(
                    "kong.bandwidth",
                    "bytes per service and route",
                    "service",
                    key.service(),
                    "route",
                    key.route(),
                    "type",
                    type);
        }

        private DistributionSummary latency(String type) {
            return DistributionSummary.builder("kong.latency")
                    .description("milliseconds per service and route")
                    .tags("service", key.service(), "route", key.route(), "type", type)
                    .serviceLevelObjectives(BUCKETS)
                    .register(registry);
        }
    }
}
