package io.drawbridge.migration.postgres;

import io.drawbridge.migration.Gate;
import io.drawbridge.migration.MigrationError;
import io.drawbridge.migration.MigrationException;
import io.drawbridge.migration.Release;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;

/** The gate row as a write sees it, in the write's own transaction. Immutable, thread-safe. */
public final class PostgresGate {
    /**
     * A setting of the transaction that holds the gate: its own transaction id. A trigger of the database that asks the gate
     * for those who do not need not ask again.
     */
    public static final String PASSED = "drawbridge.passed";

    private final String columns;
    private final String locked;

    private final EngineTables tables;

    public PostgresGate(EngineTables tables) {
        this.tables = tables;
        this.columns = "SELECT state, active, target, gate_seq, held, foreign_writes, foreign_writes_kept,"
                + " coalesce(deadline <= clock_timestamp(), false) AS deadline_passed";
        this.locked = columns + ", set_config('" + PASSED + "', txid_current()::text, true) FROM " + tables.gate()
                + " FOR KEY SHARE";
    }

    /**
     * Reads the gate and keeps it from moving until the transaction ends. Must be the first statement of a READ COMMITTED
     * transaction with statement and idle timeouts, and decides alone: a sub-select on another table would see an old
     * snapshot. Fails with {@code NOT_BOOTSTRAPPED} if there is no gate.
     */
    public Future<Gate> lock(SqlConnection connection) {
        return gate(connection, locked);
    }

    /** Reads the gate for display. Never decide a write from this. */
    public Future<Gate> read(SqlClient client) {
        return gate(client, columns + " FROM " + tables.gate());
    }

    /** The lock that a transition takes before it moves the gate; waits for the writes in flight. */
    String exclusively() {
        return "LOCK TABLE " + tables.gate() + " IN EXCLUSIVE MODE";
    }

    private static Future<Gate> gate(SqlClient client, String sql) {
        return client.preparedQuery(sql).execute().map(PostgresGate::one);
    }

    private static Gate one(RowSet<Row> rows) {
        if (rows.size() != 1) {
            throw new MigrationException(MigrationError.NOT_BOOTSTRAPPED, "the database has no gate row");
        }
        return read(rows.iterator().next());
    }

    static Gate read(Row row) {
        return new Gate(
                Gate.State.valueOf(row.getString("state")),
                release(row.getString("active")),
                release(row.getString("target")),
                row.getLong("gate_seq"),
                release(row.getString("held")),
                row.getBoolean("foreign_writes"),
                row.getBoolean("foreign_writes_kept"),
                row.getBoolean("deadline_passed"));
    }

    private static Release release(String text) {
        return text == null ? null : Release.parse(text);
    }
}
