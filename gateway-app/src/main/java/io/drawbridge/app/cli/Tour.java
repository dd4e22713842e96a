package io.drawbridge.app.cli;

import io.drawbridge.app.Cluster;
import io.drawbridge.app.cli.TourNodes.Answer;
import io.drawbridge.sync.HybridCertificate;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A whole upgrade, walked through step by step with traffic flowing, and told as it happens. */
final class Tour {
    private static final String KEY = "quickstart-key";
    private static final String OLD = "2.4";
    private static final String NEW = "2.5";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LOOK_MS = 5;

    private final Output output;
    private final Path folder;
    private final int pauseSeconds;
    private final Vertx vertx = Vertx.vertx();
    private final TourNodes nodes;
    private final TourLoad load = new TourLoad(vertx, KEY);
    private final int oldAdmin = TourNodes.freePort();
    private final int newAdmin = TourNodes.freePort();
    private final int oldCluster = TourNodes.freePort();
    private final int newCluster = TourNodes.freePort();
    private final int firstProxy = TourNodes.freePort();
    private final int secondProxy = TourNodes.freePort();
    private final long began = System.nanoTime();
    private final AtomicBoolean closed = new AtomicBoolean();
    private int changes;

    Tour(Output output, Path folder, int pauseSeconds) {
        this.output = output;
        this.folder = folder;
        this.pauseSeconds = pauseSeconds;
        this.nodes = new TourNodes(folder);
    }

    /** @return whether no request failed */
    boolean walk() throws IOException, InterruptedException {
        output.line("An upgrade from release " + OLD + " to " + NEW + ", under load. Everything is in " + folder);
        output.line("");
        oldCluster();
        traffic();
        newControlPlane();
        refusedAndAllowed();
        blockedFinish();
        moved();
        dataPlanes();
        finish();
        return told(Cluster.await(load.stop()));
    }

    private void oldCluster() throws IOException, InterruptedException {
        HybridCertificate.make(folder.resolve("cluster.crt"), folder.resolve("cluster.key"), 30);
        nodes.start("old control plane", controlPlane(OLD, oldAdmin, oldCluster));
        say("control plane of " + OLD + " is ready, on a PostgreSQL of its own");
        HttpServer upstream = Cluster.await(vertx.createHttpServer()
                .requestHandler(request -> request.response().end("{\"hello\":\"from behind the gateway\"}\n"))
                .listen(0, "127.0.0.1"));
        created(
                oldAdmin,
                "/services",
                new JsonObject().put("name", "demo").put("url", "http://127.0.0.1:" + upstream.actualPort()));
        created(
                oldAdmin,
                "/services/demo/routes",
                new JsonObject().put("name", "demo").put("paths", new JsonArray().add("/demo")));
        created(oldAdmin, "/services/demo/plugins", new JsonObject().put("name", "key-auth"));
        created(oldAdmin, "/consumers", new JsonObject().put("username", "visitor"));
        created(oldAdmin, "/consumers/visitor/key-auth", new JsonObject().put("key", KEY));
        nodes.start("first data plane", dataPlane(OLD, firstProxy));
        nodes.start("second data plane", dataPlane(OLD, secondProxy));
        say("two data planes of " + OLD + " are ready: ports " + firstProxy + " and " + secondProxy);
    }

    private Map<String, String> controlPlane(String release, int admin, int cluster) {
        return Map.of(
                "ROLE",
                "control_plane",
                "GATEWAY_RELEASE",
                release,
                "ADMIN_LISTEN",
                "127.0.0.1:" + admin,
                "CLUSTER_LISTEN",
                "127.0.0.1:" + cluster,
                "CLUSTER_CERT",
                folder.resolve("cluster.crt").toString(),
                "CLUSTER_CERT_KEY",
                folder.resolve("cluster.key").toString());
    }

    private Map<String, String> dataPlane(String release, int proxy) {
        return Map.of(
                "ROLE",
                "data_plane",
                "GATEWAY_RELEASE",
                release,
                "PROXY_LISTEN",
                "127.0.0.1:" + proxy,
                "CLUSTER_CONTROL_PLANE",
                "127.0.0.1:" + oldCluster + ", 127.0.0.1:" + newCluster,
                "CLUSTER_CERT",
                folder.resolve("cluster.crt").toString(),
                "CLUSTER_CERT_KEY",
                folder.resolve("cluster.key").toString());
    }

    private void traffic() throws InterruptedException {
        for (int port : List.of(firstProxy, secondProxy)) {
            until("data plane on port " + port + " serves", () -> served(port, "/demo"));
            load.admit(port);
        }
        say("traffic flows: 100 requests a second to each, every tenth without a key");
        pause();
    }

    private void newControlPlane() throws InterruptedException {
        nodes.start("new control plane", controlPlane(NEW, newAdmin, newCluster));
        say("control plane of " + NEW + " has migrated the database and is ready; the upgrade is open");
        pause();
    }

    private void refusedAndAllowed() throws InterruptedException {
        JsonObject service = new JsonObject().put("name", "too-early").put("url", "http://127.0.0.1");
        Answer refused = nodes.post(newAdmin, "/services", service);
        expect(refused.status() == 409, "the new control plane should refuse a write, it answered " + refused);
        say("a write to " + NEW + " is refused: 409, " + refused.body().getString("message"));
        say("a write to " + OLD + " is taken, and " + change(oldAdmin));
        pause();
    }

    private void blockedFinish() {
        Answer blocked = nodes.post(newAdmin, "/migrations/finish?wait=true", new JsonObject());
        expect(blocked.status() == 409, "finish should be blocked, it answered " + blocked);
        say("finish is blocked, nobody was paused: " + blocked.body().getString("message") + " "
                + blocked.body().getJsonArray("details", new JsonArray()).stream()
                        .map(String::valueOf)
                        .toList());
    }

    private void moved() throws InterruptedException {
        nodes.stop("old control plane");
        say("control plane of " + OLD + " is stopped; data planes serve on");
        long from = System.nanoTime();
        until("both data planes are connected to the new control plane", () -> normal() == 2);
        say(String.format(
                Locale.ROOT,
                "both data planes have moved to the new one, after %.1f s; configurations sent to them for it: %d",
                (System.nanoTime() - from) / 1e9,
                links().mapToInt(link -> link.getInteger("sent_whole") + link.getInteger("sent_delta"))
                        .sum()));
        pause();
    }

    private long normal() {
        return links().filter(link -> "acked".equals(link.getString("state"))).count();
    }

    /** What the new control plane knows of the data planes that are connected to it. */
    private Stream<JsonObject> links() {
        return nodes.get(newAdmin, "/clustering/data-planes").body().getJsonArray("data", new JsonArray()).stream()
                .map(JsonObject.class::cast)
                .map(plane -> plane.getJsonObject("link"))
                .filter(Objects::nonNull);
    }

    private void dataPlanes() throws InterruptedException {
        upgrade("first data plane", firstProxy);
        upgrade("second data plane", secondProxy);
    }

    /* As a load balancer does it: no new requests, then stop. */
    private void upgrade(String name, int port) throws InterruptedException {
        Cluster.await(load.retire(port));
        nodes.stop(name);
        nodes.start(name, dataPlane(NEW, port));
        until(name + " serves", () -> served(port, "/demo"));
        load.admit(port);
        say("the " + name + " was taken out of rotation, stopped when all was answered, and is of " + NEW + " now");
        pause();
    }

    private void finish() throws InterruptedException {
        Answer finished = nodes.post(newAdmin, "/migrations/finish?wait=true", new JsonObject());
        expect(finished.status() == 200, "finish should be done, it answered " + finished);
        JsonObject cluster = nodes.get(newAdmin, "/migrations").body();
        say("finish is done: " + cluster.getString("state") + " at " + cluster.getString("active_release"));
        say("a write to " + NEW + " is taken, and " + change(newAdmin));
        pause();
    }

    /** A new route, and how long until both data planes serve it. */
    private String change(int admin) throws InterruptedException {
        String name = "change-" + ++changes;
        created(
                admin,
                "/services/demo/routes",
                new JsonObject().put("name", name).put("paths", new JsonArray().add("/" + name)));
        long from = System.nanoTime();
        for (int port : List.of(firstProxy, secondProxy)) {
            until("port " + port + " serves " + name, () -> served(port, "/" + name));
        }
        return String.format(Locale.ROOT, "served by both data planes %.0f ms later", (System.nanoTime() - from) / 1e6);
    }

    private boolean served(int port, String path) {
        return nodes.get(port, path + "?apikey=" + KEY).status() == 200;
    }

    private void created(int port, String path, JsonObject body) {
        Answer answer = nodes.post(port, path, body);
        expect(answer.status() == 201, "POST " + path + " should have made something, it answered " + answer);
    }

    private boolean told(TourLoad.Result result) {
        output.line("");
        output.line(String.format(
                Locale.ROOT,
                "%d requests: %d failed, %d without a key refused as they must be; longest %.1f ms, 99 of 100 within %.1f ms",
                result.sent(),
                result.failed(),
                result.refused(),
                result.longestMillis(),
                result.p99Millis()));
        result.failures().forEach(failure -> output.line("  failed: " + failure));
        return result.failed() == 0;
    }

    /** Says where everything is. */
    void leaveRunning() {
        output.lines(List.of(
                "",
                "The cluster is left running; Ctrl-C ends it.",
                "  Admin API   curl http://127.0.0.1:" + newAdmin + "/clustering/data-planes",
                "  data plane  curl -H 'apikey: " + KEY + "' http://127.0.0.1:" + firstProxy + "/demo",
                "  logs        " + folder + "/*.log"));
    }

    private void until(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            expect(System.nanoTime() - deadline < 0, "not within " + PATIENCE.toSeconds() + " s: " + what);
            Thread.sleep(LOOK_MS);
        }
    }

    private void expect(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(
                    otherwise + "; the nodes' logs are in " + folder + " (with --prefix they stay)");
        }
    }

    private void pause() throws InterruptedException {
        Thread.sleep(pauseSeconds * 1000L);
    }

    private void say(String what) {
        output.line(String.format(Locale.ROOT, "%6.1f s  %s", (System.nanoTime() - began) / 1e9, what));
    }

    /** Ends every process; may be called more than once. */
    void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        Cluster.attempt(load.stop(), PATIENCE);
        nodes.stopAll();
        Cluster.attempt(vertx.close(), PATIENCE);
    }
}
