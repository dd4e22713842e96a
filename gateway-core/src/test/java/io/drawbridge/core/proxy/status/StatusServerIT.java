package io.drawbridge.core.proxy.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drawbridge.core.config.Changes;
import io.drawbridge.core.proxy.Connections;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatusServerIT {
    private static final UUID PLUGIN = new UUID(0, 7);
    private static final NodeStatus.Configuration KNOWN = new NodeStatus.Configuration(
            "0123456789abcdef0123456789abcdef",
            new Changes.Position("inc", 42),
            NodeStatus.Source.CONTROL_PLANE,
            false);

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = HttpClient.newHttpClient();
    private volatile NodeStatus now = status(Optional.empty(), false);
    private volatile Supplier<String> metrics = () -> "kong_http_status 1\n";
    private StatusServer server;

    @BeforeEach
    void open() throws Exception {
        server = new StatusServer(vertx, List.of(address(0), address(0)), () -> now, () -> metrics.get());
        await(server.start());
    }

    @AfterEach
    void close() throws Exception {
        await(server.stop());
        await(vertx.close());
    }

    @Test
    void ready_followsTheConfigurationAndTheEnd() throws Exception {
        answers("/status/ready", 503, "no configuration available (empty configuration present)");
        now = status(Optional.of(KNOWN), false);
        answers("/status/ready", 200, "ready");
        now = status(Optional.of(KNOWN), true);
        answers("/status/ready", 503, "node is stopping");
    }

    @Test
    void status_tellsConfigurationConnectionsAndPlugins() throws Exception {
        JsonObject before = new JsonObject(get("/status").body());
        assertThat(before.getString("configuration_hash")).isEqualTo("0".repeat(32));
        assertThat(before.containsKey("configuration")).isFalse();
        now = new NodeStatus(
                Optional.of(KNOWN),
                Map.of(PLUGIN, "jwt: this node has no such plugin"),
                new Connections(2, 10, 99),
                Optional.of(true),
                false,
                Map.of("control_plane", new JsonObject().put("connected_to", "cp:8005")));
        HttpResponse<String> answer = get("/status");
        assertThat(answer.headers().firstValue("content-type")).contains("application/json; charset=utf-8");
        JsonObject json = new JsonObject(answer.body());
        assertThat(json.getJsonObject("control_plane").getString("connected_to"))
                .isEqualTo("cp:8005");
        assertThat(json.getString("configuration_hash")).isEqualTo(KNOWN.hash());
        assertThat(json.getJsonObject("configuration"))
                .isEqualTo(new JsonObject()
                        .put("source", "control plane")
                        .put("stale", false)
                        .put("incarnation", "inc")
                        .put("revision", 42));
        assertThat(json.getJsonObject("database")).isEqualTo(new JsonObject().put("reachable", true));
        assertThat(json.getJsonArray("unusable_plugins"))
                .isEqualTo(new JsonArray()
                        .add(new JsonObject()
                                .put("id", PLUGIN.toString())
                                .put("reason", "jwt: this node has no such plugin")));
        assertThat(json.getJsonObject("server").getInteger("connections_active"))
                .isEqualTo(2);
        assertThat(json.getJsonObject("server").getInteger("total_requests")).isEqualTo(99);
    }

    @Test
    void requests_onlyRead_andOnlyWhatIsThere() throws Exception {
        for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "OPTIONS")) {
            HttpResponse<String> answer = ask(method, "/status", 0);
            assertThat(answer.statusCode()).isEqualTo(405);
            assertThat(answer.headers().firstValue("allow")).contains("GET, HEAD");
        }
        HttpResponse<String> head = ask("HEAD", "/status", 0);
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("content-length"))
                .isNotEqualTo(Optional.of("0"))
                .isPresent();
        for (String path : List.of("/", "/status/", "/Status", "/services", "//status", "/status/ready/x")) {
            answers(path, 404, "Not found");
        }
        assertThat(get("/status?x=1").statusCode()).isEqualTo(200);
    }

    @Test
    void metrics_areTextOfTheSupplier_onEveryListener() throws Exception {
        for (int i = 0; i < 2; i++) {
            HttpResponse<String> answer = ask("GET", "/metrics", i);
            assertThat(answer.body()).isEqualTo("kong_http_status 1\n");
            assertThat(answer.headers().firstValue("content-type"))
                    .contains("text/plain; version=0.0.4; charset=utf-8");
        }
    }

    @Test
    void metrics_askedForByMany_areMadeOnce_andBlockNothing() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger made = new AtomicInteger();
        metrics = () -> {
            begun.countDown();
            uninterrupted(go);
            return "made " + made.incrementAndGet();
        };
        List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
        asked.add(later("/metrics"));
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < 5; i++) {
            asked.add(later("/metrics"));
        }
        assertThat(get("/status").statusCode()).isEqualTo(200);
        go.countDown();
        assertThat(asked.get(0).get(10, TimeUnit.SECONDS).body()).isEqualTo("made 1");
        for (CompletableFuture<HttpResponse<String>> one : asked) {
            assertThat(one.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        }
        assertThat(made.get()).isLessThan(asked.size());
    }

    @Test
    void metrics_supplierFails_is500() throws Exception {
        metrics = () -> {
            throw new IllegalStateException("no");
        };
        answers("/metrics", 500, "An unexpected error occurred");
        metrics = () -> "well";
        assertThat(get("/metrics").body()).isEqualTo("well");
    }

    @Test
    void start_oneAddressTaken_opensNone() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            StatusServer other =
                    new StatusServer(vertx, List.of(address(0), address(taken.getLocalPort())), () -> now, () -> "");
            assertThatThrownBy(() -> await(other.start())).isInstanceOf(IOException.class);
        }
    }

    private static NodeStatus status(Optional<NodeStatus.Configuration> configuration, boolean stopping) {
        return new NodeStatus(configuration, Map.of(), new Connections(0, 0, 0), Optional.empty(), stopping, Map.of());
    }

    private void answers(String path, int code, String message) throws Exception {
        HttpResponse<String> answer = get(path);
        assertThat(answer.statusCode()).isEqualTo(code);
        assertThat(new JsonObject(answer.body())).isEqualTo(new JsonObject().put("message", message));
    }

    private HttpResponse<String> get(String path) throws Exception {
        return ask("GET", path, 0);
    }

    private HttpResponse<String> ask(String method, String path, int listener) throws Exception {
        return client.send(
                HttpRequest.newBuilder(uri(path, listener))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private CompletableFuture<HttpResponse<String>> later(String path) {
        return client.sendAsync(HttpRequest.newBuilder(uri(path, 0)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path, int listener) {
        return URI.create("http://127.0.0.1:" + server.ports().get(listener) + path);
    }

    private static SocketAddress address(int port) {
        return SocketAddress.inetSocketAddress(port, "127.0.0.1");
    }

    private static void uninterrupted(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.await(10, TimeUnit.SECONDS);
    }
}
