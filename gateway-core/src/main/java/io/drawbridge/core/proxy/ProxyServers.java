package io.drawbridge.core.proxy;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** The servers of all event loops. Thread-safe. */
final class ProxyServers {
    private final Vertx vertx;
    private final ProxyOptions options;
    private final Supplier<Routing> routing;
    private final List<ProxyServer> servers = new CopyOnWriteArrayList<>();

    ProxyServers(Vertx vertx, ProxyOptions options, Supplier<Routing> routing) {
        this.vertx = vertx;
        this.options = options;
        this.routing = routing;
    }

    /* The first one finds free ports; the others join it there. */
    Future<Void> open() {
        return deploy(options.listeners())
                .compose(first -> {
                    List<Future<?>> others = new ArrayList<>();
                    for (int i = 1; i < options.eventLoops(); i++) {
                        others.add(deploy(first.bound()));
                    }
                    return Future.all(others);
                })
                .<Void>mapEmpty()
                .recover(failure -> close(Duration.ZERO).eventually(() -> Future.failedFuture(failure)));
    }

    private Future<ProxyServer> deploy(List<Listener> listeners) {
        ProxyServer server = new ProxyServer(options, listeners, routing);
        servers.add(server);
        return vertx.deployVerticle(server, new DeploymentOptions()).map(server);
    }

    Future<Void> close(Duration drain) {
        List<Future<?>> closing = new ArrayList<>();
        servers.forEach(server -> closing.add(server.close(drain)));
        return Future.join(closing).mapEmpty();
    }

    List<Integer> ports() {
        return servers.isEmpty()
                ? List.of()
                : servers.get(0).bound().stream().map(Listener::port).toList();
    }
}
