package io.drawbridge.migration.postgres;

import io.drawbridge.migration.AuditEntry;
import io.drawbridge.migration.ClusterState;
import io.drawbridge.migration.Futures;
import io.drawbridge.migration.JournalEntry;
import io.drawbridge.migration.JournalEntry.State;
import io.drawbridge.migration.Lease;
import io.drawbridge.migration.Migration;
import io.drawbridge.migration.MigrationBackend.AuditNote;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.Request;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** Requests, the audit, and the comparison of the journal with the mirror. Immutable. */
final class Bookkeeping {
    private final EngineTables tables;
    private final JournalTable journal;
    private final JournalMirror mirror;

    Bookkeeping(EngineTables tables, JournalTable journal, JournalMirror mirror) {
        this.tables = tables;
        this.journal = journal;
        this.mirror = mirror;
    }

    /** Opens the request unless one is open already; yields the open one. */
    Future<Request> ask(SqlConnection connection, Request wish) {
        return connection
                .preparedQuery(
                        "INSERT INTO " + tables.requests()
                                + " (id, kind, target, force, keep_foreign, reason, asked_by, state)"
                                + " VALUES ($1, $2, $3, $4, $5, $6, $7, 'OPEN') ON CONFLICT ((state)) WHERE state = 'OPEN' DO NOTHING")
                .execute(Tuple.tuple()
                        .addUUID(UUID.fromString(wish.id()))
                        .addString(wish.kind().name())
                        .addString(wish.target().toString())
                        .addString(wish.force())
                        .addBoolean(wish.keepForeignWriters())
                        .addString(wish.reason())
                        .addString(wish.by()))
                .compose(inserted -> connection
                        .query("SELECT row_to_json(r) AS request FROM " + tables.requests()
                                + " r WHERE state = 'OPEN' FOR KEY SHARE")
                        .execute())
                .map(rows -> rows.size() == 0
                        ? wish.closed(Request.State.FAILED, "closed meanwhile")
                        : request((JsonObject) rows.iterator().next().getValue("request")));
    }

    Future<Optional<Request>> request(SqlClient client, String id) {
        return client.preparedQuery("SELECT row_to_json(r) AS request FROM " + tables.requests() + " r WHERE id = $1")
                .execute(Tuple.of(UUID.fromString(id)))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(
                                request((JsonObject) rows.iterator().next().getValue("request"))));
    }

    static Request request(JsonObject row) {
        return new Request(
                row.getString("id"),
                Request.Kind.valueOf(row.getString("kind")),
                Release.parse(row.getString("target")),
                row.getString("force"),
                row.getBoolean("keep_foreign"),
                row.getString("reason"),
                row.getString("asked_by"),
                Request.State.valueOf(row.getString("state")),
                row.getString("result"));
    }

    Future<Void> close(SqlConnection connection, Request closed) {
        return connection
                .preparedQuery(
                        "UPDATE " + tables.requests()
                                + " SET state = $2, result = $3, closed_at = clock_timestamp() WHERE id = $1 AND state = 'OPEN'")
                .execute(Tuple.of(UUID.fromString(closed.id()), closed.state().name(), closed.result()))
                .mapEmpty();
    }

    /** @param lease null if none was needed */
    Future<Void> note(SqlConnection connection, Lease lease, String from, String to, AuditNote note) {
        return connection
                .preparedQuery("INSERT INTO " + tables.audit()
                        + " (by_whom, release, epoch, from_state, to_state, reason) VALUES ($1, $2, $3, $4, $5, $6)")
                .execute(Tuple.of(
                        note.by(),
                        note.release() == null ? null : note.release().toString(),
                        lease == null ? 0L : lease.epoch(),
                        from,
                        to,
                        note.reason() == null ? "" : note.reason()))
                .mapEmpty();
    }

    Future<List<AuditEntry>> audit(SqlClient client, int limit) {
        return client.preparedQuery("SELECT seq, at, by_whom, release, epoch, from_state, to_state, reason FROM "
                        + tables.audit() + " ORDER BY seq DESC LIMIT $1")
                .execute(Tuple.of(Math.max(0, Math.min(limit, 1000))))
                .map(rows -> {
                    List<AuditEntry> entries = new ArrayList<>();
                    rows.forEach(row -> entries.add(new AuditEntry(
                            row.getLong("seq"),
                            row.getOffsetDateTime("at")
                                    .withOffsetSameInstant(ZoneOffset.UTC)
                                    .toInstant(),
                            row.getString("by_whom"),
                            row.getString("release") == null ? null : Release.parse(row.getString("release")),
                            row.getLong("epoch"),
                            row.getString("from_state"),
                            row.getString("to_state"),
                            row.getString("reason"))));
                    return List.copyOf(entries);
                });
    }

    /**
     * What the mirror lacks of the journal; repaired if told to. What it has beyond the journal was done by another
     * system's tools: steps can be run twice, so the plan goes on as if nothing had happened, and the audit says so.
     */
    Future<List<String>> compare(
            SqlConnection connection,
            Lease lease,
            ClusterState cluster,
            List<Migration<PgStep>> catalog,
            boolean repair) {
        if (cluster.journal().entries().isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        return mirror.prepare(connection)
                .compose(there -> mirror.read(connection))
                .compose(read -> {
                    Map<String, Boolean> theirs = read.orElse(Map.of());
                    List<String> ahead = new ArrayList<>();
                    Map<Migration<PgStep>, JournalEntry> behind =
                            new TreeMap<>(java.util.Comparator.comparing(Migration::id));
                    for (Migration<PgStep> migration : catalog) {
                        JournalEntry ours =
                                cluster.journal().entry(migration.id()).orElse(null);
                        if (lags(ours, theirs.get(migration.id()))) {
                            behind.put(migration, ours);
                        } else if (leads(ours, theirs.get(migration.id()))) {
                            ahead.add(migration.id());
                        }
                    }
                    List<String> lines =
                            behind.keySet().stream().map(Migration::id).toList();
                    Future<Void> repaired = repair
                            ? Futures.forEach(
                                    behind.entrySet(), each -> mirror.write(connection, each.getKey(), each.getValue()))
                            : Future.succeededFuture();
                    return repaired.compose(done -> noteOnce(connection, lease, ahead))
                            .map(done -> lines);
                });
    }

    private static boolean lags(JournalEntry ours, Boolean theirs) {
        if (ours == null) {
            return false;
        }
        boolean executed = ours.state().converted();
        boolean pending = ours.state() == State.EXPANDED || ours.state() == State.CONVERTING;
        return (executed && !Boolean.TRUE.equals(theirs)) || (pending && theirs == null);
    }

    private static boolean leads(JournalEntry ours, Boolean theirs) {
        if (theirs == null) {
            return false;
        }
        return ours == null || (theirs && !ours.state().converted());
    }

    private Future<Void> noteOnce(SqlConnection connection, Lease lease, List<String> ahead) {
        if (ahead.isEmpty()) {
            return Future.succeededFuture();
        }
        String what = "run by another system's tools: " + String.join(", ", ahead);
        return connection
                .preparedQuery("SELECT 1 FROM " + tables.audit() + " WHERE reason = $1 LIMIT 1")
                .execute(Tuple.of(what))
                .compose(rows -> rows.size() > 0
                        ? Future.succeededFuture()
                        : note(
                                connection,
                                lease,
                                "foreign migrations",
                                "adopted",
                                new AuditNote(lease.holder(), null, what)));
    }
}
