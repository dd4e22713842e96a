package io.drawbridge.core.proxy.plugin.builtin;

import static io.drawbridge.core.proxy.plugin.Given.ALICE;
import static io.drawbridge.core.proxy.plugin.Given.ROUTE;
import static io.drawbridge.core.proxy.plugin.Given.SERVICE;
import static io.drawbridge.core.proxy.plugin.Given.answer;
import static io.drawbridge.core.proxy.plugin.Given.reference;
import static io.drawbridge.core.proxy.plugin.Given.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.proxy.plugin.Exchange;
import io.drawbridge.core.proxy.plugin.Given;
import io.drawbridge.core.proxy.plugin.Plugin;
import io.drawbridge.core.proxy.plugin.Verdict;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class RateLimitingTest {
    private Instant now = Instant.parse("2026-11-24T18:59:50.250Z");
    private final InstantSource clock = () -> now;
    private final RateCounters counters = new RateCounters(clock, 1000);

    @Test
    void access_withinTheLimit_tellsWhatIsLeft() {
        Exchange exchange = request().exchange();
        assertThat(plugin(Map.of("minute", 3L, "hour", 100L)).access(exchange)).isSameAs(Verdict.PASS);
        Map<String, String> told = new HashMap<>();
        exchange.responseHeaders().forEach(entry -> told.put(entry.getKey(), entry.getValue()));
        assertThat(told)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "X-RateLimit-Limit-Minute", "3",
                        "X-RateLimit-Remaining-Minute", "2",
                        "X-RateLimit-Limit-Hour", "100",
                        "X-RateLimit-Remaining-Hour", "99",
                        "RateLimit-Limit", "3",
                        "RateLimit-Remaining", "2",
                        "RateLimit-Reset", "10"));
    }

    @Test
    void access_overTheLimit_is429UntilThePeriodEnds() {
        Plugin plugin = plugin(Map.of("minute", 2L, "hour", 100L));
        passes(plugin, request());
        passes(plugin, request());
        Verdict.Answer answer = answer(plugin.access(request().exchange()));
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.body().toString()).isEqualTo("{\"message\":\"API rate limit exceeded\"}");
        assertThat(answer.headers())
                .containsEntry("Retry-After", "10")
                .containsEntry("RateLimit-Reset", "10")
                .containsEntry("RateLimit-Remaining", "0")
                .containsEntry("X-RateLimit-Remaining-Minute", "0")
                .containsEntry("X-RateLimit-Remaining-Hour", "98");
        now = now.plusMillis(9_749);
        refuses(plugin, request());
        now = now.plusMillis(1);
        Exchange next = request().exchange();
        assertThat(plugin.access(next)).isSameAs(Verdict.PASS);
        assertThat(next.responseHeaders().get("X-RateLimit-Remaining-Minute")).isEqualTo("1");
    }

    @Test
    void access_severalPeriodsExceeded_waitsForTheLongest() {
        Plugin plugin = plugin(Map.of("second", 1L, "hour", 1L));
        passes(plugin, request());
        Verdict.Answer answer = answer(plugin.access(request().exchange()));
        assertThat(answer.headers()).containsEntry("Retry-After", "10").containsEntry("RateLimit-Limit", "1");
    }

    @Test
    void access_hiddenHeaders_areNotSent() {
        Plugin plugin = plugin(Map.of("minute", 1L, "hide_client_headers", true));
        Exchange exchange = request().exchange();
        assertThat(plugin.access(exchange)).isSameAs(Verdict.PASS);
        assertThat(exchange.responseHeaders().isEmpty()).isTrue();
        assertThat(answer(plugin.access(request().exchange())).headers()).containsOnlyKeys("Content-Type");
    }

    @Test
    void access_callers_haveCountersOfTheirOwn() {
        Plugin byIp = plugin(Map.of("minute", 1L, "limit_by", "ip"));
        passes(byIp, request().client("192.0.2.1"));
        passes(byIp, request().client("192.0.2.2"));
        refuses(byIp, request().client("192.0.2.1"));

        Plugin byHeader = plugin(Map.of("minute", 1L, "limit_by", "header", "header_name", "X-Tenant"));
        passes(byHeader, request().header("x-tenant", "a"));
        passes(byHeader, request().header("x-tenant", "b".repeat(5000)));
        refuses(byHeader, request().header("x-tenant", "b".repeat(5000)));
        passes(byHeader, request().client("192.0.2.9"));
        refuses(byHeader, request().client("192.0.2.9"));

        Plugin byPath = plugin(Map.of("minute", 1L, "limit_by", "path", "path", "/slow"));
        passes(byPath, request().path("/slow").client("192.0.2.11"));
        refuses(byPath, request().path("/slow").client("192.0.2.12"));
        passes(byPath, request().path("/other").client("192.0.2.12"));

        Plugin byService = plugin(Map.of("minute", 1L, "limit_by", "service"));
        passes(byService, request().client("192.0.2.21"));
        refuses(byService, request().client("192.0.2.22"));
    }

    @Test
    void access_consumer_isLimitedWhereverHeCallsFrom() {
        Plugin plugin = plugin(Map.of("minute", 1L));
        assertThat(plugin.access(authenticated("192.0.2.31"))).isSameAs(Verdict.PASS);
        assertThat(answer(plugin.access(authenticated("192.0.2.32"))).status()).isEqualTo(429);
        passes(plugin, request().client("192.0.2.31"));
    }

    @Test
    void counters_areKeptWhenThePluginChanges_andShareNothingWithOtherScopes() {
        Plugin before = plugin(Map.of("minute", 1L));
        passes(before, request());
        refuses(plugin(Map.of("minute", 1L, "hour", 9L)), request());
        passes(scoped("service", SERVICE), request());
        passes(scoped("route", ROUTE), request());
        refuses(scoped("route", ROUTE), request());
    }

    @Test
    void counters_areBounded() {
        Plugin plugin = plugin(Map.of("minute", 1L, "limit_by", "header", "header_name", "X-Tenant"));
        for (int i = 0; i < 20_000; i++) {
            passes(plugin, request().header("X-Tenant", "t" + i));
        }
        assertThat(counters.size()).isBetween(500, 1000);
    }

    @Test
    void counters_manyThreads_letThroughExactlyTheLimit() throws InterruptedException, ExecutionException {
        Plugin plugin = plugin(Map.of("hour", 5_000L, "day", 5_500L));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<java.util.concurrent.Future<Integer>> passed = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                passed.add(threads.submit(() -> {
                    int through = 0;
                    for (int j = 0; j < 3_000; j++) {
                        through += plugin.access(request().exchange()) == Verdict.PASS ? 1 : 0;
                    }
                    return through;
                }));
            }
            int all = 0;
            for (java.util.concurrent.Future<Integer> one : passed) {
                all += one.get();
            }
            assertThat(all).isEqualTo(5_000);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void periods_beginWithTheCalendar() {
        long moment = Instant.parse("2024-02-29T13:14:15.678Z").toEpochMilli();
        assertThat(Period.ALL.stream().map(period -> Instant.ofEpochMilli(period.begin(moment))))
                .containsExactly(
                        Instant.parse("2024-02-29T13:14:15Z"),
                        Instant.parse("2024-02-29T13:14:00Z"),
                        Instant.parse("2024-02-29T13:00:00Z"),
                        Instant.parse("2024-02-29T00:00:00Z"),
                        Instant.parse("2024-02-01T00:00:00Z"),
                        Instant.parse("2024-01-01T00:00:00Z"));
    }

    @Test
    void access_policyCluster_isCountedByEachNode() {
        Plugin plugin = plugin(Map.of("minute", 1L, "policy", "cluster"));
        passes(plugin, request());
        assertThat(answer(plugin.access(request().exchange())).status()).isEqualTo(429);
    }

    @Test
    void create_whatNeedsAStore_isRefused() {
        assertThatThrownBy(() -> plugin(Map.of("minute", 1L, "policy", "redis")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("policy redis is not available, local is");
        assertThatThrownBy(() -> plugin(Map.of())).hasMessage("no limit");
        assertThatThrownBy(() -> plugin(Map.of("minute", 1L, "limit_by", "header")))
                .hasMessage("header_name is missing");
    }

    private static Exchange authenticated(String client) {
        Exchange exchange = request().client(client).exchange();
        exchange.authenticated(ALICE, null);
        return exchange;
    }

    private static void passes(Plugin plugin, Given.Request request) {
        assertThat(plugin.access(request.exchange())).isSameAs(Verdict.PASS);
    }

    private static void refuses(Plugin plugin, Given.Request request) {
        assertThat(answer(plugin.access(request.exchange())).status()).isEqualTo(429);
    }

    private Plugin plugin(Map<String, Object> config) {
        return RateLimiting.of(Given.configured("rate-limiting", local(config)), counters);
    }

    private Plugin scoped(String field, Entity to) {
        return RateLimiting.of(
                Given.plugin(101, "rate-limiting", Map.of("config", local(Map.of("minute", 1L)), field, reference(to))),
                counters);
    }

    private static Map<String, Object> local(Map<String, Object> config) {
        Map<String, Object> all = new HashMap<>(Map.of("policy", "local"));
        all.putAll(config);
        return all;
    }
}
