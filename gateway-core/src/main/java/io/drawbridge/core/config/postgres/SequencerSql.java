package io.drawbridge.core.config.postgres;

import io.drawbridge.migration.Lease;
import io.drawbridge.migration.LeaseView;
import io.drawbridge.migration.MigrationError;
import io.drawbridge.migration.MigrationException;
import io.drawbridge.migration.postgres.EngineTables;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sequencer's statements. Thread-safe. */
final class SequencerSql {
    private static final Logger LOG = LoggerFactory.getLogger(SequencerSql.class);

    /*
     * A writer's row carries the id of its transaction. The snapshot of the last numbering tells for every transaction
     * whether it was visible then; what is visible to this statement and was not then has become visible since. Nothing
     * waits for a transaction that is still open, and a transaction is numbered as a whole or not at all. All parts of
     * the statement see one snapshot, which is the one that it stores.
     */
    private static final String SINCE = """
            c.revision IS NULL
              AND NOT txid_visible_in_snapshot(c.xid, (SELECT snapshot::txid_snapshot FROM drawbridge_revision))""";

    /* After a take-over, a lost connection or a restore: whatever has no number, without trusting the stored snapshot. */
    private static final String ANY = "c.revision IS NULL";

    private static final String PENDING = "SELECT FROM drawbridge_changes c WHERE " + SINCE + " LIMIT 1";

    private static final String NUMBER = """
            WITH taken AS (
              SELECT c.seq FROM drawbridge_changes c WHERE %s),
            numbered AS (
              UPDATE drawbridge_changes c SET revision = p.revision + 1
                FROM taken t, drawbridge_revision p WHERE c.seq = t.seq RETURNING c.seq),
            moved AS (
              UPDATE drawbridge_revision
                SET revision = revision + CASE WHEN EXISTS (SELECT FROM taken) THEN 1 ELSE 0 END,
                  snapshot = txid_current_snapshot()::text%s
                RETURNING revision)
            SELECT moved.revision, (SELECT count(*) FROM numbered) AS changes FROM moved""";

    /* Which server this is, and how often its history forked: "system/timeline". */
    private static final String INCARNATION = """
            ,
                  incarnation = CASE WHEN incarnation LIKE '%:' || here.id THEN incarnation
                    WHEN incarnation NOT LIKE '%:%' THEN incarnation || ':' || here.id
                    ELSE md5(random()::text || clock_timestamp()::text) || ':' || here.id END
                FROM (SELECT s.system_identifier || '/' || c.timeline_id AS id
                  FROM pg_control_system() s CROSS JOIN pg_control_checkpoint() c) AS here""";

    private static final String COUNT = NUMBER.formatted(SINCE, "");
    private static final String SWEEP = NUMBER.formatted(ANY, INCARNATION);
    /* For a role that may not know which server this is. */
    private static final String BLIND_SWEEP = NUMBER.formatted(ANY, "");
    private static final String PRIVILEGE_MISSING = "42501";

    private final String lease;
    private final String fence;
    private final String trim;
    private final String begin;
    private volatile boolean blind;

    SequencerSql(EngineTables tables, Duration statementTimeout, Duration leaseTtl) {
        this.lease = "SELECT holder, epoch, beat, note, CASE WHEN expires_at = '-infinity' THEN -1 ELSE"
                + " (extract(epoch FROM expires_at - clock_timestamp()) * 1000)::bigint END AS remaining FROM "
                + tables.lease() + " WHERE name = $1";
        this.fence = "SELECT FROM " + tables.lease() + " WHERE name = $1 AND holder = $2 AND epoch = $3 FOR KEY SHARE";
        /* In the order of revisions, up to the first that is not old as a whole, never the newest: so a reader that still
        finds a row at or before its own revision has everything after it. */
        this.trim = """
                WITH oldest AS MATERIALIZED (
                  SELECT seq, revision, xid, at FROM drawbridge_changes
                    WHERE revision IS NOT NULL ORDER BY revision, seq LIMIT $3),
                young AS (
                  SELECT min(o.revision) AS first FROM oldest o CROSS JOIN drawbridge_revision p
                    WHERE o.revision >= p.revision OR o.xid >= txid_snapshot_xmin(p.snapshot::txid_snapshot)
                      OR o.at >= clock_timestamp()
                        - CASE WHEN (SELECT target FROM %s) IS NULL THEN $1::bigint ELSE $2::bigint END
                          * interval '1 millisecond')
                DELETE FROM drawbridge_changes c USING oldest o, young
                  WHERE c.seq = o.seq AND (young.first IS NULL OR o.revision < young.first)""".formatted(tables.gate());
        this.begin =
                "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = " + statementTimeout.toMillis()
                        + "; SET LOCAL lock_timeout = " + statementTimeout.toMillis()
                        + "; SET LOCAL idle_in_transaction_session_timeout = " + leaseTtl.toMillis();
    }

    /** A numbering. @param changes that got the revision; 0: nothing was new, the revision is the one before */
    record Numbered(long revision, long changes) {}

    /** The statements that run all the time. */
    List<String> regular() {
        return List.of(PENDING, COUNT);
    }

    Future<LeaseView> lease(SqlClient client, String name) {
        return client.preparedQuery(lease).execute(Tuple.of(name)).map(rows -> {
            if (rows.size() == 0) {
                throw new MigrationException(MigrationError.NOT_BOOTSTRAPPED, "the database has no lease " + name);
            }
            Row row = rows.iterator().next();
            return new LeaseView(
                    row.getString("holder"),
                    row.getLong("epoch"),
                    row.getLong("beat"),
                    Duration.ofMillis(row.getLong("remaining")),
                    row.getString("note"));
        });
    }

    /** Whether something may have become visible since the last numbering; takes no lock and writes nothing. */
    Future<Boolean> pending(SqlClient client) {
        return client.preparedQuery(PENDING).execute().map(rows -> rows.size() > 0);
    }

    /** @param everything also what the stored snapshot says was seen: once after taking the lease and after a failure */
    Future<Numbered> number(Pool pool, Lease held, boolean everything) {
        return number(pool, held, !everything ? COUNT : blind ? BLIND_SWEEP : SWEEP)
                .recover(failure -> {
                    boolean mayNot = everything
                            && failure instanceof PgException known
                            && PRIVILEGE_MISSING.equals(known.getSqlState());
                    if (!mayNot || blind) {
                        return Future.failedFuture(failure);
                    }
                    LOG.warn(
                            "role may not call pg_control_system(): revisions go on after a restore into another server");
                    blind = true;
                    return number(pool, held, BLIND_SWEEP);
                });
    }

    private Future<Numbered> number(Pool pool, Lease held, String sql) {
        return fenced(
                pool,
                held,
                connection -> connection.preparedQuery(sql).execute().map(rows -> {
                    Row row = rows.iterator().next();
                    return new Numbered(row.getLong("revision"), row.getLong("changes"));
                }));
    }

    /** Removes one batch of old changes; yields how many. */
    Future<Integer> trim(Pool pool, Lease held, Duration retention, Duration upgradeRetention, int batch) {
        return fenced(
                pool,
                held,
                connection -> connection
                        .preparedQuery(trim)
                        .execute(Tuple.of(retention.toMillis(), upgradeRetention.toMillis(), (long) batch))
                        .map(rows -> rows.rowCount()));
    }

    private <T> Future<T> fenced(Pool pool, Lease held, Function<SqlConnection, Future<T>> work) {
        return pool.withConnection(connection -> connection
                .query(begin)
                .execute()
                .compose(begun ->
                        connection.preparedQuery(fence).execute(Tuple.of(held.name(), held.holder(), held.epoch())))
                .compose(rows -> rows.size() == 1
                        ? work.apply(connection)
                        : Future.failedFuture(new MigrationException(
                                MigrationError.LEASE_LOST,
                                "lease " + held.name() + " epoch " + held.epoch() + " is another's")))
                .compose(
                        value -> connection.query("COMMIT").execute().map(value),
                        failure -> connection
                                .query("ROLLBACK")
                                .execute()
                                .transform(rolledBack -> Future.failedFuture(failure))));
    }
}
