package io.drawbridge.bench;

import io.drawbridge.core.config.Changes;
import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.Validator;
import io.drawbridge.core.proxy.Listener;
import io.drawbridge.core.proxy.ProxyOptions;
import io.drawbridge.core.proxy.ProxyRuntime;
import io.drawbridge.migration.Release;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.PoolOptions;
import io.vertx.httpproxy.HttpProxy;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** A proxy alone in its JVM: arguments port, port of the upstream, number of routes (0: a plain vertx-http-proxy), milliseconds between changes. */
public final class ProxyMain {
    private static final int EVENT_LOOPS = 2;

    private ProxyMain() {}

    public static void main(String[] arguments) {
        int port = Integer.parseInt(arguments[0]);
        int upstream = Integer.parseInt(arguments[1]);
        int routes = Integer.parseInt(arguments[2]);
        int changeMillis = Integer.parseInt(arguments[3]);
        Vertx vertx = Vertx.vertx();
        if (routes == 0) {
            Waiting.on(vertx.deployVerticle(
                    () -> new Plain(port, upstream), new DeploymentOptions().setInstances(EVENT_LOOPS)));
        } else {
            ours(vertx, port, upstream, routes, changeMillis);
        }
    }

    private static void ours(Vertx vertx, int port, int upstream, int routes, int changeMillis) {
        ProxyRuntime proxy = new ProxyRuntime(
                vertx,
                ProxyOptions.defaults(List.of(new Listener("127.0.0.1", port, false, false)), "drawbridge/2.5.0"),
                List.of(),
                new SimpleMeterRegistry());
        ConfigSnapshot first = ConfigSnapshot.of(Changes.Position.none(), config(upstream, routes));
        Waiting.on(proxy.apply(first).compose(applied -> proxy.start()));
        if (changeMillis > 0) {
            change(vertx, proxy, first, changeMillis);
        }
    }

    /* One route gets another priority, as an operator's edit would come: the rest of the snapshot is shared. */
    private static void change(Vertx vertx, ProxyRuntime proxy, ConfigSnapshot first, int millis) {
        AtomicLong count = new AtomicLong();
        List<Entity> all = List.copyOf(first.all("routes"));
        vertx.setPeriodic(millis, tick -> {
            ConfigSnapshot now = proxy.current().orElse(first);
            long next = count.incrementAndGet();
            Entity changed = all.get((int) (next % all.size())).with("regex_priority", next);
            proxy.apply(now.with(
                    Changes.Position.none(), new ConfigSnapshot.Delta(Map.of("routes", List.of(changed)), Map.of())));
        });
    }

    private static List<Entity> config(int upstream, int routes) {
        EntityTypes types = EntityTypes.at(Release.of(2, 5));
        List<Entity> all = new ArrayList<>();
        for (int i = 0; i < routes; i++) {
            String service = new UUID(1, i).toString();
            all.add(entity(
                    types.get("services"),
                    Map.of("id", service, "host", "127.0.0.1", "port", (long) upstream, "name", "s" + i)));
            all.add(entity(
                    types.get("routes"),
                    Map.of(
                            "id", new UUID(2, i).toString(),
                            "name", "r" + i,
                            "paths", List.of(routes == 1 ? "/" : "/r" + i + "/"),
                            "strip_path", false,
                            "service", Map.of("id", service))));
        }
        return all;
    }

    private static Entity entity(EntityType type, Map<String, Object> values) {
        return new Validator(InstantSource.system())
                .create(type, new HashMap<>(values))
                .entity();
    }

    private static final class Plain extends VerticleBase {
        private final int port;
        private final int upstream;
        private HttpClient client;
        private HttpServer server;

        Plain(int port, int upstream) {
            this.port = port;
            this.upstream = upstream;
        }

        @Override
        public Future<?> start() {
            client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(1024));
            server = vertx.createHttpServer();
            return server.requestHandler(HttpProxy.reverseProxy(client).origin(upstream, "127.0.0.1"))
                    .listen(port, "127.0.0.1");
        }
    }
}
