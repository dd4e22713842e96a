package io.drawbridge.core.proxy;

import io.vertx.core.http.HttpConnection;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes on at one event loop, looked at every now and then for what has taken too long: cheaper than a timer for each request
 * and each connection. Confined to that event loop, but for {@link #connections}.
 */
final class Watch {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

    /** How often it looks, in milliseconds; a time-out is noticed as much too late. */
    static final long TICK_MILLIS = 100;

    /** What may take too long. */
    abstract static class Watched {
        private Watched before;
        private Watched after;

        /** @param now by {@link System#nanoTime} */
        abstract void tick(long now);
    }

    private static final class End extends Watched {
        @Override
        void tick(long now) {}
    }

    private final Map<HttpConnection, ClientConnection> clients = new IdentityHashMap<>();
    private final LongAdder open = new LongAdder();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder requests = new LongAdder();
    /* A ring, because requests come and go all the time and from anywhere in it. */
    private final Watched ring = new End();
    private final long idleNanos;

    /** @param idleNanos how long a client's connection is kept without a request */
    Watch(long idleNanos) {
        this.idleNanos = idleNanos;
        ring.before = ring;
        ring.after = ring;
    }

    ClientConnection opened(HttpConnection connection) {
        Cut.freeOfTimeout(connection);
        connection.exceptionHandler(failed -> LOG.debug("connection of a client failed reason={}", failed.toString()));
        ClientConnection client = new ClientConnection(connection);
        clients.put(connection, client);
        open.increment();
        accepted.increment();
        connection.closeHandler(closed -> {
            if (clients.remove(connection) != null) {
                open.decrement();
            }
        });
        return client;
    }

    /** For a request that has just come. */
    ClientConnection client(HttpConnection connection) {
        requests.increment();
        ClientConnection known = clients.get(connection);
        return known != null ? known : opened(connection);
    }

    void add(Watched watched) {
        watched.before = ring.before;
        watched.after = ring;
        ring.before.after = watched;
        ring.before = watched;
    }

    void remove(Watched watched) {
        watched.before.after = watched.after;
        watched.after.before = watched.before;
    }

    void tick() {
        long now = System.nanoTime();
        for (Watched each : all()) {
            each.tick(now);
        }
        List<ClientConnection> idle = new ArrayList<>();
        clients.values().forEach(client -> {
            if (client.isIdle(now, idleNanos)) {
                idle.add(client);
            }
        });
        idle.forEach(ClientConnection::close);
    }

    /* A copy: what has taken too long leaves the ring, and may take others with it. */
    private List<Watched> all() {
        List<Watched> all = new ArrayList<>();
        for (Watched each = ring.after; each != ring; each = each.after) {
            all.add(each);
        }
        return all;
    }

    /** Of any thread. */
    Connections connections() {
        return new Connections(open.sum(), accepted.sum(), requests.sum());
    }
}
