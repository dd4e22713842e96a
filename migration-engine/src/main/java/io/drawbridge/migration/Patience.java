package io.drawbridge.migration;

import java.time.Duration;

/** How long one call waits for others. Confined to the call. */
final class Patience {
    private final Duration limit;
    private final long startNanos = System.nanoTime();
    private boolean databaseSeen;

    private Patience(Duration limit) {
        this.limit = limit;
    }

    static Patience of(Duration limit) {
        return new Patience(limit);
    }

    static Patience forEver() {
        return new Patience(null);
    }

    void databaseSeen() {
        databaseSeen = true;
    }

    boolean over() {
        return limit != null && System.nanoTime() - startNanos >= limit.toNanos();
    }

    /** A database that was never there is an error at once, except for a node that waits for it. */
    boolean endures(Throwable failure) {
        boolean away = MigrationException.is(failure, MigrationError.UNAVAILABLE);
        return limit == null || ((databaseSeen || !away) && !over());
    }
}
