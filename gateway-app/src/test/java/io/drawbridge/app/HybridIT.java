package io.drawbridge.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.app.Drawbridges.Running;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Control planes and data planes as processes: what reaches clients whatever is killed. */
class HybridIT extends ServerFixture {
    private final com.sun.net.httpserver.HttpServer upstream = upstream();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private Drawbridges control;
    private Drawbridges data;
    private int proxy;
    private int status;

    private static com.sun.net.httpserver.HttpServer upstream() {
        try {
            var server = com.sun.net.httpserver.HttpServer.create(
                    new java.net.InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                byte[] body = "upstream".getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            return server;
        } catch (java.io.IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    @BeforeAll
    void serve() {
        upstream.start();
    }

    @AfterAll
    void end() {
        upstream.stop(0);
    }

    private void prepare(String release) throws Exception {
        Path certificate = folder.resolve("cluster-" + release + ".crt");
        Path key = folder.resolve("cluster-" + release + ".key");
        assertThat(drawbridge
                        .run("hybrid", "gen_cert", certificate.toString(), key.toString())
                        .exit())
                .isZero();
        int cluster = freePort();
        proxy = freePort();
        status = freePort();
        Drawbridges both =
                as(release).with("CLUSTER_CERT", certificate.toString()).with("CLUSTER_CERT_KEY", key.toString());
        control = both.with("ROLE", "control_plane").with("CLUSTER_LISTEN", "127.0.0.1:" + cluster);
        data = both.with("ROLE", "data_plane")
                .with("DATABASE", "off")
                .with("ADMIN_LISTEN", "off")
                .with("PROXY_LISTEN", "127.0.0.1:" + proxy)
                .with("STATUS_LISTEN", "127.0.0.1:" + status)
                .with("CLUSTER_CONTROL_PLANE", "127.0.0.1:" + cluster);
    }

    @AfterEach
    void kill() {
        drawbridge.close();
    }

    @Test
    void whateverIsKilled_trafficIsServed_andNobodyUnauthorisedGetsIn() throws Exception {
        prepare("2.5");
        Running plane = control.start();
        Running gateway = data.start();
        assertThat(call("/a", null).statusCode()).isEqualTo(404);

        created(plane, "/services", "{\"name\":\"a\",\"url\":\"http://127.0.0.1:" + port() + "\"}");
        created(plane, "/services/a/routes", "{\"name\":\"a\",\"paths\":[\"/a\"]}");
        created(plane, "/services/a/plugins", "{\"name\":\"key-auth\"}");
        created(plane, "/consumers", "{\"username\":\"c\"}");
        created(plane, "/consumers/c/key-auth", "{\"key\":\"secret-1\"}");
        Drawbridges.eventually(() -> call("/a", "secret-1").statusCode() == 200);
        assertThat(call("/a", "wrong").statusCode()).isEqualTo(401);
        assertThat(call("/a", null).statusCode()).isEqualTo(401);
        Drawbridges.eventually(() -> acknowledged(plane));
        assertThat(configuration().getString("source")).isEqualTo("control plane");
        assertThat(configuration().getBoolean("stale")).isFalse();

        plane.process().destroyForcibly().waitFor();
        gateway.process().destroyForcibly().waitFor();
        Running again = data.start();
        assertThat(call("/a", "secret-1").body()).isEqualTo("upstream");
        assertThat(call("/a", null).statusCode()).isEqualTo(401);
        assertThat(configuration().getString("source")).isEqualTo("file");
        assertThat(configuration().getBoolean("stale")).isTrue();
        assertThat(new JsonObject(status("/status").body())
                        .getJsonObject("control_plane")
                        .getString("away"))
                .isNotBlank();
        assertThat(status("/status/ready").statusCode()).isEqualTo(200);

        Running back = control.start();
        created(back, "/consumers/c/key-auth", "{\"key\":\"secret-2\"}");
        Drawbridges.eventually(() -> call("/a", "secret-2").statusCode() == 200);
        assertThat(call("/a", "wrong").statusCode()).isEqualTo(401);
        assertThat(again.stop()).isEqualTo(143);
    }

    @Test
    void traditional_proxiesWhatTheDatabaseHas_whenItIsWritten() throws Exception {
        proxy = freePort();
        status = freePort();
        Running node = drawbridge
                .with("PROXY_LISTEN", "127.0.0.1:" + proxy)
                .with("STATUS_LISTEN", "127.0.0.1:" + status)
                .start();
        created(node, "/plugins", "{\"name\":\"prometheus\"}");
        created(node, "/plugins", "{\"name\":\"request-size-limiting\",\"protocols\":[\"https\"]}");
        created(node, "/services", "{\"name\":\"a\",\"url\":\"http://127.0.0.1:" + port() + "\"}");
        created(node, "/services/a/routes", "{\"paths\":[\"/a\"]}");
        Drawbridges.eventually(() -> call("/a", null).statusCode() == 200);
        assertThat(new JsonObject(node.get("/").body())
                        .getJsonObject("configuration")
                        .getJsonArray("proxy_listeners"))
                .hasSize(1);
        assertThat(configuration().getString("source")).isEqualTo("database");
        JsonObject told = new JsonObject(status("/status").body());
        assertThat(told.getJsonObject("database").getBoolean("reachable")).isTrue();
        assertThat(told.getJsonObject("server").getLong("total_requests")).isPositive();
        assertThat(told.getJsonArray("unusable_plugins").encode()).contains("request-size-limiting");
        assertThat(status("/status/ready").statusCode()).isEqualTo(200);
        Drawbridges.eventually(() -> status("/metrics")
                .body()
                .lines()
                .anyMatch(line -> line.startsWith("kong_http_status{")
                        && line.contains("code=\"200\"")
                        && line.contains("service=\"a\"")));
    }

    private JsonObject configuration() throws Exception {
        return new JsonObject(status("/status").body()).getJsonObject("configuration");
    }

    private HttpResponse<String> status(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + status + path))
                        .timeout(Duration.ofSeconds(10))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private boolean acknowledged(Running plane) throws Exception {
        JsonArray planes = new JsonObject(plane.get("/clustering/data-planes").body()).getJsonArray("data");
        return planes.size() == 1
                && StreamSupport.stream(planes.spliterator(), false)
                        .map(JsonObject.class::cast)
                        .allMatch(each ->
                                "acked".equals(each.getJsonObject("link").getString("state")));
    }

    private static void created(Running node, String path, String body) throws Exception {
        HttpResponse<String> answer = node.post(path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    private int port() {
        return upstream.getAddress().getPort();
    }

    private HttpResponse<String> call(String path, String key) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + proxy + path))
                .timeout(Duration.ofSeconds(10));
        if (key != null) {
            request.header("apikey", key);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
