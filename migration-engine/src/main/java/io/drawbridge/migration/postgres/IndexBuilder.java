package io.drawbridge.migration.postgres;

import io.drawbridge.migration.MigrationError;
import io.drawbridge.migration.MigrationException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;

/**
 * Builds indexes outside of transactions, without blocking a write. Each look says what is left to do, so that it may be
 * interrupted anywhere. Immutable.
 */
final class IndexBuilder {
    private final Vertx vertx;
    private final Duration limit;

    /** @param limit longest single statement */
    IndexBuilder(Vertx vertx, Duration limit) {
        this.vertx = vertx;
        this.limit = limit;
    }

    /**
     * Fails as on a lock while another session builds it.
     *
     * @param cancel has the server end what the connection runs
     */
    Future<Void> build(PgConnection connection, PgStep.ConcurrentIndex index, Runnable cancel) {
        return find(connection, index).compose(found -> switch (found.state()) {
            case "valid" -> Future.<Void>succeededFuture();
            case "building" ->
                Future.<Void>failedFuture(
                        new PgException("index is being built", "ERROR", PgErrors.LOCK_NOT_AVAILABLE, null));
            case "invalid" ->
                alone(connection, "DROP INDEX CONCURRENTLY IF EXISTS " + found.name(), cancel)
                        .compose(dropped -> create(connection, index, cancel));
            default -> create(connection, index, cancel);
        });
    }

    private Future<Void> create(PgConnection connection, PgStep.ConcurrentIndex index, Runnable cancel) {
        return alone(connection, statement(index, "CONCURRENTLY "), cancel)
                .compose(built -> find(connection, index))
                .compose(found -> found.state().equals("valid")
                        ? Future.succeededFuture()
                        : Future.failedFuture(new MigrationException(
                                MigrationError.STEP_FAILED,
                                "index " + index.index() + " is " + found.state() + " after its build")));
    }

    static String statement(PgStep.ConcurrentIndex index, String how) {
        return "CREATE " + (index.unique() ? "UNIQUE " : "") + "INDEX " + how + index.index() + " ON " + index.on();
    }

    /*
     * CREATE INDEX CONCURRENTLY waits for older transactions while it blocks no write, so it has no lock_timeout. Behind a
     * pooler a setting would go to any of its connections and stay there for others: the limit is kept from here.
     */
    private Future<Void> alone(PgConnection connection, String sql, Runnable cancel) {
        return connection
                .query("SELECT pg_backend_pid() AS pid")
                .execute()
                .compose(rows -> rows.iterator().next().getInteger("pid") == connection.processId()
                        ? connection
                                .query("SET statement_timeout = " + limit.toMillis())
                                .execute()
                                .compose(set -> connection.query(sql).execute())
                        : cancelledWhenLate(connection, sql, cancel))
                .mapEmpty();
    }

    private Future<RowSet<Row>> cancelledWhenLate(PgConnection connection, String sql, Runnable cancel) {
        long timer = vertx.setTimer(limit.toMillis(), late -> cancel.run());
        return connection.query(sql).execute().onComplete(ended -> vertx.cancelTimer(timer));
    }

    /** @param name as a statement on this connection must spell it */
    private record Found(String state, String name) {}

    /* By its table: the search path may lead to another index of that name. */
    private static Future<Found> find(SqlConnection connection, PgStep.ConcurrentIndex index) {
        return connection
                .preparedQuery(
                        "SELECT i.indexrelid::regclass::text AS name, CASE WHEN i.indisvalid THEN 'valid' WHEN EXISTS"
                                + " (SELECT 1 FROM pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid) THEN"
                                + " 'building' ELSE 'invalid' END AS state FROM pg_index i JOIN pg_class c ON c.oid ="
                                + " i.indexrelid WHERE i.indrelid = to_regclass($1) AND c.relname = (parse_ident($2))[1]::name")
                .execute(Tuple.of(index.table(), index.index()))
                .map(rows -> {
                    if (rows.size() == 0) {
                        return new Found("absent", index.index());
                    }
                    Row row = rows.iterator().next();
                    return new Found(row.getString("state"), row.getString("name"));
                });
    }
}
