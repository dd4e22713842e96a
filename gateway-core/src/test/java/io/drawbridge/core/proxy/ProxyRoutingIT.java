package io.drawbridge.core.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.core.entity.Entity;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProxyRoutingIT {
    private static Gateway gateway;
    private static int echo;

    @BeforeAll
    static void start() throws Exception {
        gateway = Gateway.start(options -> options.trusting(TrustedProxies.none()));
        echo = gateway.upstream(ProxyRoutingIT::echo);
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
    }

    @BeforeEach
    void one() throws Exception {
        gateway.remove(gateway.runtime.current().stream()
                .flatMap(now -> now.types().stream().flatMap(type -> now.all(type).stream()))
                .toArray(Entity[]::new));
    }

    /** Tells what arrived. */
    static void echo(HttpServerRequest request) {
        Map<String, Object> headers = new TreeMap<>();
        request.headers()
                .forEach(header -> headers.merge(
                        header.getKey().toLowerCase(java.util.Locale.ROOT),
                        header.getValue(),
                        (one, other) -> one + "|" + other));
        request.body()
                .onSuccess(body -> request.response()
                        .putHeader("X-Seen", "yes")
                        .putHeader("Keep-Alive", "timeout=5")
                        .putHeader("Server", "echo")
                        .end(new JsonObject()
                                .put("method", request.method().name())
                                .put("uri", request.uri())
                                .put("body", body.toString())
                                .put("headers", new JsonObject(headers))
                                .encode()));
    }

    private static String ask(String text) throws Exception {
        try (Wire wire = Wire.to(gateway.port())) {
            return wire.send(text).answer();
        }
    }

    private static JsonObject seen(String answer) {
        assertThat(answer).startsWith("HTTP/1.1 200 ");
        return new JsonObject(answer.substring(answer.indexOf("\n\n") + 2));
    }

    @Test
    void route_none_isNotFound() throws Exception {
        assertThat(ask("GET / HTTP/1.1\nHost: a\n\n"))
                .startsWith("HTTP/1.1 404 Not Found\n")
                .containsIgnoringCase("\ncontent-type: application/json; charset=utf-8\n")
                .containsIgnoringCase("\nserver: drawbridge/test\n")
                .containsIgnoringCase("\nx-kong-response-latency: ")
                .containsIgnoringCase("\ndate: ")
                .endsWith("\n\n{\"message\":\"no Route matched with those values\"}");
    }

    @Test
    void route_withoutService_isUnavailable() throws Exception {
        gateway.configure(Gateway.route(null, Map.of("paths", List.of("/"))));
        assertThat(ask("GET / HTTP/1.1\nHost: a\n\n"))
                .startsWith("HTTP/1.1 503 ")
                .endsWith("{\"message\":\"no Service found with those values\"}");
    }

    @Test
    void request_passed_isDescribedToTheService() throws Exception {
        Entity service = Gateway.service(echo, Map.of("path", "/base"));
        gateway.configure(service, Gateway.route(service, Map.of("paths", List.of("/api"))));
        String answer = ask("""
                GET /api/x%20y?q=1&r HTTP/1.1
                Host: Shop.example:81
                X-Forwarded-For: 10.1.1.1
                X-Forwarded-Proto: https
                X-Forwarded-Host: evil
                X-Real-IP: 6.6.6.6
                Connection: keep-alive, X-Private
                X-Private: mine
                Keep-Alive: 5
                TE: trailers
                Proxy-Authorization: Basic x
                X-Two: 1
                X-Two: 2

                """);
        JsonObject seen = seen(answer);
        JsonObject headers = seen.getJsonObject("headers");
        assertThat(seen.getString("uri")).isEqualTo("/base/x%20y?q=1&r");
        assertThat(headers.getMap())
                .containsEntry("host", "127.0.0.1:" + echo)
                .containsEntry("x-forwarded-for", "10.1.1.1, 127.0.0.1")
                .containsEntry("x-real-ip", "127.0.0.1")
                .containsEntry("x-forwarded-proto", "http")
                .containsEntry("x-forwarded-host", "shop.example")
                .containsEntry("x-forwarded-port", String.valueOf(gateway.port()))
                .containsEntry("x-forwarded-path", "/api/x%20y")
                .containsEntry("x-forwarded-prefix", "/api")
                .containsEntry("x-two", "1|2")
                .doesNotContainKeys("connection", "x-private", "keep-alive", "te", "proxy-authorization");
        assertThat(answer)
                .containsIgnoringCase("\nvia: drawbridge/test\n")
                .containsIgnoringCase("\nx-kong-upstream-latency: ")
                .containsIgnoringCase("\nx-kong-proxy-latency: ")
                .containsIgnoringCase("\nserver: echo\n")
                .containsIgnoringCase("\nx-seen: yes\n")
                .doesNotContainIgnoringCase("keep-alive");
    }

    @Test
    void host_preserved_isTheClients() throws Exception {
        Entity service = Gateway.service(echo, Map.of());
        gateway.configure(service, Gateway.route(service, Map.of("paths", List.of("/"), "preserve_host", true)));
        assertThat(seen(ask("GET / HTTP/1.1\nHost: shop.example:81\n\n"))
                        .getJsonObject("headers")
                        .getMap())
                .containsEntry("host", "shop.example:81");
    }

    @Test
    void body_sizedOrChunked_arrives() throws Exception {
        gateway.serve(echo, Map.of());
        assertThat(seen(ask("POST / HTTP/1.1\nHost: a\nContent-Length: 5\n\nhello"))
                        .getString("body"))
                .isEqualTo("hello");
        JsonObject chunked =
                seen(ask("PUT / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n5\nhello\n6\n world\n0\n\n"));
        assertThat(chunked.getString("body")).isEqualTo("hello world");
        assertThat(chunked.getJsonObject("headers").getMap()).doesNotContainKey("content-length");
        assertThat(seen(ask("POST / HTTP/1.1\nHost: a\nContent-Length: 0\n\n")).getString("body"))
                .isEmpty();
    }

    @Test
    void requests_onOneConnection_areAllAnswered() throws Exception {
        gateway.serve(echo, Map.of());
        try (Wire wire = Wire.to(gateway.port())) {
            for (int i = 0; i < 20; i++) {
                wire.send("POST /" + i + " HTTP/1.1\nHost: a\nContent-Length: 2\n\n" + (10 + i));
                assertThat(seen(wire.answer()).getString("body")).isEqualTo(String.valueOf(10 + i));
            }
            wire.send("GET /a HTTP/1.1\nHost: a\n\nGET /b HTTP/1.1\nHost: a\n\n");
            assertThat(seen(wire.answer()).getString("uri")).isEqualTo("/a");
            assertThat(seen(wire.answer()).getString("uri")).isEqualTo("/b");
        }
    }

    @Test
    void body_notWanted_leavesTheConnectionUsable() throws Exception {
        try (Wire wire = Wire.to(gateway.port())) {
            wire.send("POST / HTTP/1.1\nHost: a\nContent-Length: 5\n\nhello");
            assertThat(wire.answer()).startsWith("HTTP/1.1 404 ");
            wire.send("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n5\nhello\n0\n\n");
            assertThat(wire.answer()).startsWith("HTTP/1.1 404 ");
            wire.send("POST / HTTP/1.1\nHost: a\nContent-Length: 999999\n\nhello");
            assertThat(wire.answer()).startsWith("HTTP/1.1 404 ").containsIgnoringCase("\nconnection: close\n");
            assertThat(wire.isClosed()).isTrue();
        }
    }

    @Test
    void expectation_isMetOnlyWhenSomebodyTakesTheBody() throws Exception {
        try (Wire wire = Wire.to(gateway.port())) {
            wire.send("POST / HTTP/1.1\nHost: a\nExpect: 100-continue\nContent-Length: 5\n\n");
            assertThat(wire.answer()).startsWith("HTTP/1.1 404 ");
            assertThat(wire.isClosed()).isTrue();
        }
        gateway.serve(echo, Map.of());
        try (Wire wire = Wire.to(gateway.port())) {
            wire.send("POST / HTTP/1.1\nHost: a\nExpect: 100-continue\nContent-Length: 5\n\n");
            assertThat(wire.head()).startsWith("HTTP/1.1 100 ");
            JsonObject seen = seen(wire.send("hello").answer());
            assertThat(seen.getString("body")).isEqualTo("hello");
            assertThat(seen.getJsonObject("headers").getMap()).doesNotContainKey("expect");
        }
    }

    @Test
    void request_thatNobodyCanAddress_isBad() throws Exception {
        gateway.serve(echo, Map.of());
        for (String bad : List.of(
                "GET / HTTP/1.1\n\n",
                "GET / HTTP/1.1\nHost: a\nHost: b\n\n",
                "GET / HTTP/1.1\nHost: a/b\n\n",
                "GET nowhere HTTP/1.1\nHost: a\n\n",
                "OPTIONS * HTTP/1.1\nHost: a\n\n")) {
            assertThat(ask(bad)).as(bad).startsWith("HTTP/1.1 400 ");
        }
        JsonObject absolute = seen(ask("GET http://other/x?y HTTP/1.1\nHost: a\n\n"));
        assertThat(absolute.getString("uri")).isEqualTo("/x?y");
        assertThat(absolute.getJsonObject("headers").getMap()).containsEntry("x-forwarded-host", "other");
    }

    @Test
    void plainRequest_toASecureRoute_isSentToHttps() throws Exception {
        Entity service = Gateway.service(echo, Map.of());
        gateway.configure(
                service,
                Gateway.route(
                        service,
                        Map.of(
                                "protocols",
                                List.of("https"),
                                "paths",
                                List.of("/moved"),
                                "https_redirect_status_code",
                                301L)),
                Gateway.route(service, Map.of("protocols", List.of("https"), "paths", List.of("/no"))));
        assertThat(ask("GET /moved/x?y HTTP/1.1\nHost: shop.example:8000\n\n"))
                .startsWith("HTTP/1.1 301 ")
                .containsIgnoringCase("\nlocation: https://shop.example/moved/x?y\n");
        assertThat(ask("GET /no HTTP/1.1\nHost: shop.example\n\n"))
                .startsWith("HTTP/1.1 426 ")
                .endsWith("{\"message\":\"Please use HTTPS protocol\"}");
    }

    @Test
    void answers_withoutBody_end() throws Exception {
        int port = gateway.upstream(request -> {
            int status = Integer.parseInt(request.path().substring(1));
            if (status == 304) {
                request.response().putHeader("Content-Length", "99");
            }
            if (request.method().name().equals("HEAD")) {
                request.response().putHeader("Content-Length", "77");
            }
            request.response().setStatusCode(status).end();
        });
        gateway.serve(port, Map.of());
        try (Wire wire = Wire.to(gateway.port())) {
            assertThat(wire.send("GET /204 HTTP/1.1\nHost: a\n\n").head()).startsWith("HTTP/1.1 204 ");
            assertThat(wire.send("GET /304 HTTP/1.1\nHost: a\n\n").head())
                    .startsWith("HTTP/1.1 304 ")
                    .containsIgnoringCase("content-length: 99");
            assertThat(wire.send("HEAD /200 HTTP/1.1\nHost: a\n\n").head())
                    .startsWith("HTTP/1.1 200 ")
                    .containsIgnoringCase("content-length: 77");
            assertThat(wire.send("GET /500 HTTP/1.1\nHost: a\n\n").answer()).startsWith("HTTP/1.1 500 ");
            assertThat(wire.send("HEAD /200 HTTP/1.0\n\n").head()).startsWith("HTTP/1.0 200 ");
        }
    }
}
