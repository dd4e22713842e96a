package io.drawbridge.migration.postgres;

import io.drawbridge.migration.ClusterState;
import io.drawbridge.migration.Gate;
import io.drawbridge.migration.Lease;
import io.drawbridge.migration.LeaseView;
import io.drawbridge.migration.MigrationBackend.AuditNote;
import io.drawbridge.migration.MigrationError;
import io.drawbridge.migration.MigrationException;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.Request;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** The gate row and the look at the whole cluster. Thread-safe. */
final class GateTable {
    /* Measured: with 16 writers that never pause, LOCK TABLE gets through in some 20 ms; a bare UPDATE of the row starved
    until they stopped. While it waits, new writers queue behind it: hence the short limit. */
    private static final Duration LOCK_LIMIT = Duration.ofMillis(250);

    private static final Duration STATEMENT_LIMIT = Duration.ofSeconds(10);
    private static final LockRetry.Pace PACE =
            new LockRetry.Pace(Duration.ofSeconds(60), Duration.ofMillis(50), Duration.ofMillis(50));

    private final LockRetry retry;
    private final EngineTables tables;
    private final Transactions transactions;
    private final JournalTable journal;
    private final PostgresGate gate;
    private final ServerIdentity server = new ServerIdentity();

    GateTable(LockRetry retry, EngineTables tables, Transactions transactions, JournalTable journal) {
        this.retry = retry;
        this.tables = tables;
        this.transactions = transactions;
        this.journal = journal;
        this.gate = new PostgresGate(tables);
    }

    Future<ClusterState> read(SqlConnection connection) {
        return server.expression(connection)
                .compose(identity -> look(connection, identity))
                .onFailure(failure -> {
                    if (PgErrors.DENIED.equals(PgErrors.state(failure))) {
                        server.forget();
                    }
                });
    }

    /* One statement, so one snapshot. */
    private Future<ClusterState> look(SqlConnection connection, String identity) {
        String sql = "SELECT g.state, g.active, g.target, g.gate_seq, g.held, g.foreign_writes, g.foreign_writes_kept,"
                + " coalesce(g.deadline <= clock_timestamp(), false) AS deadline_passed, g.incarnation::text AS incarnation,"
                + " " + identity + " AS server, " + journal.asJson()
                + " AS journal, (SELECT json_build_object('holder', l.holder, 'epoch', l.epoch, 'beat', l.beat, 'note',"
                + " l.note, 'remaining', CASE WHEN l.expires_at = '-infinity' THEN -1 ELSE"
                + " round(extract(epoch FROM l.expires_at - clock_timestamp()) * 1000) END) FROM " + tables.lease()
                + " l WHERE l.name = 'migrations') AS lease, (SELECT row_to_json(r) FROM " + tables.requests()
                + " r WHERE r.state = 'OPEN') AS request FROM " + tables.gate() + " g";
        return connection.preparedQuery(sql).execute().map(rows -> {
            if (rows.size() != 1) {
                throw new MigrationException(MigrationError.NOT_BOOTSTRAPPED, "the database has no gate row");
            }
            return cluster(rows.iterator().next());
        });
    }

    private static ClusterState cluster(Row row) {
        JsonObject request = (JsonObject) row.getValue("request");
        return new ClusterState(
                PostgresGate.read(row),
                JournalTable.read((JsonArray) row.getValue("journal")),
                lease((JsonObject) row.getValue("lease")),
                request == null ? Optional.empty() : Optional.of(Bookkeeping.request(request)),
                row.getString("incarnation") + " " + row.getString("server"));
    }

    private static LeaseView lease(JsonObject lease) {
        return new LeaseView(
                lease.getString("holder"),
                lease.getLong("epoch"),
                lease.getLong("beat"),
                Duration.ofMillis(lease.getLong("remaining")),
                lease.getString("note"));
    }

    /** Moves the gate as soon as the writes in flight let it, making others wait no longer than the short limit each time. */
    Future<Void> transition(
            Pool pool, Lease lease, Gate from, Gate to, Duration fence, Request closing, AuditNote note) {
        return insistently(
                pool,
                lease,
                in -> transactions
                        .fence(in, lease)
                        .compose(held -> in.query(gate.exclusively()).execute())
                        .compose(locked -> move(in, lease, from, to, fence, closing, note)));
    }

    private Future<Void> insistently(Pool pool, Lease lease, Function<SqlConnection, Future<Void>> work) {
        return retry.run(
                lease,
                PACE,
                () -> pool.withConnection(
                        connection -> transactions.run(connection, LOCK_LIMIT, STATEMENT_LIMIT, work)));
    }

    /** The move itself, in the caller's transaction, which holds the fence. */
    Future<Void> move(
            SqlConnection connection,
            Lease lease,
            Gate from,
            Gate to,
            Duration fence,
            Request closing,
            AuditNote note) {
        Bookkeeping bookkeeping = new Bookkeeping(tables, journal, null);
        return connection
                .preparedQuery("UPDATE " + tables.gate()
                        + " SET state = $1, active = $2, target = $3, gate_seq = $4, held = $5, foreign_writes = $6,"
                        + " foreign_writes_kept = $7, deadline = clock_timestamp() + $8 * interval '1 millisecond'"
                        + " WHERE id = 1 AND state = $9 AND gate_seq = $10")
                .execute(Tuple.tuple()
                        .addString(to.state().name())
                        .addString(text(to.active()))
                        .addString(text(to.target()))
                        .addLong(to.seq())
                        .addString(text(to.held()))
                        .addBoolean(to.foreignWrites())
                        .addBoolean(to.foreignWritesKept())
                        .addValue(fence == null ? null : (double) fence.toMillis())
                        .addString(from.state().name())
                        .addLong(from.seq()))
                .compose(rows -> rows.rowCount() == 1
                        ? bookkeeping.note(connection, lease, from.toString(), to.toString(), note)
                        : Future.failedFuture(new MigrationException(
                                MigrationError.OUTCOME_UNKNOWN, "the gate moved meanwhile: look again")))
                .compose(noted -> closing == null ? Future.succeededFuture() : bookkeeping.close(connection, closing));
    }

    Future<Void> foreignWrites(Pool pool, boolean on, AuditNote note) {
        String sql = "UPDATE " + tables.gate() + " SET foreign_writes = $1, foreign_writes_kept = false,"
                + " gate_seq = gate_seq + 1 WHERE id = 1 RETURNING state";
        return insistently(
                pool,
                null,
                in -> in.query(gate.exclusively())
                        .execute()
                        .compose(locked -> in.preparedQuery(sql).execute(Tuple.of(on)))
                        .compose(rows -> new Bookkeeping(tables, journal, null)
                                .note(in, null, "foreign writes", on ? "on" : "off", note)));
    }

    Future<Void> newIncarnation(SqlConnection connection, AuditNote note) {
        return connection
                .preparedQuery("UPDATE " + tables.gate() + " SET incarnation = $1 WHERE id = 1")
                .execute(Tuple.of(UUID.randomUUID()))
                .compose(changed ->
                        new Bookkeeping(tables, journal, null).note(connection, null, "restored", "accepted", note));
    }

    private static String text(Release release) {
        return release == null ? null : release.toString();
    }
}
