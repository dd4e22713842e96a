package io.drawbridge.core.proxy;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.drawbridge.core.config.Changes;
import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.proxy.plugin.PluginKind;
import io.drawbridge.migration.Release;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/** A proxy with its upstreams, and the configuration that tests write for it. Listens for HTTP, HTTPS and HTTP/2 without TLS. */
final class Gateway implements AutoCloseable {
    private static final EntityTypes TYPES = EntityTypes.at(Release.of(2, 5));
    static final Listener PLAIN = new Listener("127.0.0.1", 0, false, false);
    static final Listener SECURE = new Listener("127.0.0.1", 0, true, true);
    static final Listener H2C = new Listener("127.0.0.1", 0, false, true);

    private static final UUID SERVED = new UUID(0, 1);

    final Vertx vertx = Vertx.vertx();
    final ProxyRuntime runtime;
    private final Map<UUID, Entity> entities = new LinkedHashMap<>();
    private final List<HttpServer> upstreams = new ArrayList<>();
    private ConfigSnapshot snapshot = ConfigSnapshot.empty();
    private int revision;

    /** Waits for it. */
    static <T> T await(Future<T> future) {
        try {
            return future.await(10, SECONDS);
        } catch (TimeoutException late) {
            throw new AssertionError("not within 10 s", late);
        }
    }

    private Gateway(UnaryOperator<ProxyOptions> options, List<PluginKind> kinds) {
        ProxyOptions standard = ProxyOptions.defaults(List.of(PLAIN, SECURE, H2C), "drawbridge/test");
        runtime = new ProxyRuntime(vertx, options.apply(standard), kinds, new SimpleMeterRegistry());
        await(runtime.start());
    }

    static Gateway start() {
        return start(options -> options);
    }

    static Gateway start(UnaryOperator<ProxyOptions> options, PluginKind... kinds) {
        return new Gateway(options, List.of(kinds));
    }

    int port() {
        return runtime.ports().get(0);
    }

    int tlsPort() {
        return runtime.ports().get(1);
    }

    int h2cPort() {
        return runtime.ports().get(2);
    }

    /** A server that answers so. @return its port */
    int upstream(Handler<HttpServerRequest> handler) {
        return upstream(new HttpServerOptions(), handler);
    }

    int upstream(HttpServerOptions options, Handler<HttpServerRequest> handler) {
        HttpServer server = vertx.createHttpServer(options).requestHandler(handler);
        upstreams.add(server);
        return await(server.listen(0, "127.0.0.1")).actualPort();
    }

    static Entity entity(String type, Map<String, Object> values) {
        Map<String, Object> all = new HashMap<>(values);
        all.putIfAbsent("id", UUID.randomUUID().toString());
        return new Entity(TYPES.get(type), all);
    }

    static Map<String, Object> reference(Entity to) {
        return Map.of("id", to.id().toString());
    }

    static Entity service(int port, Map<String, Object> values) {
        Map<String, Object> all = new HashMap<>(Map.of("protocol", "http", "host", "127.0.0.1", "port", (long) port));
        all.putAll(values);
        return entity("services", all);
    }

    /** @param service may be null */
    static Entity route(Entity service, Map<String, Object> values) {
        Map<String, Object> all = new HashMap<>(Map.of(
                "protocols",
                List.of("http", "https"),
                "https_redirect_status_code",
                426L,
                "strip_path",
                true,
                "preserve_host",
                false,
                "path_handling",
                "v0"));
        if (service != null) {
            all.put("service", reference(service));
        }
        all.putAll(values);
        return entity("routes", all);
    }

    /** All to a service at this port, instead of the one before. */
    void serve(int port, Map<String, Object> service) {
        Entity made = service(port, service);
        Entity route = route(made, Map.of("id", SERVED.toString(), "paths", List.of("/")));
        configure(made, route);
    }

    /** Adds or replaces entities, and waits until they are in force. */
    void configure(Entity... all) {
        List<Entity> written = List.of(all);
        Map<String, List<Entity>> byType = new HashMap<>();
        for (Entity entity : written) {
            entities.put(entity.id(), entity);
            byType.computeIfAbsent(entity.type().name(), type -> new ArrayList<>())
                    .add(entity);
        }
        snapshot = snapshot.with(position(), new ConfigSnapshot.Delta(byType, Map.of()));
        apply();
    }

    /** Takes entities away. */
    void remove(Entity... all) {
        Map<String, Set<UUID>> gone = new HashMap<>();
        for (Entity entity : all) {
            gone.computeIfAbsent(entity.type().name(), type -> new HashSet<>()).add(entity.id());
        }
        snapshot = snapshot.with(position(), new ConfigSnapshot.Delta(Map.of(), gone));
        apply();
    }

    private Changes.Position position() {
        return new Changes.Position("test", ++revision);
    }

    private void apply() {
        await(runtime.apply(snapshot));
    }

    @Override
    public void close() {
        await(runtime.stop(Duration.ofSeconds(1)));
        await(vertx.close());
    }
}
