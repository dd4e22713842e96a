package io.drawbridge.migration;

import static io.drawbridge.migration.Waiting.await;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A TCP proxy that can cut every connection that goes through it. */
final class CuttingProxy implements AutoCloseable {
    private final Set<NetSocket> open = ConcurrentHashMap.newKeySet();
    private final NetServer server;
    private final NetClient client;

    CuttingProxy(Vertx vertx, String host, int port) {
        client = vertx.createNetClient();
        server = vertx.createNetServer();
        server.connectHandler(from -> {
            from.pause();
            client.connect(port, host)
                    .onComplete(
                            to -> {
                                open.add(from);
                                open.add(to);
                                from.pipeTo(to);
                                to.pipeTo(from);
                                from.resume();
                            },
                            refused -> from.close());
        });
        await(server.listen(0, "127.0.0.1"));
    }

    int port() {
        return server.actualPort();
    }

    /** Ends every connection at once, as a network does. */
    void cut() {
        for (NetSocket socket : open) {
            open.remove(socket);
            socket.close();
        }
    }

    /** Forwards nothing more on the connections that are open, and ends none of them. New ones work. */
    void vanish() {
        for (NetSocket socket : open) {
            socket.pause();
        }
    }

    @Override
    public void close() {
        cut();
        await(server.close());
        await(client.close());
    }
}
