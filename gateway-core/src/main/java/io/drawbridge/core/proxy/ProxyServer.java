package io.drawbridge.core.proxy;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The servers of one event loop, to which it is confined, but for {@link #bound}. */
final class ProxyServer extends VerticleBase {
    private final ProxyOptions options;
    private final List<Listener> listeners;
    private final Supplier<Routing> routing;
    private final List<HttpServer> servers = new ArrayList<>();
    private volatile List<Listener> bound = List.of();

    ProxyServer(ProxyOptions options, List<Listener> listeners, Supplier<Routing> routing) {
        this.options = options;
        this.listeners = listeners;
        this.routing = routing;
    }

    @Override
    public Future<?> start() {
        List<Future<HttpServer>> opening = new ArrayList<>();
        for (Listener listener : listeners) {
            HttpServer server = vertx.createHttpServer(new HttpServerOptions())
                    .requestHandler(
                            request -> request.response().setStatusCode(404).end());
            servers.add(server);
            opening.add(server.listen(listener.port(), listener.host()));
        }
        return Future.all(opening).onSuccess(opened -> {
            List<Listener> actual = new ArrayList<>();
            for (int i = 0; i < servers.size(); i++) {
                actual.add(listeners.get(i).on(servers.get(i).actualPort()));
            }
            bound = List.copyOf(actual);
        });
    }

    /** Where it listens, once it does. */
    List<Listener> bound() {
        return bound;
    }

    Future<Void> close(Duration drain) {
        List<Future<?>> closing = new ArrayList<>();
        servers.forEach(server -> closing.add(server.shutdown(drain.toMillis(), TimeUnit.MILLISECONDS)));
        return Future.join(closing).mapEmpty();
    }
}
