package io.drawbridge.core.proxy;

import io.drawbridge.core.proxy.tls.Identity;
import io.drawbridge.core.proxy.tls.NamedIdentities;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** The servers of all event loops. Thread-safe. */
final class ProxyServers {
    private final Vertx vertx;
    private final ProxyOptions options;
    private final Supplier<Routing> routing;
    private final List<ProxyServer> servers = new CopyOnWriteArrayList<>();
    private volatile String deployment;

    ProxyServers(Vertx vertx, ProxyOptions options, Supplier<Routing> routing) {
        this.vertx = vertx;
        this.options = options;
        this.routing = routing;
    }

    /* Those that are to find a free port all find the same, because they ask for the same negative one. */
    Future<Void> open() {
        int free = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE - 65_536);
        return vertx.executeBlocking(this::identities, false)
                .compose(identities -> vertx.deployVerticle(
                        () -> {
                            ProxyServer server = new ProxyServer(options, free, routing, identities);
                            servers.add(server);
                            return server;
                        },
                        new DeploymentOptions().setInstances(options.eventLoops())))
                .map(deployed -> {
                    deployment = deployed;
                    return null;
                });
    }

    private NamedIdentities identities() {
        return new NamedIdentities(
                () -> routing.get().certificates(), options.identity().orElseGet(Identity::selfSigned));
    }

    /** There is a new configuration. */
    void adapt() {
        if (deployment != null) {
            servers.forEach(ProxyServer::adapt);
        }
    }

    Future<Void> close(Duration drain) {
        String opened = deployment;
        if (opened == null) {
            return Future.succeededFuture();
        }
        deployment = null;
        List<Future<?>> closing = new ArrayList<>();
        servers.forEach(server -> closing.add(server.close(drain)));
        return Future.join(closing).eventually(() -> vertx.undeploy(opened)).mapEmpty();
    }

    Connections connections() {
        return servers.stream().map(ProxyServer::connections).reduce(new Connections(0, 0, 0), Connections::plus);
    }

    List<Integer> ports() {
        return deployment == null ? List.of() : servers.get(0).ports();
    }
}
