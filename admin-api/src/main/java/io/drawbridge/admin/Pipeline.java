package io.drawbridge.admin;

import io.drawbridge.core.declarative.DeclarativeException;
import io.drawbridge.core.store.StoreException;
import io.drawbridge.migration.MigrationException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request's way: media type, route, method, expected release, body, handler, answer. The order is part of the contract:
 * an unknown path with a wrong media type is 415, not 404. Thread-safe.
 */
final class Pipeline {
    private static final Logger LOG = LoggerFactory.getLogger("io.drawbridge.admin.access");
    private static final String METHODS = "GET, HEAD, PUT, PATCH, POST, DELETE";

    private final RouteTable routes;
    private final Bodies bodies;
    private final BulkBodies bulk;
    private final Cluster cluster;
    private final AdminOptions options;
    private final AdminListener listener;
    private final Connections connections;

    Pipeline(
            RouteTable routes,
            Bodies bodies,
            BulkBodies bulk,
            Cluster cluster,
            AdminOptions options,
            AdminListener listener,
            Connections connections) {
        this.routes = routes;
        this.bodies = bodies;
        this.bulk = bulk;
        this.cluster = cluster;
        this.options = options;
        this.listener = listener;
        this.connections = connections;
    }

    /** One request on its way. Confined to its event loop. */
    private static final class Passage {
        private final HttpServerRequest request;
        private final String id = UUID.randomUUID().toString().replace("-", "");
        private final long startNanos = System.nanoTime();
        private String route = "unknown";

        private Passage(HttpServerRequest request) {
            this.request = request;
        }
    }

    void handle(HttpServerRequest request) {
        Passage passage = new Passage(request);
        connections.begun(request.connection());
        Future.<Void>succeededFuture()
                .compose(start -> answer(passage))
                .recover(this::answered)
                .onComplete(answer -> connections.answered(request.connection()))
                .compose(reply -> send(passage, reply)
                        .eventually(() -> reply.last() ? bodies.hangUp(request) : Future.succeededFuture()))
                .onComplete(sent -> connections.ended(request.connection()));
    }

    /** What is too long or no HTTP; nothing after it on its connection can be understood. */
    void invalid(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        Reply reply = cause instanceof TooLongHttpLineException
                ? Reply.message(414, "Request line too long")
                : cause instanceof TooLongHttpHeaderException
                        ? Reply.message(431, "Request headers too large")
                        : Reply.message(400, "Bad request");
        send(new Passage(request), reply.with("Connection", "close")).eventually(() -> bodies.hangUp(request));
    }

    private Future<Reply> answer(Passage passage) {
        HttpServerRequest request = passage.request;
        if (connections.underWay() > options.requestsMax()) {
            return Future.succeededFuture(busy());
        }
        boolean preflight = request.method().equals(HttpMethod.OPTIONS);
        if (options.token() != null && !preflight && !options.token().admits(request)) {
            return Future.succeededFuture(Reply.message(401, "Unauthorized").with("WWW-Authenticate", "Bearer"));
        }
        if (!Bodies.framed(request)) {
            return Future.succeededFuture(Reply.message(400, "Bad request").with("Connection", "close"));
        }
        if (!Bodies.acceptable(request)) {
            return Future.succeededFuture(Reply.empty(415));
        }
        if (preflight) {
            return Future.succeededFuture(options(request));
        }
        Optional<RouteTable.Match> match = match(request);
        if (match.isEmpty()) {
            return Future.succeededFuture(Reply.notFound());
        }
        passage.route = match.get().route().pattern();
        HttpMethod method = request.method().equals(HttpMethod.HEAD) ? HttpMethod.GET : request.method();
        RouteTable.Handler handler = match.get().route().handlers().get(method);
        if (handler == null) {
            return Future.succeededFuture(
                    Reply.methodNotAllowed(methods(match.get().route())));
        }
        String expected = request.getHeader("X-Gateway-Expect-Release");
        if (expected != null && !expected.strip().equals(cluster.release().toString())) {
            return Future.succeededFuture(
                    Reply.message(412, "this node runs release " + cluster.release() + ", not " + expected.strip()));
        }
        if (match.get().route().isLarge() && BulkBodies.takes(request)) {
            return bulk.with(
                    request,
                    document -> handler.apply(
                            adminRequest(passage, method, match.get().parameters(), new AdminRequest.Body(document))));
        }
        if (bodies.tooLong(request)) {
            return Future.failedFuture(Bodies.tooLarge());
        }
        return bodies.with(
                request,
                bytes -> bodies.parse(request, bytes)
                        .compose(body -> handler.apply(
                                adminRequest(passage, method, match.get().parameters(), body))));
    }

    /** More at once than this node takes. */
    static Reply busy() {
        return Reply.message(503, "too many requests at once, try again shortly")
                .with("Retry-After", "1")
                .with("Connection", "close");
    }

    private static AdminRequest adminRequest(
            Passage passage, HttpMethod method, List<String> rawParameters, AdminRequest.Body body) {
        HttpServerRequest request = passage.request;
        List<String> parameters = new ArrayList<>();
        for (String raw : rawParameters) {
            String decoded = Percent.decode(Percent.ascii(raw));
            if (decoded == null) {
                throw Problem.invalidUnique(
                        passage.route.startsWith("/tags/") ? "tag" : "name", "path is not valid UTF-8 text");
            }
            parameters.add(decoded);
        }
        String query = request.query() == null ? "" : Percent.ascii(request.query());
        String remote = request.remoteAddress() == null
                ? "unknown"
                : String.valueOf(request.remoteAddress().hostAddress());
        return new AdminRequest(passage.id, method, parameters, query, AdminRequest.arguments(query), body, remote);
    }

    private Future<Reply> answered(Throwable failure) {
        if (failure instanceof AdminException known) {
            return Future.succeededFuture(known.reply());
        }
        if (failure instanceof DeclarativeException wrong) {
            return Future.succeededFuture(Problem.of(wrong));
        }
        if (failure instanceof UncheckedIOException full) {
            return Future.succeededFuture(Problem.of(full));
        }
        if (failure instanceof StoreException store) {
            return store.gate() == null
                    ? Future.succeededFuture(Problem.of(store, List.of()))
                    : cluster.urls(store.gate().active(), options.memberAlive())
                            .map(writeTo -> Problem.of(store, writeTo));
        }
        return Future.succeededFuture(
                failure instanceof MigrationException known ? Problem.of(known) : Problem.unexpected(failure));
    }

    private Optional<RouteTable.Match> match(HttpServerRequest request) {
        String path = request.path();
        return path == null || !path.startsWith("/") ? Optional.empty() : routes.match(path);
    }

    /** What is possible at a known path; everything at another, as older clients expect it. */
    private Reply options(HttpServerRequest request) {
        String methods = match(request).map(match -> methods(match.route())).orElse(METHODS);
        String wanted = request.getHeader("Access-Control-Request-Headers");
        return Reply.empty(204)
                .with("Allow", methods)
                .with("Access-Control-Allow-Methods", methods)
                .with("Access-Control-Allow-Headers", wanted == null ? "Content-Type" : wanted);
    }

    private static String methods(RouteTable.Route route) {
        Set<HttpMethod> all = new HashSet<>(route.handlers().keySet());
        all.add(HttpMethod.OPTIONS);
        if (all.contains(HttpMethod.GET)) {
            all.add(HttpMethod.HEAD);
        }
        return all.stream().map(HttpMethod::name).sorted().collect(Collectors.joining(", "));
    }

    private Future<Void> send(Passage passage, Reply reply) {
        HttpServerResponse response = passage.request.response();
        Duration took = Duration.ofNanos(System.nanoTime() - passage.startNanos);
        listener.answered(passage.request.method().name(), passage.route, reply.status(), took);
        LOG.info(
                "request id={} method={} path={} status={} ms={} remote={}",
                passage.id,
                passage.request.method(),
                visible(passage.request.path()),
                reply.status(),
                took.toMillis(),
                passage.request.remoteAddress());
        if (response.ended() || response.closed()) {
            return Future.succeededFuture();
        }
        response.setStatusCode(reply.status())
                .putHeader("Server", "kong/" + options.version())
                .putHeader("X-Kong-Admin-Latency", String.valueOf(took.toMillis()))
                .putHeader("X-Kong-Admin-Request-ID", passage.id)
                .putHeader("X-Gateway-Release", cluster.release().toString())
                .putHeader("X-Gateway-Active-Release", cluster.activeRelease())
                .putHeader("X-Gateway-Write-Gate", cluster.open() ? "open" : "closed");
        String origin = passage.request.getHeader("Origin");
        response.putHeader("Access-Control-Allow-Origin", origin == null ? "*" : origin);
        if (origin != null) {
            /* Browsers that send credentials accept no asterisk. */
            response.putHeader("Access-Control-Allow-Credentials", "true").putHeader("Vary", "Origin");
        }
        reply.headers().forEach(response::putHeader);
        if (reply.type() != null) {
            response.putHeader("Content-Type", reply.type());
        }
        return body(passage.request, reply);
    }

    private static Future<Void> body(HttpServerRequest request, Reply reply) {
        HttpServerResponse response = request.response();
        if (reply.body() == null) {
            if (reply.status() != 204) {
                response.putHeader("Content-Length", "0");
            }
            return response.end();
        }
        Buffer body = Buffer.buffer(reply.body());
        response.putHeader("Content-Length", String.valueOf(body.length()));
        return request.method().equals(HttpMethod.HEAD) ? response.end() : response.end(body);
    }

    /** A path as it may stand in a log: bounded, no control characters. */
    private static String visible(String path) {
        if (path == null) {
            return "-";
        }
        String bounded = path.length() > 200 ? path.substring(0, 200) + "..." : path;
        return bounded.replaceAll("[^\\x21-\\x7e]", "?");
    }
}
