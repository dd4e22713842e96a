package io.drawbridge.migration.postgres;

import io.drawbridge.migration.Action;
import io.drawbridge.migration.Futures;
import io.drawbridge.migration.Gate;
import io.drawbridge.migration.Journal;
import io.drawbridge.migration.JournalEntry;
import io.drawbridge.migration.Migration;
import io.drawbridge.migration.MigrationBackend.AuditNote;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** Makes the engine's own tables, fills an empty database, and removes all of it again. Immutable. */
final class Layout {
    private final EngineTables tables;
    private final JournalMirror mirror;
    private final List<String> createsRelations;
    private final JournalTable journal;

    Layout(EngineTables tables, JournalMirror mirror, List<String> createsRelations, JournalTable journal) {
        this.tables = tables;
        this.mirror = mirror;
        this.createsRelations = createsRelations;
        this.journal = journal;
    }

    /** In the caller's transaction: nobody ever sees half of it. */
    Future<Void> prepare(SqlConnection connection, Gate gate, Journal beginning, AuditNote note) {
        return connection
                .preparedQuery("SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || $1, 0))")
                .execute(Tuple.of(tables.prefix()))
                .compose(locked -> connection
                        .preparedQuery("SELECT to_regclass($1) IS NOT NULL AS present")
                        .execute(Tuple.of(tables.gate())))
                .compose(rows -> rows.iterator().next().getBoolean("present")
                        ? Future.succeededFuture()
                        : create(connection, gate, beginning, note));
    }

    private Future<Void> create(SqlConnection connection, Gate gate, Journal beginning, AuditNote note) {
        return StepRunner.execute(connection, tables.create())
                .compose(created -> connection
                        .preparedQuery("INSERT INTO " + tables.gate()
                                + " (id, layout, state, active, target, gate_seq, foreign_writes, foreign_writes_kept,"
                                + " incarnation) VALUES (1, $1, $2, $3, $4, $5, $6, $7, $8)")
                        .execute(Tuple.tuple()
                                .addInteger(EngineTables.LAYOUT)
                                .addString(gate.state().name())
                                .addString(
                                        gate.active() == null
                                                ? null
                                                : gate.active().toString())
                                .addString(
                                        gate.target() == null
                                                ? null
                                                : gate.target().toString())
                                .addLong(gate.seq())
                                .addBoolean(gate.foreignWrites())
                                .addBoolean(gate.foreignWritesKept())
                                .addUUID(UUID.randomUUID())))
                .compose(inserted -> connection
                        .query("INSERT INTO " + tables.lease() + " (name) VALUES ('migrations'), ('sequencer')")
                        .execute())
                .compose(inserted ->
                        Futures.forEach(beginning.entries().values(), entry -> journal.write(connection, entry)))
                .compose(written ->
                        new Bookkeeping(tables, journal, mirror).note(connection, null, "-", gate.toString(), note))
                .compose(noted -> mirror == null ? Future.succeededFuture() : mirror.prepare(connection));
    }

    /** Runs every action in the caller's transaction, plainly: there is no data that anybody reads yet. */
    Future<Void> fill(SqlConnection connection, List<Action<PgStep>> actions) {
        Map<Migration<PgStep>, JournalEntry> ends = new LinkedHashMap<>();
        return Futures.forEach(actions, action -> {
                    ends.put(action.migration(), action.after());
                    return action.step() == null ? Future.succeededFuture() : fresh(connection, action.step());
                })
                .compose(ran -> Futures.forEach(
                        ends.entrySet(), end -> journal.write(connection, end.getKey(), end.getValue())));
    }

    private static Future<Void> fresh(SqlConnection connection, PgStep step) {
        if (step instanceof PgStep.Statements statements) {
            return StepRunner.execute(connection, statements.sql());
        }
        if (step instanceof PgStep.Call call) {
            return call.function().apply(connection);
        }
        if (step instanceof PgStep.ConcurrentIndex index) {
            return StepRunner.execute(connection, List.of(IndexBuilder.statement(index, "IF NOT EXISTS ")));
        }
        if (step instanceof PgStep.ValidatedConstraint constraint) {
            return StepRunner.execute(connection, List.of(StepRunner.add(constraint)));
        }
        if (step instanceof PgStep.Backfill backfill) {
            return StepRunner.execute(
                    connection,
                    List.of("UPDATE " + backfill.table() + " SET " + backfill.set() + " WHERE " + backfill.where()));
        }
        return Future.failedFuture(new IllegalArgumentException("not a step of a migration: " + step.name()));
    }

    /*
     * By name and all at once, without CASCADE: what somebody else hung on our tables makes the whole reset fail, naming
     * it, instead of disappearing.
     */
    Future<List<String>> drop(SqlConnection connection) {
        Set<String> ours = new TreeSet<>(createsRelations);
        ours.addAll(tables.names());
        if (mirror != null) {
            ours.addAll(mirror.relations());
        }
        return connection
                .preparedQuery(
                        "SELECT c.relname::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                                + " WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND c.relname = ANY($1)"
                                + " ORDER BY 1")
                .execute(Tuple.of(ours.toArray(new String[0])))
                .compose(rows -> {
                    List<String> present = new ArrayList<>();
                    rows.forEach(row -> present.add(row.getString("name")));
                    Future<Void> dropped = present.isEmpty()
                            ? Future.succeededFuture()
                            : StepRunner.execute(connection, List.of("DROP TABLE " + quoted(present)));
                    return dropped.compose(gone -> mirror == null ? Future.succeededFuture() : mirror.drop(connection))
                            .map(gone -> List.copyOf(present));
                });
    }

    private static String quoted(List<String> names) {
        return String.join(
                ", ",
                names.stream()
                        .map(name -> '"' + name.replace("\"", "\"\"") + '"')
                        .toList());
    }
}
