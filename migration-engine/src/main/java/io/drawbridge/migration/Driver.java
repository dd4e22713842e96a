package io.drawbridge.migration;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries an operation to its end: looks, decides, leads or waits for the one who does, and looks again. Confined to the
 * caller's context, but for {@link #interrupt}.
 */
final class Driver<S extends Step> {
    private static final Logger LOG = LoggerFactory.getLogger(Driver.class);

    private final Vertx vertx;
    private final MigrationBackend<S> backend;
    private final Catalog<S> catalog;
    private final MigrationPlan<S> plan;
    private final Preflight<S> preflight;
    private final MigrationOptions options;
    private final MigrationListener listener;
    private final Preparation<S> preparation;
    private final LeaderLease leadership;
    private volatile boolean interrupted;

    Driver(
            Vertx vertx,
            MigrationBackend<S> backend,
            Catalog<S> catalog,
            MigrationPlan<S> plan,
            Preflight<S> preflight,
            MigrationOptions options,
            MigrationListener listener) {
        this.vertx = vertx;
        this.backend = backend;
        this.catalog = catalog;
        this.plan = plan;
        this.preflight = preflight;
        this.options = options;
        this.listener = listener;
        this.preparation = new Preparation<>(backend, catalog, options);
        this.leadership = new LeaderLease(vertx, backend, MigrationBackend.MIGRATIONS, options, listener);
    }

    /** As {@link Migrator#interrupt}. */
    void interrupt() {
        interrupted = true;
        leadership.interrupt();
    }

    /** Has the tables ready for an operation that makes none, or fails. */
    Future<Void> prepared() {
        return preparation.ensure(Intent.RESUME, null);
    }

    /** Makes the tables, however long the database is away. */
    Future<Void> prepare() {
        Patience patience = Patience.forEver();
        return repeat(patience, () -> preparation.ensure(Intent.START, null).map(true))
                .mapEmpty();
    }

    /**
     * @param repair also convert again what is in the old form, and correct the mirror
     * @param from see {@link Preparation#ensure}
     */
    Future<Outcome> drive(Intent intent, Patience patience, boolean repair, Release from, Progress progress) {
        return repeat(patience, () -> round(intent, patience, repair, from, progress));
    }

    /** Does work that is no step, under the lease, once. */
    <T> Future<T> lead(Patience patience, Function<LeaderLease.Held, Future<T>> work) {
        Progress progress = new Progress();
        return Futures.loop(
                        vertx,
                        () -> safePoint()
                                .compose(go -> backend.read())
                                .compose(cluster -> leadership.lead(cluster.lease(), work))
                                .compose(led -> led.isPresent()
                                        ? Future.succeededFuture(led.get())
                                        : waitForLeader(patience, progress).<T>mapEmpty()))
                .recover(failure -> Future.failedFuture(cut(failure) ? stopped() : failure));
    }

    /** Repeats the round until it yields something, or fails in a way that does not pass by itself. */
    private <T> Future<T> repeat(Patience patience, Supplier<Future<T>> round) {
        return Futures.loop(
                vertx,
                () -> safePoint().compose(go -> round.get()).recover(failure -> pausedOrFailed(failure, patience)));
    }

    private Future<Void> safePoint() {
        return interrupted ? Future.failedFuture(stopped()) : Future.succeededFuture();
    }

    /** Whether it was our interruption that made this fail. */
    private boolean cut(Throwable failure) {
        return interrupted && Retry.passes(failure);
    }

    /** Null after a pause if the failure may pass by itself, else the failure. */
    private <T> Future<T> pausedOrFailed(Throwable failure, Patience patience) {
        if (cut(failure)) {
            return Future.failedFuture(stopped());
        }
        if (!Retry.passes(failure) || !patience.endures(failure)) {
            return Future.failedFuture(failure);
        }
        LOG.warn("migration interrupted, trying again reason={}", failure.getMessage());
        return pause().mapEmpty();
    }

    private static MigrationException stopped() {
        return new MigrationException(MigrationError.INTERRUPTED, "stopped; run the same command again to go on");
    }

    /** One try: null to look again. */
    private Future<Outcome> round(Intent intent, Patience patience, boolean repair, Release from, Progress progress) {
        return preparation.ensure(intent, from).compose(ready -> backend.read()).compose(cluster -> {
            patience.databaseSeen();
            Next<S> next = plan.next(cluster, intent);
            if (next instanceof Next.Refuse<S> refuse) {
                return Future.failedFuture(refuse.failure());
            }
            if (next instanceof Next.Done<S> && !repair) {
                return Future.succeededFuture(progress.outcome(cluster.gate()));
            }
            return leadership
                    .lead(cluster.lease(), held -> work(held, intent, repair, progress))
                    .compose(led ->
                            led.isPresent() ? Future.succeededFuture(led.get()) : waited(cluster, patience, progress));
        });
    }

    private Future<Outcome> work(LeaderLease.Held held, Intent intent, boolean repair, Progress progress) {
        Leader<S> leader =
                new Leader<>(vertx, backend, plan, preflight, options, listener, () -> interrupted, progress, held);
        return agree(held, repair)
                .compose(agreed -> leader.work(intent))
                .compose(cluster -> (repair ? leader.repair() : Future.<Void>succeededFuture())
                        .map(done -> progress.outcome(cluster.gate())));
    }

    /** Foreign bookkeeping that lags behind the journal is somebody's mistake: say so, or repair it when told to. */
    private Future<Void> agree(LeaderLease.Held held, boolean repair) {
        return backend.mirrorDifferences(held.lease(), catalog.migrations(), repair)
                .compose(behind -> behind.isEmpty() || repair
                        ? Future.succeededFuture()
                        : Future.failedFuture(new MigrationException(
                                MigrationError.JOURNAL_MISMATCH,
                                "the bookkeeping kept for others lags behind the journal; 'migrations up -f' repairs it",
                                behind)));
    }

    private Future<Outcome> waited(ClusterState cluster, Patience patience, Progress progress) {
        listener.waiting(cluster.lease());
        return waitForLeader(patience, progress).mapEmpty();
    }

    /** Completes after a pause; fails with {@code LEADER_BUSY} when the patience is over. */
    Future<Void> waitForLeader(Patience patience, Progress progress) {
        progress.waited();
        if (patience.over()) {
            return Future.failedFuture(new MigrationException(
                    MigrationError.LEADER_BUSY,
                    "another node leads and was not done within "
                            + options.lockTimeout().toSeconds() + " s"));
        }
        return pause();
    }

    private Future<Void> pause() {
        long millis = options.pollInterval().toMillis();
        long jitter = (long) (Math.random() * millis / 4);
        return Futures.pause(vertx, Duration.ofMillis(millis - millis / 8 + jitter));
    }
}
