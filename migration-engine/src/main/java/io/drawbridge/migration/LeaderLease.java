package io.drawbridge.migration;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a lease, does work while renewing it, gives it back. Remembers what it saw of a foreign lease between calls, so
 * that a holder whose beat stands still is overtaken even when the database's clock stepped back. Confined to the caller's
 * context.
 */
public final class LeaderLease {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderLease.class);

    private final Vertx vertx;
    private final MigrationBackend<?> backend;
    private final String name;
    private final MigrationOptions options;
    private final MigrationListener listener;

    private volatile Lease leading;
    private LeaseView seen;
    private long seenSinceNanos;

    public LeaderLease(
            Vertx vertx,
            MigrationBackend<?> backend,
            String name,
            MigrationOptions options,
            MigrationListener listener) {
        this.vertx = vertx;
        this.backend = backend;
        this.name = name;
        this.options = options;
        this.listener = listener;
    }

    /**
     * Runs {@code work} if the lease can be had now; empty if another has it.
     *
     * @param view the lease as last read
     */
    public <T> Future<Optional<T>> lead(LeaseView view, Function<Held, Future<T>> work) {
        long sent = System.nanoTime();
        return backend.acquire(name, options.member(), options.incarnation(), options.leaseTtl(), stale(view))
                .compose(granted -> granted.isPresent()
                        ? hold(granted.get(), sent, work).map(Optional::of)
                        : Future.succeededFuture(Optional.empty()));
    }

    /** Ends what runs under the lease now, if any does; work in hand fails with {@code LEASE_LOST}. From any thread. */
    public void interrupt() {
        Lease now = leading;
        if (now != null) {
            LOG.info("lease interrupted name={} epoch={}", now.name(), now.epoch());
            backend.interrupt(now);
        }
    }

    /** The lease that has not moved for one and a half lifetimes by our own clock; null while it may be alive. */
    private LeaseView stale(LeaseView view) {
        boolean same = seen != null && seen.epoch() == view.epoch() && seen.beat() == view.beat();
        if (!same) {
            seen = view;
            seenSinceNanos = System.nanoTime();
            return null;
        }
        long unmovedNanos = System.nanoTime() - seenSinceNanos;
        return unmovedNanos >= options.leaseTtl().toNanos() * 3 / 2 ? view : null;
    }

    private <T> Future<T> hold(Lease lease, long sent, Function<Held, Future<T>> work) {
        Held held = new Held(lease, sent + options.leaseTtl().toNanos());
        LOG.info("lease taken name={} holder={} epoch={}", lease.name(), lease.holder(), lease.epoch());
        listener.leaseTaken(lease);
        held.timer = vertx.setPeriodic(Math.max(1, options.heartbeat().toMillis()), tick -> held.renew());
        Promise<T> result = Promise.promise();
        held.lost.future().onFailure(result::tryFail);
        leading = lease;
        Future<T> working = Future.<Void>succeededFuture().compose(start -> work.apply(held));
        working.onComplete(result::tryComplete, result::tryFail);
        return result.future().eventually(() -> held.end());
    }

    /** The lease in hand. Work and renewals may come from different contexts. */
    public final class Held {
        private final Lease lease;
        private final Promise<Void> lost = Promise.promise();
        private long timer;
        private volatile long deadlineNanos;
        private volatile boolean renewing;
        private volatile boolean over;
        private volatile String note = "";

        private Held(Lease lease, long deadlineNanos) {
            this.lease = lease;
            this.deadlineNanos = deadlineNanos;
        }

        public Lease lease() {
            return lease;
        }

        /** What we say we are doing; shown with the lease. */
        public void note(String text) {
            note = text;
        }

        /* The deadline is counted from before the renewal was sent, so that we always stop before the database lets
        another one in. */
        private void renew() {
            if (over) {
                return;
            }
            if (System.nanoTime() - deadlineNanos >= 0) {
                lose("not renewed for " + options.leaseTtl().toMillis() + " ms");
                return;
            }
            if (renewing) {
                return;
            }
            renewing = true;
            long sent = System.nanoTime();
            String waits = backend.lockWaits(lease);
            if (!waits.isEmpty()) {
                listener.lockWait(lease.name(), null, waits);
            }
            backend.renew(lease, options.leaseTtl(), waits.isEmpty() ? note : note + "; waits for " + waits)
                    .onComplete(answer -> {
                        renewing = false;
                        if (answer.succeeded()) {
                            deadlineNanos = sent + options.leaseTtl().toNanos();
                            listener.leaseRenewed(lease);
                        } else if (MigrationException.is(answer.cause(), MigrationError.LEASE_LOST)) {
                            lose("another one has it");
                        } else if (System.nanoTime() - deadlineNanos >= 0) {
                            lose("cannot be renewed: " + answer.cause().getMessage());
                        } else {
                            LOG.warn(
                                    "lease renewal failed name={} epoch={} reason={}",
                                    lease.name(),
                                    lease.epoch(),
                                    answer.cause().getMessage());
                        }
                    });
        }

        private void lose(String why) {
            if (over) {
                return;
            }
            over = true;
            LOG.warn("lease lost name={} epoch={} reason={}", lease.name(), lease.epoch(), why);
            listener.leaseLost(lease);
            backend.interrupt(lease)
                    .timeout(options.leaseTtl().toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS)
                    .onComplete(stopped -> lost.tryFail(new MigrationException(
                            MigrationError.LEASE_LOST,
                            "lease " + lease.name() + " epoch " + lease.epoch() + ": " + why)));
        }

        private Future<Void> end() {
            vertx.cancelTimer(timer);
            leading = null;
            if (over) {
                return Future.succeededFuture();
            }
            over = true;
            listener.leaseReleased(lease);
            Duration patience = options.leaseTtl();
            return backend.release(lease)
                    .timeout(patience.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS)
                    .onFailure(failure -> LOG.warn(
                            "lease release failed name={} epoch={} reason={}",
                            lease.name(),
                            lease.epoch(),
                            failure.getMessage()))
                    .otherwiseEmpty();
        }
    }
}
