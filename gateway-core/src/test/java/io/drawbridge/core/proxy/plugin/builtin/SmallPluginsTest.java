package io.drawbridge.core.proxy.plugin.builtin;

import static io.drawbridge.core.proxy.plugin.Given.answer;
import static io.drawbridge.core.proxy.plugin.Given.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drawbridge.core.proxy.plugin.Exchange;
import io.drawbridge.core.proxy.plugin.Given;
import io.drawbridge.core.proxy.plugin.Plugin;
import io.drawbridge.core.proxy.plugin.PluginKind;
import io.drawbridge.core.proxy.plugin.Verdict;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SmallPluginsTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(1_800_000_000_123L));
    private static final Map<String, PluginKind> KINDS = BuiltIn.kinds(CLOCK, new SimpleMeterRegistry()).stream()
            .collect(Collectors.toMap(PluginKind::name, kind -> kind));

    @Test
    void kinds_areThoseThatAreBuiltIn_inTheirOrder() {
        assertThat(KINDS.values().stream()
                        .sorted((one, other) -> other.priority() - one.priority())
                        .map(kind -> kind.name() + " " + kind.version()))
                .containsExactly(
                        "key-auth 2.3.0",
                        "acl 3.0.1",
                        "rate-limiting 2.3.0",
                        "prometheus 1.3.0",
                        "request-termination 2.0.1",
                        "correlation-id 2.0.1");
    }

    @Test
    void kinds_defaultConfiguration_isOneTheyCanRun() {
        for (String name : List.of("key-auth", "prometheus", "request-termination", "correlation-id")) {
            assertThat(plugin(name, Map.of())).isNotNull();
        }
    }

    @Test
    void termination_answersWhatIsConfigured() {
        terminates(Map.of(), 503, "{\"message\":\"Service unavailable\"}", "application/json; charset=utf-8");
        terminates(Map.of("status_code", 404L), 404, "{\"message\":\"Not found\"}", "application/json; charset=utf-8");
        terminates(
                Map.of("status_code", 418L, "message", "I'm a \"teapot\""),
                418,
                "{\"message\":\"I'm a \\\"teapot\\\"\"}",
                "application/json; charset=utf-8");
        terminates(Map.of("status_code", 200L, "body", "<p>", "content_type", "text/html"), 200, "<p>", "text/html");
        terminates(Map.of("status_code", 200L, "body", "{}"), 200, "{}", "application/json; charset=utf-8");
        terminates(Map.of("status_code", 418L), 418, "", null);
        terminates(Map.of("status_code", 204L, "body", "x"), 204, "", null);
        assertThatThrownBy(() -> plugin("request-termination", Map.of("status_code", 101L)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void correlation_requestWithout_getsAnId() {
        for (Map.Entry<String, String> generator : Map.of(
                        "uuid", "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
                        "uuid#counter", "[0-9a-f-]{36}#[0-9]+",
                        "tracker", "192\\.0\\.2\\.1-8000-[0-9]+-[0-9]+-1-1800000000\\.123")
                .entrySet()) {
            Plugin plugin = plugin("correlation-id", Map.of("generator", generator.getKey()));
            Set<String> ids = new HashSet<>();
            for (int i = 0; i < 100; i++) {
                Exchange exchange = request().exchange();
                assertThat(plugin.access(exchange)).isSameAs(Verdict.PASS);
                String id = exchange.headers().get("Kong-Request-ID");
                assertThat(id).matches(generator.getValue());
                ids.add(id);
            }
            assertThat(ids).hasSize(100);
        }
    }

    @Test
    void correlation_requestWithAnId_keepsIt() {
        Exchange exchange = request().header("X-Id", "mine").exchange();
        Plugin plugin = plugin("correlation-id", Map.of("header_name", "x-id", "echo_downstream", true));
        assertThat(plugin.access(exchange)).isSameAs(Verdict.PASS);
        plugin.response(exchange);
        assertThat(exchange.headers().getAll("X-Id")).containsExactly("mine");
        assertThat(exchange.responseHeaders().get("X-Id")).isEqualTo("mine");
    }

    @Test
    void correlation_echo_isOnlyWhenAskedFor() {
        for (boolean echo : List.of(true, false)) {
            Exchange exchange = request().exchange();
            Plugin plugin = plugin("correlation-id", Map.of("echo_downstream", echo));
            assertThat(plugin.access(exchange)).isSameAs(Verdict.PASS);
            plugin.response(exchange);
            assertThat(exchange.responseHeaders().get("Kong-Request-ID"))
                    .isEqualTo(echo ? exchange.headers().get("Kong-Request-ID") : null);
        }
        Exchange answeredBefore = request().exchange();
        plugin("correlation-id", Map.of("echo_downstream", true)).response(answeredBefore);
        assertThat(answeredBefore.responseHeaders().isEmpty()).isTrue();
    }

    private static void terminates(Map<String, Object> config, int status, String body, String type) {
        Verdict.Answer answer =
                answer(plugin("request-termination", config).access(request().exchange()));
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body().toString()).isEqualTo(body);
        assertThat(answer.headers().get("Content-Type")).isEqualTo(type);
    }

    private static Plugin plugin(String name, Map<String, Object> config) {
        return KINDS.get(name).create(Given.configured(name, config));
    }
}
