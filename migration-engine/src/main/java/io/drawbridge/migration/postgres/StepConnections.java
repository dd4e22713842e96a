package io.drawbridge.migration.postgres;

import io.drawbridge.migration.Futures;
import io.drawbridge.migration.Lease;
import io.drawbridge.migration.MigrationException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection per lease for the steps, named after the lease, so that steps can be cancelled here and ended by an heir
 * elsewhere. Thread-safe; steps of one lease run one after the other.
 */
final class StepConnections {
    private static final Logger LOG = LoggerFactory.getLogger(StepConnections.class);
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final PgConnectOptions connect;
    private final Pool pool;
    private final long idleMillis;
    private final Map<String, Session> open = new ConcurrentHashMap<>();
    /* The last one by name: its predecessors are fenced off. */
    private final Map<String, Lease> stopped = new ConcurrentHashMap<>();

    /**
     * @param pool for looks at what the steps do; it must not be kept waiting
     * @param idle no step leaves its connection without a statement for longer
     */
    StepConnections(Vertx vertx, PgConnectOptions connect, Pool pool, Duration idle) {
        this.vertx = vertx;
        this.connect = connect;
        this.pool = pool;
        this.idleMillis = idle.toMillis();
    }

    /** Runs work on the lease's connection; a failed one is not used again. */
    <T> Future<T> with(Lease lease, Function<PgConnection, Future<T>> work) {
        Session session = open.computeIfAbsent(key(lease), first -> new Session(lease, connect(lease)));
        /* After it was put there: whoever stops the lease now finds it. */
        if (stopped(lease)) {
            return discard(lease).compose(closed -> Future.failedFuture(PgErrors.stopped(lease)));
        }
        return session.connection.compose(
                known -> session.answered(work.apply(known))
                        .recover(failure -> session.given(failure))
                        .recover(failure -> spoiled(failure)
                                ? discard(lease).transform(closed -> Future.failedFuture(failure))
                                : Future.failedFuture(failure)),
                refused -> {
                    open.remove(key(lease), session);
                    return Future.failedFuture(refused);
                });
    }

    private static boolean spoiled(Throwable failure) {
        return failure instanceof MigrationException || PgErrors.away(failure);
    }

    private Future<PgConnection> connect(Lease lease) {
        /* The copy forgets this one (Vert.x 5.0.12), and PgBouncer needs it. */
        PgConnectOptions named = new PgConnectOptions(connect).setUseLayer7Proxy(connect.getUseLayer7Proxy());
        named.addProperty("application_name", name(lease));
        return PgConnection.connect(vertx, named);
    }

    /** As {@link #discard}, and nothing runs under this lease here any more. Never fails. */
    Future<Void> stop(Lease lease) {
        stopped.put(lease.name(), lease);
        return discard(lease);
    }

    boolean stopped(Lease lease) {
        return lease.equals(stopped.get(lease.name()));
    }

    /** Cancels the running statement, ends what waits for it, and closes the connection. Never fails. */
    Future<Void> discard(Lease lease) {
        Session session = open.remove(key(lease));
        return session == null ? Future.succeededFuture() : session.end();
    }

    /** Looks what the server knows of the lease's step: whom it waits for ({@link #waits}), and if it is there at all. */
    void look(Lease lease) {
        Session session = open.get(key(lease));
        if (session == null) {
            return;
        }
        pool.preparedQuery("SELECT coalesce((SELECT string_agg(DISTINCT 'pid ' || b.pid || ' (' ||"
                        + " coalesce(b.usename, '') || ', ' || coalesce(b.application_name, '') || ', ' ||"
                        + " coalesce(b.state, '') || ')', ', ') FROM pg_stat_activity a"
                        + " CROSS JOIN LATERAL unnest(pg_blocking_pids(a.pid)) AS blocking(pid)"
                        + " JOIN pg_stat_activity b ON b.pid = blocking.pid"
                        + " WHERE a.application_name = $1 AND a.wait_event_type = 'Lock'), '') AS waits,"
                        + " count(*) > 0 AS present, coalesce(bool_or(state <> 'idle' OR clock_timestamp() - state_change"
                        + " < $2 * interval '1 millisecond'), false) AS at_work"
                        + " FROM pg_stat_activity WHERE application_name = $1")
                .execute(Tuple.of(name(lease), (double) idleMillis))
                .map(rows -> rows.iterator().next())
                .onSuccess(row -> {
                    session.waits = row.getString("waits");
                    if (session.vanished(row.getBoolean("present"), row.getBoolean("at_work"))) {
                        LOG.warn("connection of a step vanished lease={} epoch={}", lease.name(), lease.epoch());
                        discard(lease);
                    }
                });
    }

    /** Whom the lease's step waited for at the last look, by process id, role and application; empty if for nobody. */
    String waits(Lease lease) {
        Session session = open.get(key(lease));
        return session == null ? "" : session.waits;
    }

    Future<Void> closeAll() {
        return Futures.forEach(List.copyOf(open.values()), Session::end);
    }

    /*
     * By name and not as the driver does it: PgBouncer forgets a request to cancel whose sender hangs up before it is passed
     * on.
     */
    void cancel(Lease lease) {
        pool.preparedQuery("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name = $1"
                        + " AND datname = current_database() AND state = 'active'")
                .execute(Tuple.of(name(lease)))
                .onFailure(failure -> LOG.warn("step not cancelled lease={} reason={}", lease, failure.getMessage()));
    }

    private static String name(Lease lease) {
        return LeaseTable.stepName(lease.name(), lease.holder(), lease.epoch());
    }

    private static String key(Lease lease) {
        return lease.name() + '/' + lease.epoch();
    }

    /** A connection and the work on it, if there is any now. */
    private final class Session {
        private final Lease lease;
        private final Future<PgConnection> connection;
        /* Nothing runs at first. */
        private volatile Promise<?> answer = completed();
        private volatile String waits = "";
        private volatile boolean over;
        private Promise<?> looked;
        private boolean known;
        private int missed;

        private Session(Lease lease, Future<PgConnection> connection) {
            this.lease = lease;
            this.connection = connection;
        }

        private static Promise<Void> completed() {
            Promise<Void> nothing = Promise.promise();
            nothing.complete();
            return nothing;
        }

        /* The driver ends a statement only when the server answers: on a connection that vanished, never. */
        private <T> Future<T> answered(Future<T> work) {
            Promise<T> mine = Promise.promise();
            answer = mine;
            work.onComplete(mine::tryComplete, mine::tryFail);
            return mine.future();
        }

        /** Whether the server has lost what we wait for, at two looks in a row. */
        private synchronized boolean vanished(boolean present, boolean atWork) {
            /* A pooler may hide the name by which we look. */
            known |= present;
            Promise<?> now = answer;
            missed = atWork || now.future().isComplete() || now != looked ? 0 : missed + 1;
            looked = now;
            return known && missed > 1;
        }

        /** What the server says of a statement that was cancelled because its connection was given up tells nothing of it. */
        private <T> Future<T> given(Throwable failure) {
            return Future.failedFuture(
                    over && !(failure instanceof MigrationException)
                            ? new VertxException("the step's connection was given up", failure)
                            : failure);
        }

        private Future<Void> cut(PgConnection open) {
            cancel(lease);
            return open.cancelRequest().transform(asked -> open.close());
        }

        private Future<Void> end() {
            Promise<?> now = answer;
            over = true;
            return connection
                    .compose(open -> now.future().isComplete() ? open.close() : cut(open))
                    .timeout(GRACE.toMillis(), TimeUnit.MILLISECONDS)
                    .otherwiseEmpty()
                    .onComplete(closed -> now.tryFail(new VertxException("the step's connection gave no answer")));
        }
    }
}
