package io.drawbridge.core.config.postgres;

import io.drawbridge.core.config.SequencerOptions;
import io.drawbridge.core.store.postgres.SmallPool;
import io.drawbridge.migration.Futures;
import io.drawbridge.migration.LeaderLease;
import io.drawbridge.migration.Lease;
import io.drawbridge.migration.MigrationBackend;
import io.drawbridge.migration.MigrationError;
import io.drawbridge.migration.MigrationException;
import io.drawbridge.migration.MigrationListener;
import io.drawbridge.migration.MigrationOptions;
import io.drawbridge.migration.postgres.EngineTables;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Numbers the change log: one node per cluster does, the one that holds the lease {@code sequencer}; the others stand by.
 * Each numbering is one transaction under the lease's fence: the changes that became visible since the last one get the
 * next revision. A sequencer that dies anywhere has numbered them or has not. Confined to the context that starts it, but
 * for {@link #hint}.
 */
public final class ChangeSequencer {
    public static final String LEASE = "sequencer";
    /* A database that is away must not keep a node from stopping; its lease then expires. */
    private static final long STOP_MILLIS = 5000;
    private static final Logger LOG = LoggerFactory.getLogger(ChangeSequencer.class);

    private final Vertx vertx;
    private final Pool pool;
    private final SequencerSql sql;
    private final LeaderLease leadership;
    private final SequencerOptions options;
    private final Duration standby;
    private final LongConsumer numbered;
    private volatile Promise<Void> wake = Promise.promise();
    private volatile boolean stopping;
    private Future<Void> running = Future.succeededFuture();
    private long trimAtNanos = System.nanoTime();
    private boolean sweep = true;
    private boolean troubled;
    /* The lease in hand; a round of a former one ends by itself. */
    private Lease current;

    private ChangeSequencer(
            Vertx vertx,
            Pool pool,
            SequencerSql sql,
            LeaderLease leadership,
            SequencerOptions options,
            Duration standby,
            LongConsumer numbered) {
        this.vertx = vertx;
        this.pool = pool;
        this.sql = sql;
        this.leadership = leadership;
        this.options = options;
        this.standby = standby;
        this.numbered = numbered;
    }

    /**
     * @param backend keeps the lease
     * @param node who takes part, and the lease's lifetime
     * @param listener hears of the lease
     * @param numbered hears of every new revision that this node gave; must return quickly
     */
    public static ChangeSequencer create(
            Vertx vertx,
            PgConnectOptions connect,
            EngineTables tables,
            MigrationBackend<?> backend,
            MigrationOptions node,
            SequencerOptions options,
            MigrationListener listener,
            LongConsumer numbered) {
        Pool pool = SmallPool.of(vertx, connect, LEASE, options.statementTimeout());
        return new ChangeSequencer(
                vertx,
                pool,
                new SequencerSql(tables, options.statementTimeout(), node.leaseTtl()),
                new LeaderLease(vertx, backend, LEASE, node, listener),
                options,
                node.heartbeat(),
                numbered);
    }

    /** Begins to stand by, or to number. Returns at once. */
    public void start() {
        running = Futures.<Boolean>loop(vertx, () -> stopping ? Future.succeededFuture(true) : contend())
                .mapEmpty();
    }

    /** Says that something was just written here: it waits for {@code gap} at most, not for the next poll. From any thread. */
    public void hint() {
        wake.tryComplete();
    }

    /** Gives the lease back and releases connections; within 5 s. Does not fail. */
    public Future<Void> stop() {
        stopping = true;
        hint();
        return running.timeout(STOP_MILLIS, TimeUnit.MILLISECONDS)
                .otherwiseEmpty()
                .eventually(pool::close)
                .otherwiseEmpty();
    }

    /** One attempt at the lease; leads while it lasts. */
    private Future<Boolean> contend() {
        return sql.lease(pool, LEASE)
                .compose(view -> leadership.lead(view, held -> {
                    sweep = true;
                    current = held.lease();
                    return Futures.<Boolean>loop(
                            vertx, () -> stopping ? Future.succeededFuture(true) : round(held.lease()));
                }))
                .map(led -> led.isPresent())
                .onComplete(over -> current = null)
                .otherwise(failure -> {
                    troubled("sequencer interrupted", failure);
                    return false;
                })
                .compose(led -> stopping ? Future.succeededFuture(true) : pause(standby));
    }

    /** One look at the log; a failure that may pass is tried again, the loss of the lease ends the leadership. */
    private Future<Boolean> round(Lease lease) {
        if (!lease.equals(current)) {
            return Future.failedFuture(new MigrationException(MigrationError.LEASE_LOST, "superseded"));
        }
        wake = Promise.promise();
        return (sweep ? Future.succeededFuture(true) : sql.pending(pool))
                .compose(pending -> pending ? number(lease) : Future.succeededFuture())
                .onSuccess(done -> troubled = false)
                .compose(done -> trim(lease))
                .recover(failure -> {
                    if (MigrationException.is(failure, MigrationError.LEASE_LOST)) {
                        return Future.failedFuture(failure);
                    }
                    troubled("numbering failed, trying again", failure);
                    sweep = true;
                    return pause(options.poll().multipliedBy(4)).mapEmpty();
                })
                .compose(done -> pause(options.poll()));
    }

    private Future<Void> number(Lease lease) {
        return sql.number(pool, lease, sweep).compose(result -> {
            sweep = false;
            if (result.changes() == 0) {
                return Future.succeededFuture();
            }
            numbered.accept(result.revision());
            return Futures.pause(vertx, options.gap());
        });
    }

    /** At most one batch per round, so that numbering never waits long. */
    private Future<Void> trim(Lease lease) {
        if (System.nanoTime() - trimAtNanos < 0) {
            return Future.succeededFuture();
        }
        trimAtNanos = System.nanoTime() + options.trimInterval().toNanos();
        return sql.trim(pool, lease, options.retention(), options.upgradeRetention(), options.trimBatch())
                .map(removed -> {
                    if (removed >= options.trimBatch()) {
                        trimAtNanos = System.nanoTime();
                    }
                    return null;
                });
    }

    /** Says it once, not with every attempt. */
    private void troubled(String what, Throwable failure) {
        if (!troubled) {
            LOG.warn("{} reason={}", what, failure.getMessage());
        }
        troubled = true;
    }

    /** Null after the time, or as soon as somebody hints. */
    private Future<Boolean> pause(Duration time) {
        return Future.any(Futures.pause(vertx, time), wake.future()).mapEmpty();
    }
}
