package io.drawbridge.core.proxy.status;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers who looks after a node: {@code /status}, {@code /status/ready} (200, or 503 with the reason) and {@code /metrics}. Only
 * reads, and asks nobody who he is: for networks of operators. Thread-safe.
 */
public final class StatusServer {
    private static final Logger LOG = LoggerFactory.getLogger(StatusServer.class);
    private static final int IDLE_SECONDS = 60;
    private static final String JSON = "application/json; charset=utf-8";
    private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

    private final Vertx vertx;
    private final List<SocketAddress> addresses;
    private final Supplier<NodeStatus> status;
    private final Supplier<String> metrics;
    private final List<HttpServer> servers = new ArrayList<>();
    /* One at a time: whoever asks meanwhile is given the same. */
    private Future<String> scrape = Future.succeededFuture("");

    /**
     * @param addresses where it listens; port 0: any free one
     * @param status called on event loops: must not block
     * @param metrics text for Prometheus; may take its time
     */
    public StatusServer(
            Vertx vertx, List<SocketAddress> addresses, Supplier<NodeStatus> status, Supplier<String> metrics) {
        this.vertx = vertx;
        this.addresses = List.copyOf(addresses);
        this.status = status;
        this.metrics = metrics;
    }

    /** Opens all listeners; fails if one cannot be opened, then none is. Called once. */
    public Future<Void> start() {
        List<Future<?>> opening = new ArrayList<>();
        for (SocketAddress address : addresses) {
            HttpServer server = vertx.createHttpServer(new HttpServerOptions().setIdleTimeout(IDLE_SECONDS))
                    .requestHandler(this::answer);
            servers.add(server);
            opening.add(server.listen(address));
        }
        return Future.join(opening)
                .<Void>mapEmpty()
                .recover(failure -> stop().compose(stopped -> Future.failedFuture(failure)));
    }

    /** Closes them. Does not fail. */
    public Future<Void> stop() {
        List<Future<?>> closing = new ArrayList<>();
        servers.forEach(server -> closing.add(server.shutdown(1, TimeUnit.SECONDS)));
        return Future.join(closing).<Void>mapEmpty().otherwiseEmpty();
    }

    /** Of the listeners, in their order, once they are open. */
    public List<Integer> ports() {
        return servers.stream().map(HttpServer::actualPort).toList();
    }

    private void answer(HttpServerRequest request) {
        boolean read =
                request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
        switch (request.path() == null ? "" : request.path()) {
            case "/status" -> reading(read, request, this::status);
            case "/status/ready" -> reading(read, request, this::ready);
            case "/metrics" -> reading(read, request, this::metrics);
            default -> message(request, 404, "Not found");
        }
    }

    private static void reading(boolean read, HttpServerRequest request, Consumer<HttpServerRequest> how) {
        if (read) {
            how.accept(request);
        } else {
            request.response().putHeader("Allow", "GET, HEAD");
            message(request, 405, "Method not allowed");
        }
    }

    private void status(HttpServerRequest request) {
        end(request, 200, JSON, status.get().json().encode());
    }

    private void ready(HttpServerRequest request) {
        status.get().unready().ifPresentOrElse(why -> message(request, 503, why), () -> message(request, 200, "ready"));
    }

    private void metrics(HttpServerRequest request) {
        scraped().onSuccess(text -> end(request, 200, METRICS, text)).onFailure(failure -> {
            LOG.error("metrics failed", failure);
            message(request, 500, "An unexpected error occurred");
        });
    }

    private synchronized Future<String> scraped() {
        if (scrape.isComplete()) {
            scrape = vertx.executeBlocking(metrics::get, false);
        }
        return scrape;
    }

    private static void message(HttpServerRequest request, int code, String text) {
        end(request, code, JSON, new JsonObject().put("message", text).encode());
    }

    /* The body of an answer to HEAD is told, not sent. */
    private static void end(HttpServerRequest request, int code, String type, String body) {
        Buffer bytes = Buffer.buffer(body);
        HttpServerResponse response = request.response().setStatusCode(code);
        response.putHeader("Content-Type", type).putHeader("Content-Length", Integer.toString(bytes.length()));
        response.end(request.method().equals(HttpMethod.HEAD) ? Buffer.buffer() : bytes);
    }
}
