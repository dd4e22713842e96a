package io.drawbridge.migration.postgres;

import io.drawbridge.migration.Journal;
import io.drawbridge.migration.JournalEntry;
import io.drawbridge.migration.JournalEntry.State;
import io.drawbridge.migration.Migration;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;

/** The journal's rows, written together with what they tell and with the mirror. Immutable. */
final class JournalTable {
    private final EngineTables tables;
    private final JournalMirror mirror;

    /** @param mirror null: no other bookkeeping is kept */
    JournalTable(EngineTables tables, JournalMirror mirror) {
        this.tables = tables;
        this.mirror = mirror;
    }

    /** Has the journal, and the mirror where the migration reached a resting place, say {@code after}; null removes it. */
    Future<Void> write(SqlConnection connection, Migration<PgStep> migration, JournalEntry after) {
        Future<Void> written = after == null ? remove(connection, migration.id()) : write(connection, after);
        return written.compose(done -> mirror != null && (after == null || resting(after.state()))
                ? mirror.write(connection, migration, after)
                : Future.succeededFuture());
    }

    private static boolean resting(State state) {
        return switch (state) {
            case EXPANDED, CONVERTED, CONTRACTED -> true;
            case EXPANDING, CONVERTING, CONTRACTING, UNDOING -> false;
        };
    }

    Future<Void> write(SqlConnection connection, JournalEntry entry) {
        return connection
                .preparedQuery("INSERT INTO " + tables.journal()
                        + " (id, state, steps_done, cursor_at, rows_done, rows_total, failure)"
                        + " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO UPDATE SET state = excluded.state,"
                        + " steps_done = excluded.steps_done, cursor_at = excluded.cursor_at,"
                        + " rows_done = excluded.rows_done, rows_total = excluded.rows_total,"
                        + " failure = excluded.failure, changed_at = clock_timestamp()")
                .execute(Tuple.of(
                        entry.id(),
                        entry.state().name(),
                        entry.stepsDone(),
                        entry.cursor(),
                        entry.rowsDone(),
                        entry.rowsTotal(),
                        entry.failure()))
                .mapEmpty();
    }

    private Future<Void> remove(SqlConnection connection, String id) {
        return connection
                .preparedQuery("DELETE FROM " + tables.journal() + " WHERE id = $1")
                .execute(Tuple.of(id))
                .mapEmpty();
    }

    /** The journal as {@link #asJson} selected it. */
    static Journal read(JsonArray rows) {
        Journal journal = Journal.empty();
        for (int i = 0; i < rows.size(); i++) {
            JsonObject row = rows.getJsonObject(i);
            journal = journal.with(new JournalEntry(
                    row.getString("id"),
                    State.valueOf(row.getString("state")),
                    row.getInteger("steps_done"),
                    row.getString("cursor_at"),
                    row.getLong("rows_done"),
                    row.getLong("rows_total"),
                    row.getString("failure")));
        }
        return journal;
    }

    /** A sub-select that yields the whole journal as one JSON array. */
    String asJson() {
        return "(SELECT coalesce(json_agg(row_to_json(j) ORDER BY j.position), '[]'::json) FROM " + tables.journal()
                + " j)";
    }
}
