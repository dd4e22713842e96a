package io.drawbridge.core.proxy.plugin.builtin;

import static io.drawbridge.core.proxy.plugin.Given.ALICE;
import static io.drawbridge.core.proxy.plugin.Given.ROUTE;
import static io.drawbridge.core.proxy.plugin.Given.SERVICE;
import static io.drawbridge.core.proxy.plugin.Given.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.proxy.plugin.Exchange;
import io.drawbridge.core.proxy.plugin.Given;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PrometheusTest {
    private static final long MILLI = 1_000_000;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ProxyMeters meters = new ProxyMeters(registry, new ProxyMeters.Bounds(2, 2));

    @Test
    void log_requestOfAService_isCountedByServiceAndRoute() {
        logged(false, ROUTE, SERVICE, null, 200);
        logged(false, ROUTE, SERVICE, ALICE, 200);
        logged(false, ROUTE, SERVICE, null, 404);
        assertThat(gauge("kong.http.status", "service", "orders", "route", "main", "code", "200"))
                .isEqualTo(2);
        assertThat(gauge("kong.http.status", "service", "orders", "route", "main", "code", "404"))
                .isEqualTo(1);
        assertThat(gauge("kong.bandwidth", "service", "orders", "route", "main", "type", "ingress"))
                .isEqualTo(30);
        assertThat(gauge("kong.bandwidth", "service", "orders", "route", "main", "type", "egress"))
                .isEqualTo(300);
        assertThat(latency("upstream").max()).isEqualTo(7);
        assertThat(latency("request").max()).isEqualTo(12);
        assertThat(latency("request").count()).isEqualTo(3);
        assertThat(latency("kong").count()).isEqualTo(3);
        assertThat(latency("kong").max()).isBetween(3.0, 10_000.0);
        assertThat(registry.find("kong.http.consumer.status").meters()).isEmpty();
    }

    @Test
    void log_nameless_areTheHostAndTheId() {
        Entity service = Given.entity("services", 31, Map.of("host", "h.internal"));
        Entity route = Given.entity("routes", 32, Map.of());
        logged(false, route, service, null, 200);
        assertThat(gauge(
                        "kong.http.status",
                        "service",
                        "h.internal",
                        "route",
                        route.id().toString(),
                        "code",
                        "200"))
                .isEqualTo(1);
    }

    @Test
    void log_withoutAService_isNotCounted() {
        logged(true, ROUTE, null, ALICE, 200);
        assertThat(registry.find("kong.http.status").meters()).isEmpty();
    }

    @Test
    void log_perConsumer_countsThoseThatAreKnown() {
        logged(true, ROUTE, SERVICE, ALICE, 201);
        logged(true, ROUTE, SERVICE, null, 201);
        assertThat(gauge(
                        "kong.http.consumer.status",
                        "service",
                        "orders",
                        "route",
                        "main",
                        "code",
                        "201",
                        "consumer",
                        "alice"))
                .isEqualTo(1);
    }

    @Test
    void log_answeredHere_hasNoUpstreamLatency() {
        Exchange exchange = request().exchange();
        exchange.status(401);
        exchange.finished(exchange.incoming().nanos() + 2 * MILLI, 1, 1);
        new Prometheus(new Settings(Map.of()), meters).log(exchange);
        assertThat(latency("upstream").count()).isZero();
        assertThat(latency("request").count()).isEqualTo(1);
    }

    @Test
    void series_areBounded() {
        for (int i = 0; i < 10; i++) {
            Entity route = Given.entity("routes", 40 + i, Map.of("name", "r" + i));
            logged(true, route, SERVICE, ALICE, 200 + i);
        }
        assertThat(registry.find("kong.bandwidth").tag("type", "egress").meters())
                .hasSize(3);
        assertThat(gauge("kong.bandwidth", "service", "other", "route", "other", "type", "egress"))
                .isEqualTo(800);
        assertThat(registry.find("kong.http.consumer.status")
                        .tag("consumer", "alice")
                        .meters())
                .hasSize(2);
        assertThat(registry.get("drawbridge.proxy.meters.other").counter().count())
                .isEqualTo(8);
    }

    private void logged(boolean perConsumer, Entity route, Entity service, Entity consumer, int status) {
        Exchange exchange = request()
                .on(route, service)
                .arrived(System.nanoTime() - 10 * MILLI)
                .exchange();
        if (consumer != null) {
            exchange.authenticated(consumer, null);
        }
        Prometheus plugin = new Prometheus(new Settings(Map.of("per_consumer", perConsumer)), meters);
        exchange.status(status);
        exchange.upstreamNanos(7 * MILLI);
        exchange.finished(exchange.incoming().nanos() + 12 * MILLI, 10, 100);
        plugin.response(exchange);
        plugin.log(exchange);
    }

    private double gauge(String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }

    private DistributionSummary latency(String type) {
        return registry.get("kong.latency")
                .tags("service", "orders", "route", "main", "type", type)
                .summary();
    }
}
