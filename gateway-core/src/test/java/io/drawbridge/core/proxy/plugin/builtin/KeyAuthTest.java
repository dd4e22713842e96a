package io.drawbridge.core.proxy.plugin.builtin;

import static io.drawbridge.core.proxy.plugin.Given.ALICE;
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
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeyAuthTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
    private static final Entity NOBODY = Given.entity("consumers", 9, Map.of("username", "nobody"));
    private static final Entity KEY = key(10, "s3cret", Map.of());

    @Test
    void access_rightKey_tellsTheServiceWhoCalls() {
        for (Given.Request request : List.of(
                request().header("ApiKey", "s3cret"),
                request().query("a=b&apikey=s3cret"),
                request().query("%61pikey=s3%63ret"))) {
            Exchange exchange = known(request);
            assertThat(access(exchange, Map.of())).isSameAs(Verdict.PASS);
            assertThat(exchange.consumer()).contains(ALICE);
            assertThat(exchange.credential()).contains(KEY);
            assertThat(exchange.headers().get("X-Consumer-ID")).isEqualTo(ALICE.get("id"));
            assertThat(exchange.headers().get("X-Consumer-Custom-ID")).isEqualTo("a-1");
            assertThat(exchange.headers().get("X-Consumer-Username")).isEqualTo("alice");
            assertThat(exchange.headers().get("X-Credential-Identifier")).isEqualTo(KEY.get("id"));
            assertThat(exchange.headers().contains("X-Anonymous-Consumer")).isFalse();
        }
    }

    @Test
    void access_noKey_is401AndSaysHow() {
        for (Given.Request request : List.of(
                request(),
                request().query("apikey"),
                request().query("apikey="),
                request().header("apikey", ""),
                request().query("APIKEY=s3cret"),
                request().header("Authorization", "s3cret"))) {
            Verdict.Answer answer = answer(access(known(request), Map.of()));
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.body().toString()).isEqualTo("{\"message\":\"No API key found in request\"}");
            assertThat(answer.headers()).containsEntry("WWW-Authenticate", "Key realm=\"kong\"");
        }
    }

    @Test
    void access_wrongOrSeveralKeys_are401() {
        refused(request().header("apikey", "wrong"), "Invalid authentication credentials");
        refused(request().header("apikey", "s3cret "), "Invalid authentication credentials");
        refused(request().header("apikey", "wrong").query("apikey=s3cret"), "Invalid authentication credentials");
        refused(request().header("apikey", "s3cret").header("apikey", "s3cret"), "Duplicate API key found");
        refused(request().query("apikey=s3cret&apikey=x"), "Duplicate API key found");
    }

    @Test
    void access_credentialThatEnds_endsAtItsMoment() {
        Entity ending = key(11, "brief", Map.of("ttl", NOW.getEpochSecond() + 5));
        Exchange exchange =
                request().header("apikey", "brief").config(ALICE, ending).exchange();
        assertThat(plugin(Map.of(), NOW.plusSeconds(4)).access(exchange)).isSameAs(Verdict.PASS);
        Verdict.Answer answer = answer(plugin(Map.of(), NOW.plusSeconds(5)).access(exchange));
        assertThat(answer.body().toString()).contains("Invalid authentication credentials");
    }

    @Test
    void access_credentialWithoutItsConsumer_isInvalid() {
        Exchange exchange = request().header("apikey", "s3cret").config(KEY).exchange();
        assertThat(answer(access(exchange, Map.of())).status()).isEqualTo(401);
    }

    @Test
    void access_headersThatAClientForges_doNotReachTheService() {
        String[] forged = {
            "X-Consumer-ID", "x-consumer-username", "X_Consumer_Custom-ID", "X-Credential-Identifier",
            "X-Credential-Username", "X-Anonymous-Consumer", "X-Consumer-Groups", "x_consumer_groups"
        };
        for (Map<String, Object> config : List.<Map<String, Object>>of(Map.of(), Map.of("run_on_preflight", false))) {
            Given.Request request = request().method(config.isEmpty() ? "GET" : "OPTIONS");
            for (String name : forged) {
                request.header(name, "admin");
            }
            Exchange exchange = known(request.header("apikey", "s3cret").header("X_Other", "stays"));
            assertThat(access(exchange, config)).isSameAs(Verdict.PASS);
            assertThat(exchange.headers().entries())
                    .noneMatch(entry -> entry.getValue().equals("admin"));
            assertThat(exchange.headers().get("X_Other")).isEqualTo("stays");
        }
    }

    @Test
    void access_preflight_needsNoKeyIfSoConfigured() {
        assertThat(access(known(request().method("OPTIONS")), Map.of("run_on_preflight", false)))
                .isSameAs(Verdict.PASS);
        assertThat(answer(access(known(request().method("OPTIONS")), Map.of())).status())
                .isEqualTo(401);
        assertThat(answer(access(known(request()), Map.of("run_on_preflight", false)))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void access_anonymous_isWhoeverHasNoRightKey() {
        for (Object anonymous : List.of(NOBODY.get("id"), "nobody")) {
            for (Given.Request request : List.of(
                    request(),
                    request().header("apikey", "wrong"),
                    request().query("apikey=1&apikey=2").header("X-Consumer-Username", "root"))) {
                Exchange exchange = request.config(ALICE, NOBODY, KEY).exchange();
                assertThat(access(exchange, Map.of("anonymous", anonymous))).isSameAs(Verdict.PASS);
                assertThat(exchange.consumer()).contains(NOBODY);
                assertThat(exchange.credential()).isEmpty();
                assertThat(exchange.headers().get("X-Anonymous-Consumer")).isEqualTo("true");
                assertThat(exchange.headers().get("X-Consumer-Username")).isEqualTo("nobody");
                assertThat(exchange.headers().contains("X-Credential-Identifier"))
                        .isFalse();
            }
        }
    }

    @Test
    void access_anonymousConsumerIsGone_fails() {
        assertThat(access(known(request()), Map.of("anonymous", NOBODY.get("id")))
                        .failed())
                .isTrue();
    }

    @Test
    void access_alreadyAuthenticated_isKeptOnlyIfAnonymousIsAllowed() {
        Exchange exchange = request().config(ALICE, NOBODY, KEY).exchange();
        exchange.authenticated(ALICE, Given.entity("basicauth_credentials", 50, Map.of()));
        exchange.headers().set("X-Consumer-Username", "alice");
        assertThat(access(exchange, Map.of("anonymous", NOBODY.get("id")))).isSameAs(Verdict.PASS);
        assertThat(exchange.consumer()).contains(ALICE);
        assertThat(exchange.headers().get("X-Consumer-Username")).isEqualTo("alice");
        assertThat(answer(access(exchange, Map.of())).status()).isEqualTo(401);
    }

    @Test
    void access_hideCredentials_takesTheKeyFromEverywhere() {
        Exchange exchange = known(request()
                .header("apikey", "s3cret")
                .query("x=1&%61pikey=other&flag&y=%20")
                .body("application/json; charset=utf-8", "{\"apikey\":\"s3cret\",\"n\":1}"));
        assertThat(access(exchange, Map.of("hide_credentials", true, "key_in_body", true))
                        .result())
                .isInstanceOf(Verdict.Pass.class);
        assertThat(exchange.headers().contains("apikey")).isFalse();
        assertThat(exchange.query()).isEqualTo("x=1&flag&y=%20");
        assertThat(exchange.replacedBody().orElseThrow().toString()).isEqualTo("{\"n\":1}");

        Exchange alone = known(request().query("apikey=s3cret"));
        assertThat(access(alone, Map.of("hide_credentials", true))).isSameAs(Verdict.PASS);
        assertThat(alone.query()).isNull();
        Exchange shown = known(request().query("apikey=s3cret"));
        assertThat(access(shown, Map.of())).isSameAs(Verdict.PASS);
        assertThat(shown.query()).isEqualTo("apikey=s3cret");
    }

    @Test
    void access_keyInBody_isFoundInFormsAndJson() {
        Map<String, Object> config = Map.of("key_in_body", true);
        for (Given.Request request : List.of(
                request().body("application/x-www-form-urlencoded", "a=1&apikey=s3cret"),
                request().body("application/json", "{\"apikey\":\"s3cret\"}"),
                request()
                        .body(
                                "multipart/form-data; boundary=xy",
                                "--xy\r\nContent-Disposition: form-data; name=\"apikey\"\r\n\r\ns3cret\r\n--xy--\r\n"))) {
            assertThat(access(known(request), config).result()).isInstanceOf(Verdict.Pass.class);
            assertThat(answer(access(known(request), Map.of())).status()).isEqualTo(401);
        }
        refused(
                request().body("application/json", "{\"apikey\":[\"s3cret\",\"x\"]}"),
                config,
                "Duplicate API key found");
        refused(request().body("application/json", "{\"apikey\":7}"), config, "No API key found in request");
        for (Given.Request unreadable : List.of(
                request(),
                request().body("text/plain", "apikey=s3cret"),
                request().body("application/json", "[1]"),
                request().body("application/json", "{"))) {
            Verdict.Answer answer = answer(access(known(unreadable), config));
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body().toString()).isEqualTo("{\"message\":\"Cannot process request body\"}");
        }
    }

    @Test
    void access_keyNames_areLookedForInOrder() {
        Map<String, Object> config = Map.of("key_names", List.of("x_key", "apikey"));
        assertThat(access(known(request().header("X-Key", "s3cret")), config)).isSameAs(Verdict.PASS);
        assertThat(access(known(request().header("X_Key", "s3cret")), config)).isSameAs(Verdict.PASS);
        assertThat(access(known(request().query("apikey=s3cret")), config)).isSameAs(Verdict.PASS);
        refused(request().query("x_key=wrong&apikey=s3cret"), config, "Invalid authentication credentials");
        refused(request().header("apikey", "s3cret"), Map.of("key_in_header", false), "No API key found in request");
        refused(request().query("apikey=s3cret"), Map.of("key_in_query", false), "No API key found in request");
    }

    @Test
    void create_withoutNames_isRefused() {
        assertThatThrownBy(() -> plugin(Map.of("key_names", List.of()), NOW))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static void refused(Given.Request request, String message) {
        refused(request, Map.of(), message);
    }

    private static void refused(Given.Request request, Map<String, Object> config, String message) {
        Exchange exchange = known(request);
        Verdict.Answer answer = answer(access(exchange, config));
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.body().toString()).isEqualTo("{\"message\":\"" + message + "\"}");
        assertThat(exchange.consumer()).isEmpty();
    }

    private static Exchange known(Given.Request request) {
        return request.config(ALICE, KEY).exchange();
    }

    private static Future<Verdict> access(Exchange exchange, Map<String, Object> config) {
        return plugin(config, NOW).access(exchange);
    }

    private static Plugin plugin(Map<String, Object> config, Instant now) {
        Map<String, Object> all = new HashMap<>(Map.of("key_names", List.of("apikey")));
        all.putAll(config);
        return new KeyAuth(Settings.of(Given.configured("key-auth", all)), InstantSource.fixed(now));
    }

    private static Entity key(int number, String key, Map<String, Object> more) {
        Map<String, Object> all = new HashMap<>(more);
        all.put("key", key);
        all.put("consumer", reference(ALICE));
        return Given.entity("keyauth_credentials", number, all);
    }
}
