package io.drawbridge.migration.postgres;

import io.drawbridge.migration.Futures;
import io.drawbridge.migration.Lease;
import io.drawbridge.migration.MigrationException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * One connection per lease for the steps, named after the lease, so that steps can be cancelled here and ended by an heir
 * elsewhere. Thread-safe; steps of one lease run one after the other.
 */
final class StepConnections {
    private final Vertx vertx;
    private final PgConnectOptions connect;
    private final Map<String, Future<PgConnection>> open = new ConcurrentHashMap<>();

    StepConnections(Vertx vertx, PgConnectOptions connect) {
        this.vertx = vertx;
        this.connect = connect;
    }

    /** Runs work on the lease's connection; a failed one is not used again. */
    <T> Future<T> with(Lease lease, Function<PgConnection, Future<T>> work) {
        Future<PgConnection> connection = open.computeIfAbsent(key(lease), first -> connect(lease));
        return connection.compose(
                known -> work.apply(known)
                        .recover(failure -> spoiled(failure)
                                ? discard(lease).transform(closed -> Future.failedFuture(failure))
                                : Future.failedFuture(failure)),
                refused -> {
                    open.remove(key(lease), connection);
                    return Future.failedFuture(refused);
                });
    }

    private static boolean spoiled(Throwable failure) {
        return failure instanceof MigrationException || PgErrors.away(failure);
    }

    private Future<PgConnection> connect(Lease lease) {
        /* The copy forgets this one (Vert.x 5.0.12), and PgBouncer needs it. */
        PgConnectOptions named = new PgConnectOptions(connect).setUseLayer7Proxy(connect.getUseLayer7Proxy());
        named.addProperty("application_name", LeaseTable.stepName(lease.name(), lease.holder(), lease.epoch()));
        return PgConnection.connect(vertx, named);
    }

    /** Cancels the running statement and closes the connection. Never fails. */
    Future<Void> discard(Lease lease) {
        Future<PgConnection> connection = open.remove(key(lease));
        return connection == null
                ? Future.succeededFuture()
                : connection
                        .compose(known -> known.cancelRequest().transform(cancelled -> known.close()))
                        .otherwiseEmpty();
    }

    /** Whom the lease's step waits for, by process id, role and application; empty if it does not wait. */
    Future<String> waitsFor(SqlClient client, Lease lease) {
        return client.preparedQuery("SELECT coalesce(string_agg(DISTINCT 'pid ' || b.pid || ' (' ||"
                        + " coalesce(b.usename, '') || ', ' || coalesce(b.application_name, '') || ', ' ||"
                        + " coalesce(b.state, '') || ')', ', '), '') AS waits FROM pg_stat_activity a"
                        + " CROSS JOIN LATERAL unnest(pg_blocking_pids(a.pid)) AS blocking(pid)"
                        + " JOIN pg_stat_activity b ON b.pid = blocking.pid"
                        + " WHERE a.application_name = $1 AND a.wait_event_type = 'Lock'")
                .execute(Tuple.of(LeaseTable.stepName(lease.name(), lease.holder(), lease.epoch())))
                .map(rows -> rows.iterator().next().getString("waits"));
    }

    Future<Void> closeAll() {
        return Futures.forEach(
                List.copyOf(open.values()),
                connection -> connection.compose(PgConnection::close).otherwiseEmpty());
    }

    private static String key(Lease lease) {
        return lease.name() + '/' + lease.epoch();
    }
}
