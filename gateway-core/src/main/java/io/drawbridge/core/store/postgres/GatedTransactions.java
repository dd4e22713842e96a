package io.drawbridge.core.store.postgres;

import io.drawbridge.core.store.StoreError;
import io.drawbridge.core.store.StoreException;
import io.drawbridge.migration.Gate;
import io.drawbridge.migration.Release;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The one place where a write's transaction begins, passes the gate, and ends. Thread-safe.
 *
 * <p>Two round trips: beginning, gate and first statement are sent together, then the commit. The decision is that of the
 * gate row as this transaction locked it, always: if it refuses, what the first statement did is rolled back. Where the
 * gate was closed at the last look the first statement waits for the answer, so that a refused write takes no locks.
 */
final class GatedTransactions {
    private final Pool pool;
    private final Function<SqlConnection, Future<Gate>> gate;
    private final Release release;
    private final Supplier<Optional<String>> wentBack;
    private final String begin;
    private final long answerMillis;
    private volatile boolean open;

    /**
     * @param gate reads the gate and keeps it from moving until the transaction ends
     * @param begin begins a READ COMMITTED transaction with a writer's tag and timeouts
     */
    GatedTransactions(
            Pool pool,
            Function<SqlConnection, Future<Gate>> gate,
            Release release,
            String begin,
            Supplier<Optional<String>> wentBack,
            Duration answerTimeout) {
        this.pool = pool;
        this.gate = gate;
        this.release = release;
        this.wentBack = wentBack;
        this.begin = begin;
        this.answerMillis = answerTimeout.toMillis();
    }

    /**
     * Runs {@code first}, which must send one statement and nothing after it, and then {@code rest} with what came of it.
     */
    <A, T> Future<T> run(Function<SqlConnection, Future<A>> first, Rest<A, T> rest) {
        return run(first, (connection, value, over) -> rest.apply(connection, value), answerMillis);
    }

    /** @param boundMillis how long all that comes after the first statement may take */
    <A, T> Future<T> run(Function<SqlConnection, Future<A>> first, LongRest<A, T> rest, long boundMillis) {
        Optional<String> lost = wentBack.get();
        if (lost.isPresent()) {
            return Future.failedFuture(
                    StoreException.of(StoreError.DATABASE_WENT_BACK, "database went back: " + lost.get()));
        }
        return pool.getConnection()
                .compose(connection ->
                        transaction(connection, first, rest, boundMillis).eventually(connection::close));
    }

    /** What is done after the first statement and the gate. */
    interface Rest<A, T> {
        Future<T> apply(SqlConnection connection, A first);
    }

    /** The same of many statements, which must ask before each whether all is over. */
    interface LongRest<A, T> {
        Future<T> apply(SqlConnection connection, A first, BooleanSupplier over);
    }

    private <A, T> Future<T> transaction(
            SqlConnection connection, Function<SqlConnection, Future<A>> first, LongRest<A, T> rest, long boundMillis) {
        AtomicBoolean over = new AtomicBoolean();
        Future<?> begun = connection.query(begin).execute();
        Future<Void> admitted = gate.apply(connection).compose(this::decide);
        Future<A> done = open ? first.apply(connection) : admitted.compose(yes -> first.apply(connection));
        /* All three are waited for, so that nothing is under way when the transaction ends. */
        Future<A> passed =
                begun.transform(begin -> admitted.transform(decision -> done.transform(answer -> begin.failed()
                        ? Future.<A>failedFuture(begin.cause())
                        : decision.failed() ? Future.<A>failedFuture(decision.cause()) : done)));
        return passed.timeout(answerMillis, TimeUnit.MILLISECONDS)
                .compose(value -> rest.apply(connection, value, over::get))
                .timeout(boundMillis, TimeUnit.MILLISECONDS)
                .compose(value -> commit(connection).map(value), failure -> {
                    over.set(true);
                    return rollback(connection, failure);
                });
    }

    /** Runs {@code work} in a transaction that sees one moment, may not write, and needs no gate. */
    <T> Future<T> look(Look<T> work, long boundMillis) {
        AtomicBoolean over = new AtomicBoolean();
        return pool.getConnection()
                .compose(connection -> connection
                        .query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                        .execute()
                        .compose(begun -> work.apply(connection, over::get))
                        .timeout(boundMillis, TimeUnit.MILLISECONDS)
                        .transform(done -> {
                            over.set(true);
                            return connection
                                    .query("ROLLBACK")
                                    .execute()
                                    .timeout(answerMillis, TimeUnit.MILLISECONDS)
                                    .transform(ended -> done.succeeded()
                                            ? Future.succeededFuture(done.result())
                                            : Future.<T>failedFuture(done.cause()));
                        })
                        .eventually(connection::close));
    }

    /** Reads that must ask before each whether all is over. */
    interface Look<T> {
        Future<T> apply(SqlConnection connection, BooleanSupplier over);
    }

    private Future<Void> decide(Gate now) {
        Optional<String> refusal = now.refusal(release);
        open = refusal.isEmpty();
        return refusal.isEmpty()
                ? Future.succeededFuture()
                : Future.failedFuture(StoreException.pending(now, release, refusal.get()));
    }

    private Future<Void> commit(SqlConnection connection) {
        return connection
                .query("COMMIT")
                .execute()
                .timeout(answerMillis, TimeUnit.MILLISECONDS)
                .<Void>mapEmpty()
                .recover(failure ->
                        Future.failedFuture(StoreFailures.away(failure) ? StoreFailures.unknown(failure) : failure));
    }

    private <T> Future<T> rollback(SqlConnection connection, Throwable failure) {
        return connection
                .query("ROLLBACK")
                .execute()
                .timeout(answerMillis, TimeUnit.MILLISECONDS)
                .transform(rolledBack -> Future.failedFuture(failure));
    }
}
