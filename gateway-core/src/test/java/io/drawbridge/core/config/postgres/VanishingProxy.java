package io.drawbridge.core.config.postgres;

import static io.drawbridge.core.store.GatewayDatabase.await;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.pgclient.PgConnectOptions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands between a client and its database, and can go silent as a router that forgot its connections. */
final class VanishingProxy implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final Set<NetSocket> open = ConcurrentHashMap.newKeySet();
    private final PgConnectOptions connect;

    VanishingProxy(PgConnectOptions target) {
        NetClient client = vertx.createNetClient();
        NetServer server = vertx.createNetServer().connectHandler(from -> {
            from.pause();
            client.connect(target.getPort(), target.getHost())
                    .onFailure(refused -> from.close())
                    .onSuccess(to -> {
                        open.add(from);
                        open.add(to);
                        from.pipeTo(to);
                        to.pipeTo(from);
                        from.resume();
                    });
        });
        await(server.listen(0, "127.0.0.1"));
        this.connect = new PgConnectOptions(target).setHost("127.0.0.1").setPort(server.actualPort());
    }

    PgConnectOptions connect() {
        return connect;
    }

    /** Forwards nothing more on the connections that are open, and ends none of them. New ones work. */
    void vanish() {
        open.forEach(NetSocket::pause);
    }

    @Override
    public void close() {
        await(vertx.close());
    }
}
