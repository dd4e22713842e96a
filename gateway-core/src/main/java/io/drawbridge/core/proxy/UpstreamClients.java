package io.drawbridge.core.proxy;

import io.drawbridge.core.proxy.tls.UpstreamTls;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connections of one event loop to upstreams: for each way to speak TLS its own. Confined to the event loop. */
final class UpstreamClients {
    private static final Logger LOG = LoggerFactory.getLogger(UpstreamClients.class);
    /* Of what is no longer configured: whoever still uses it may finish. */
    private static final int GRACE_HOURS = 24;

    private final Vertx vertx;
    private final ProxyLimits limits;
    private final Map<UpstreamTls, HttpClient[]> clients = new IdentityHashMap<>();
    /* A client that nobody holds is closed at once, whatever is under way. */
    private final Set<HttpClient> leaving = new HashSet<>();

    UpstreamClients(Vertx vertx, ProxyLimits limits) {
        this.vertx = vertx;
        this.limits = limits;
    }

    /**
     * A client.
     *
     * @param http2 whether it speaks HTTP/2, and nothing else
     * @param named whether TLS asks for the name
     * @return null if there are too many of them
     */
    HttpClient get(UpstreamTls setup, boolean http2, boolean named) {
        HttpClient[] variants = clients.get(setup);
        if (variants == null) {
            if (clients.size() >= limits.upstreamSetups()) {
                return null;
            }
            variants = new HttpClient[4];
            clients.put(setup, variants);
        }
        int variant = (http2 ? 2 : 0) + (named ? 1 : 0);
        if (variants[variant] == null) {
            variants[variant] = make(setup, http2, named);
        }
        return variants[variant];
    }

    private HttpClient make(UpstreamTls setup, boolean http2, boolean named) {
        HttpClientOptions options = new HttpClientOptions()
                .setProtocolVersion(http2 ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1)
                .setHttp2ClearTextUpgrade(false)
                .setUseAlpn(http2)
                .setAlpnVersions(List.of(http2 ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1))
                .setForceSni(named)
                .setMaxHeaderSize(limits.headerBytes())
                .setMaxInitialLineLength(limits.lineBytes())
                .setKeepAliveTimeout((int) limits.upstreamIdle().toSeconds())
                .setHttp2KeepAliveTimeout((int) limits.upstreamIdle().toSeconds());
        setup.apply(options);
        PoolOptions pool = new PoolOptions()
                .setHttp1MaxSize(limits.upstreamConnections())
                .setHttp2MaxSize(Math.max(1, limits.upstreamConnections() / 100))
                .setMaxWaitQueueSize(limits.upstreamWaiting());
        return vertx.httpClientBuilder()
                .with(options)
                .with(pool)
                .withConnectHandler(connection -> connection.exceptionHandler(
                        failed -> LOG.debug("connection to upstream failed reason={}", failed.toString())))
                .build();
    }

    /** Lets go of those that are no longer used. */
    void retain(Set<UpstreamTls> used) {
        for (UpstreamTls setup : List.copyOf(clients.keySet())) {
            if (!used.contains(setup)) {
                shutdown(clients.remove(setup), TimeUnit.HOURS.toMillis(GRACE_HOURS));
            }
        }
    }

    void close() {
        clients.values().forEach(variants -> shutdown(variants, 0));
        clients.clear();
    }

    private void shutdown(HttpClient[] variants, long millis) {
        for (HttpClient client : variants) {
            if (client != null) {
                leaving.add(client);
                client.shutdown(millis, TimeUnit.MILLISECONDS).onComplete(left -> leaving.remove(client));
            }
        }
    }
}
