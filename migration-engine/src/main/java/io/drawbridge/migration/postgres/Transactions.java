package io.drawbridge.migration.postgres;

import io.drawbridge.migration.Lease;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.function.Function;

/** The one place where the engine begins a transaction, sets its limits and fences it. Immutable. */
final class Transactions {
    private final EngineTables tables;
    private final Duration idle;

    Transactions(EngineTables tables, Duration idle) {
        this.tables = tables;
        this.idle = idle;
    }

    /**
     * Runs {@code work} in a READ COMMITTED transaction with these limits. A connection that is lost while committing
     * yields {@code OUTCOME_UNKNOWN}.
     */
    <T> Future<T> run(
            SqlConnection connection,
            Duration lockTimeout,
            Duration statementTimeout,
            Function<SqlConnection, Future<T>> work) {
        String begin = "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = " + lockTimeout.toMillis()
                + "; SET LOCAL statement_timeout = " + statementTimeout.toMillis()
                + "; SET LOCAL idle_in_transaction_session_timeout = " + idle.toMillis()
                + "; SET LOCAL client_min_messages = warning";
        return connection
                .query(begin)
                .execute()
                .compose(begun -> work.apply(connection))
                .compose(
                        value -> commit(connection).map(value),
                        failure -> connection
                                .query("ROLLBACK")
                                .execute()
                                .transform(rolledBack -> Future.failedFuture(failure)));
    }

    private static Future<Void> commit(SqlConnection connection) {
        return connection
                .query("COMMIT")
                .execute()
                .<Void>mapEmpty()
                .recover(failure -> Future.failedFuture(PgErrors.away(failure) ? PgErrors.unknown(failure) : failure));
    }

    /** Fails with {@code LEASE_LOST} unless the lease is still this one, and keeps it so until the transaction ends. */
    Future<Void> fence(SqlConnection connection, Lease lease) {
        return connection
                .preparedQuery("SELECT set_config('drawbridge.writer', 'migration/' || epoch, true) FROM "
                        + tables.lease() + " WHERE name = $1 AND holder = $2 AND epoch = $3 FOR KEY SHARE")
                .execute(Tuple.of(lease.name(), lease.holder(), lease.epoch()))
                .compose(rows ->
                        rows.size() == 1 ? Future.succeededFuture() : Future.failedFuture(PgErrors.leaseLost(lease)));
    }
}
