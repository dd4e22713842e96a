package io.drawbridge.migration.postgres;

import io.drawbridge.migration.Futures;
import io.drawbridge.migration.Lease;
import io.drawbridge.migration.MigrationException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Tries again, later and later, while others hold the locks that an attempt needs, until the work's lease is stopped here.
 * Thread-safe.
 */
final class LockRetry {
    private final Vertx vertx;
    private final Predicate<Lease> stopped;

    LockRetry(Vertx vertx, Predicate<Lease> stopped) {
        this.vertx = vertx;
        this.stopped = stopped;
    }

    /**
     * How often to try, and for how long in all.
     *
     * @param pause after the first attempt; each later one is twice as long
     * @param longest no pause is longer
     */
    record Pace(Duration limit, Duration pause, Duration longest) {}

    /** @param lease under which the attempts run; null: none */
    <T> Future<T> run(Lease lease, Pace pace, Supplier<Future<T>> attempt) {
        long start = System.nanoTime();
        long[] pauseMillis = {pace.pause().toMillis()};
        return Futures.<Optional<T>>loop(
                        vertx,
                        () -> attempt(lease, attempt).map(Optional::ofNullable).recover(failure -> {
                            boolean patient =
                                    System.nanoTime() - start < pace.limit().toNanos();
                            if (!PgErrors.locked(failure) || !patient) {
                                return Future.failedFuture(failure);
                            }
                            long now = pauseMillis[0];
                            pauseMillis[0] = Math.min(now * 2, pace.longest().toMillis());
                            return Futures.pause(vertx, Duration.ofMillis(now)).mapEmpty();
                        }))
                .map(value -> value.orElse(null));
    }

    /* What a stop cuts off fails in many ways; here they become one. */
    private <T> Future<T> attempt(Lease lease, Supplier<Future<T>> attempt) {
        return stopped(lease)
                ? Future.failedFuture(PgErrors.stopped(lease))
                : attempt.get()
                        .recover(failure -> Future.failedFuture(
                                stopped(lease) && !(failure instanceof MigrationException)
                                        ? PgErrors.stopped(lease)
                                        : failure));
    }

    private boolean stopped(Lease lease) {
        return lease != null && stopped.test(lease);
    }
}
