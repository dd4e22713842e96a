package io.drawbridge.admin;

import io.drawbridge.core.proxy.Cut;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The connections of a server, and its requests. Closes those on which nobody has worked for too long, whatever trickles
 * in: a client that never ends its request line or headers, or does not take its answer, holds nothing. One that waits
 * for its answer may do so as long as it takes. Thread-safe.
 */
final class Connections {
    private final Vertx vertx;
    private final Map<HttpConnection, Use> open = new ConcurrentHashMap<>();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong underWay = new AtomicLong();

    Connections(Vertx vertx) {
        this.vertx = vertx;
    }

    /** What a connection is used for. Thread-safe. */
    private static final class Use {
        private final AtomicLong unanswered = new AtomicLong();
        private volatile long sinceNanos = System.nanoTime();

        private boolean idle(Duration patience) {
            return unanswered.get() == 0 && System.nanoTime() - sinceNanos > patience.toNanos();
        }
    }

    void opened(HttpConnection connection) {
        accepted.incrementAndGet();
        open.put(connection, new Use());
        connection.closeHandler(closed -> open.remove(connection));
    }

    void begun(HttpConnection connection) {
        requests.incrementAndGet();
        underWay.incrementAndGet();
        Use use = open.get(connection);
        if (use != null) {
            use.unanswered.incrementAndGet();
        }
    }

    /** Its answer is there and has to be sent. */
    void answered(HttpConnection connection) {
        Use use = open.get(connection);
        if (use != null) {
            use.sinceNanos = System.nanoTime();
            use.unanswered.decrementAndGet();
        }
    }

    void ended(HttpConnection connection) {
        underWay.decrementAndGet();
        Use use = open.get(connection);
        if (use != null) {
            use.sinceNanos = System.nanoTime();
        }
    }

    /** Looks at them from now on; yields the timer. */
    long watch(Duration patience) {
        return vertx.setPeriodic(
                Math.max(1, patience.toMillis() / 8),
                look -> open.forEach((connection, use) -> {
                    if (use.idle(patience)) {
                        Cut.off(connection);
                    }
                }));
    }

    long active() {
        return open.size();
    }

    long accepted() {
        return accepted.get();
    }

    long requests() {
        return requests.get();
    }

    long underWay() {
        return underWay.get();
    }
}
