package io.drawbridge.core.proxy;

import io.drawbridge.core.proxy.tls.NamedIdentities;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.KeyCertOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The servers of one event loop, to which it is confined, but for {@link #ports}, {@link #close} and {@link #connections}. */
final class ProxyServer extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyServer.class);

    private final ProxyOptions options;
    private final int free;
    private final Supplier<Routing> routing;
    private final NamedIdentities identities;
    private final Watch watch;
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
    private UpstreamClients clients;

    /** @param free from here on down, negated, are the ports of listeners that may have any free one */
    ProxyServer(ProxyOptions options, int free, Supplier<Routing> routing, NamedIdentities identities) {
        this.options = options;
        this.free = free;
        this.routing = routing;
        this.identities = identities;
        this.watch = new Watch(options.limits().clientIdle().toNanos());
    }

    @Override
    public Future<?> start() {
        clients = new UpstreamClients(vertx, options.limits());
        ProxyHandler handler =
                new ProxyHandler(new Means(options, routing, context, watch, clients, new Front(options.trusted())));
        List<Future<HttpServer>> opening = new ArrayList<>();
        for (Listener listener : options.listeners()) {
            HttpServer server = vertx.createHttpServer(serverOptions(listener))
                    .connectionHandler(watch::opened)
                    .exceptionHandler(failed -> LOG.debug("connection of a client failed reason={}", failed.toString()))
                    .requestHandler(handler);
            servers.add(server);
            int port = listener.port() == 0 ? -free - servers.size() : listener.port();
            opening.add(server.listen(port, listener.host()));
        }
        vertx.setPeriodic(Watch.TICK_MILLIS, tick -> watch.tick());
        return Future.all(opening);
    }

    private HttpServerOptions serverOptions(Listener listener) {
        ProxyLimits limits = options.limits();
        HttpServerOptions server = new HttpServerOptions()
                .setMaxHeaderSize(limits.headerBytes())
                .setMaxInitialLineLength(limits.lineBytes())
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setHttp2ClearTextEnabled(listener.http2() && !listener.tls())
                .setInitialSettings(new Http2Settings()
                        .setMaxConcurrentStreams(limits.http2Streams())
                        .setMaxHeaderListSize(limits.headerBytes()));
        if (listener.http2() && !listener.tls()) {
            /* Until it is known which HTTP is spoken there is no connection to watch. */
            server.setIdleTimeoutUnit(TimeUnit.MILLISECONDS).setIdleTimeout((int)
                    Math.min(Integer.MAX_VALUE, limits.clientIdle().toMillis()));
        }
        if (listener.tls()) {
            server.setSsl(true)
                    .setKeyCertOptions(KeyCertOptions.wrap(identities))
                    .setUseAlpn(true)
                    .setAlpnVersions(
                            listener.http2()
                                    ? List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1)
                                    : List.of(HttpVersion.HTTP_1_1));
        }
        return server;
    }

    /** Lets go of connections for which there is no use in the newest configuration. */
    void adapt() {
        context.runOnContext(here -> clients.retain(routing.get().destinations().setups()));
    }

    /** Of its listeners, once they are open. Of any thread. */
    List<Integer> ports() {
        return servers.stream().map(HttpServer::actualPort).toList();
    }

    Connections connections() {
        return watch.connections();
    }

    Future<Void> close(Duration drain) {
        List<Future<?>> closing = new ArrayList<>();
        servers.forEach(server -> closing.add(server.shutdown(drain.toMillis(), TimeUnit.MILLISECONDS)));
        return Future.join(closing).mapEmpty();
    }

    @Override
    public Future<?> stop() {
        clients.close();
        return Future.succeededFuture();
    }
}
