package io.drawbridge.migration.postgres;

import io.drawbridge.migration.Action;
import io.drawbridge.migration.Futures;
import io.drawbridge.migration.JournalEntry;
import io.drawbridge.migration.Lease;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs steps: effect, journal and mirror in one fenced transaction where PostgreSQL allows it. Thread-safe. */
final class StepRunner {
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final int FIRST_BATCH = 500;
    private static final int LEAST_BATCH = 10;
    private static final Pattern REFERENCES = Pattern.compile("\\bREFERENCES\\s+([\\w.\"]+)", Pattern.CASE_INSENSITIVE);

    private final Vertx vertx;
    private final StepConnections connections;
    private final LockRetry retry;
    private final Transactions transactions;
    private final JournalTable journal;
    private final IndexBuilder indexes;
    private final PostgresMigrationOptions options;
    private final Map<String, Integer> batchSizes = new ConcurrentHashMap<>();

    StepRunner(
            Vertx vertx,
            StepConnections connections,
            LockRetry retry,
            Transactions transactions,
            JournalTable journal,
            PostgresMigrationOptions options) {
        this.vertx = vertx;
        this.connections = connections;
        this.retry = retry;
        this.transactions = transactions;
        this.journal = journal;
        this.indexes = new IndexBuilder(vertx, options.statementTimeout());
        this.options = options;
    }

    /** Yields the entry as it is now; its cursor is null when the step is complete. */
    Future<Optional<JournalEntry>> run(Lease lease, Action<PgStep> action) {
        PgStep step = action.step();
        if (step == null) {
            return recorded(lease, action, connection -> Future.succeededFuture());
        }
        if (step instanceof PgStep.Statements statements) {
            return recorded(lease, action, connection -> execute(connection, statements.sql()));
        }
        if (step instanceof PgStep.Call call) {
            return recorded(lease, action, connection -> call.function().apply(connection));
        }
        if (step instanceof PgStep.ConcurrentIndex index) {
            return patiently(lease, connection -> indexes.build(connection, index, () -> connections.cancel(lease)))
                    .compose(built -> recorded(lease, action, connection -> Future.succeededFuture()));
        }
        if (step instanceof PgStep.ValidatedConstraint constraint) {
            return addConstraint(lease, constraint)
                    .compose(added -> recorded(lease, action, connection -> validate(connection, constraint)));
        }
        if (step instanceof PgStep.Backfill backfill) {
            return batch(lease, action, backfill);
        }
        return Future.failedFuture(new IllegalArgumentException("not a step of a migration: " + step.name()));
    }

    private Future<Optional<JournalEntry>> recorded(
            Lease lease, Action<PgStep> action, Function<SqlConnection, Future<Void>> effect) {
        return fenced(
                        lease,
                        connection -> effect.apply(connection)
                                .compose(done -> journal.write(connection, action.migration(), action.after())))
                .map(done -> Optional.ofNullable(action.after()));
    }

    private <T> Future<T> fenced(Lease lease, Function<SqlConnection, Future<T>> effect) {
        return patiently(
                lease,
                connection -> transactions.run(
                        connection,
                        options.lockTimeout(),
                        options.statementTimeout(),
                        in -> transactions.fence(in, lease).compose(held -> effect.apply(in))));
    }

    private <T> Future<T> patiently(Lease lease, Function<PgConnection, Future<T>> attempt) {
        LockRetry.Pace pace = new LockRetry.Pace(options.lockWait(), options.lockTimeout(), LONGEST_PAUSE);
        return retry.run(lease, pace, () -> connections.with(lease, attempt));
    }

    static Future<Void> execute(SqlConnection connection, List<String> sql) {
        return sql.isEmpty()
                ? Future.succeededFuture()
                : connection.query(String.join(";\n", sql)).execute().mapEmpty();
    }

    private Future<Void> addConstraint(Lease lease, PgStep.ValidatedConstraint constraint) {
        return fenced(
                lease,
                connection -> constraintState(connection, constraint)
                        .compose(state -> state.equals("absent")
                                ? connection
                                        .query(parentFirst(constraint) + add(constraint) + " NOT VALID")
                                        .execute()
                                        .mapEmpty()
                                : Future.succeededFuture()));
    }

    private static Future<Void> validate(SqlConnection connection, PgStep.ValidatedConstraint constraint) {
        return constraintState(connection, constraint)
                .compose(state -> state.equals("valid")
                        ? Future.succeededFuture()
                        : connection
                                .query("ALTER TABLE " + constraint.table() + " VALIDATE CONSTRAINT "
                                        + constraint.constraint())
                                .execute()
                                .mapEmpty());
    }

    /*
     * A foreign key locks both tables, the referring one first; writers go the other way, parent before child, so that the
     * two would wait for each other again and again.
     */
    private static String parentFirst(PgStep.ValidatedConstraint constraint) {
        Matcher parent = REFERENCES.matcher(constraint.definition());
        return parent.find()
                ? "LOCK TABLE " + parent.group(1) + ", " + constraint.table() + " IN SHARE ROW EXCLUSIVE MODE; "
                : "";
    }

    static String add(PgStep.ValidatedConstraint constraint) {
        return "ALTER TABLE " + constraint.table() + " ADD CONSTRAINT " + constraint.constraint() + " "
                + constraint.definition();
    }

    private static Future<String> constraintState(SqlConnection connection, PgStep.ValidatedConstraint constraint) {
        return connection
                .preparedQuery(
                        "SELECT convalidated FROM pg_constraint WHERE conrelid = to_regclass($1) AND conname = $2")
                .execute(Tuple.of(constraint.table(), constraint.constraint()))
                .map(rows -> rows.size() == 0
                        ? "absent"
                        : rows.iterator().next().getBoolean("convalidated") ? "valid" : "not valid");
    }

    /* Bounded by rows visited, not rows changed, so that a batch takes the same time on a table that is converted. */
    private Future<Optional<JournalEntry>> batch(Lease lease, Action<PgStep> action, PgStep.Backfill backfill) {
        String name = action.migration().id() + '/' + backfill.name();
        int size = batchSizes.getOrDefault(name, Math.min(FIRST_BATCH, options.batchMax()));
        long start = System.nanoTime();
        JournalEntry before = action.before();
        return fenced(
                        lease,
                        connection -> total(connection, before, backfill)
                                .compose(rows -> convert(connection, action, backfill, size, rows)))
                .compose(entry -> {
                    long tookMillis =
                            Duration.ofNanos(System.nanoTime() - start).toMillis();
                    boolean writersWait = before.state() == JournalEntry.State.CONVERTING;
                    adapt(name, size, tookMillis, writersWait);
                    boolean complete = entry.isEmpty() || entry.get().cursor() == null;
                    long rest = complete || writersWait ? 0 : (long) (tookMillis * options.throttle());
                    return rest < 1
                            ? Future.succeededFuture(entry)
                            : Futures.pause(vertx, Duration.ofMillis(rest)).map(entry);
                });
    }

    private Future<Optional<JournalEntry>> convert(
            SqlConnection connection, Action<PgStep> action, PgStep.Backfill backfill, int size, long total) {
        JournalEntry before = action.before();
        String after = before.cursor() == null ? "" : backfill.key() + " > $1::text::" + backfill.keyType();
        Tuple from = before.cursor() == null ? Tuple.tuple() : Tuple.of(before.cursor());
        String page = "WITH page AS (SELECT " + backfill.key() + " AS k FROM " + backfill.table()
                + (after.isEmpty() ? "" : " WHERE " + after) + " ORDER BY " + backfill.key() + " LIMIT " + size
                + ") SELECT (SELECT k::text FROM page ORDER BY k DESC LIMIT 1) AS last,"
                + " (SELECT count(*) FROM page) AS visited";
        return connection.preparedQuery(page).execute(from).compose(rows -> {
            Row row = rows.iterator().next();
            String last = row.getString("last");
            long visited = row.getLong("visited");
            boolean complete = visited < size;
            JournalEntry next = complete
                    ? action.after()
                    : before.at(last, before.rowsDone() + visited, Math.max(total, before.rowsDone() + visited));
            Future<Void> updated =
                    last == null ? Future.succeededFuture() : update(connection, backfill, after, from, last);
            return updated.compose(done -> journal.write(connection, action.migration(), next))
                    .map(written -> Optional.ofNullable(next));
        });
    }

    private static Future<Void> update(
            SqlConnection connection, PgStep.Backfill backfill, String after, Tuple from, String last) {
        Tuple range = Tuple.tuple();
        for (int i = 0; i < from.size(); i++) {
            range.addValue(from.getValue(i));
        }
        range.addValue(last);
        return connection
                .preparedQuery("UPDATE " + backfill.table() + " SET " + backfill.set() + " WHERE "
                        + (after.isEmpty() ? "" : after + " AND ") + backfill.key() + " <= $" + range.size()
                        + "::text::" + backfill.keyType() + " AND (" + backfill.where() + ")")
                .execute(range)
                .mapEmpty();
    }

    private static Future<Long> total(SqlConnection connection, JournalEntry before, PgStep.Backfill backfill) {
        return before.rowsTotal() > 0 ? Future.succeededFuture(before.rowsTotal()) : rows(connection, backfill.table());
    }

    /** How many rows a table has: counted if it is small, else as the statistics say. */
    static Future<Long> rows(SqlConnection connection, String table) {
        return connection
                .preparedQuery("SELECT reltuples::bigint AS n FROM pg_class WHERE oid = to_regclass($1)")
                .execute(Tuple.of(table))
                .compose(rows -> {
                    long estimate =
                            rows.size() == 0 ? -2 : rows.iterator().next().getLong("n");
                    if (estimate == -2) {
                        return Future.succeededFuture(0L);
                    }
                    return estimate > 100_000
                            ? Future.succeededFuture(estimate)
                            : connection
                                    .query("SELECT count(*) AS n FROM " + table)
                                    .execute()
                                    .map(StepRunner::count);
                });
    }

    private static long count(RowSet<Row> rows) {
        return rows.iterator().next().getLong("n");
    }

    /* Behind the fence nobody writes: there is nobody to be gentle to, and everybody waits for the end. */
    private void adapt(String name, int size, long tookMillis, boolean writersWait) {
        long target = options.batchTarget().toMillis() * (writersWait ? 5 : 1);
        if (tookMillis > target) {
            batchSizes.put(name, Math.max(LEAST_BATCH, size / 2));
        } else if (tookMillis * 2 < target) {
            batchSizes.put(name, Math.min(options.batchMax(), size * 2));
        }
    }
}
