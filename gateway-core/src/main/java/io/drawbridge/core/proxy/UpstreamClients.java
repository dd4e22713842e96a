package io.drawbridge.core.proxy;

import io.drawbridge.core.proxy.tls.UpstreamTls;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Connections of one event loop to upstreams: for each way to speak TLS its own. Confined to the event loop. */
final class UpstreamClients {
    /* Of what is no longer configured: whoever still uses it may finish. */
    private static final int GRACE_HOURS = 24;

    private final Vertx vertx;
    private final ProxyLimits limits;
    private final Map<UpstreamTls, HttpClient[]> clients = new IdentityHashMap<>();

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
        return vertx.httpClientBuilder().with(options).with(pool).build();
    }

    /** Lets go of those that are no longer used. */
    void retain(Set<UpstreamTls> used) {
        Iterator<Map.Entry<UpstreamTls, HttpClient[]>> each = clients.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<UpstreamTls, HttpClient[]> entry = each.next();
            if (!used.contains(entry.getKey())) {
                each.remove();
                shutdown(entry.getValue(), TimeUnit.HOURS.toMillis(GRACE_HOURS));
            }
        }
    }

    void close() {
        clients.values().forEach(variants -> shutdown(variants, 0));
        clients.clear();
    }

    private static void shutdown(HttpClient[] variants, long millis) {
        for (HttpClient client : variants) {
            if (client != null) {
                client.shutdown(millis, TimeUnit.MILLISECONDS);
            }
        }
    }
}
