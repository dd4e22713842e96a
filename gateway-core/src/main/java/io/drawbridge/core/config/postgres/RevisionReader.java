package io.drawbridge.core.config.postgres;

import io.drawbridge.core.config.Change;
import io.drawbridge.core.config.Changes;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/** Reads the numbered change log: whole revisions, within bounds. Thread-safe. */
public final class RevisionReader {
    /* One statement, so one snapshot: the newest revision, whether the log reaches back to the reader's, and what
    follows. */
    private static final String READ = """
            SELECT p.revision AS newest, p.incarnation,
                coalesce((SELECT min(revision) FROM drawbridge_changes WHERE revision IS NOT NULL) <= $1, false)
                  AS reaches_back,
                c.revision, c.seq, c.entity, c.id, c.op, c.writer
              FROM drawbridge_revision p
              LEFT JOIN LATERAL (
                SELECT revision, seq, entity, id, op, writer FROM drawbridge_changes
                  WHERE revision > $1 ORDER BY revision, seq LIMIT $2) c ON true
              ORDER BY c.revision, c.seq""";

    private final SqlClient client;
    private final int changesMax;

    /** @param changesMax most changes told at once; more in one revision means reading everything anew */
    public RevisionReader(SqlClient client, int changesMax) {
        if (changesMax < 1 || changesMax > 1_000_000) {
            throw new IllegalArgumentException("changesMax must be between 1 and 1000000");
        }
        this.client = client;
        this.changesMax = changesMax;
    }

    /**
     * What happened since, up to the newest revision or as many whole revisions as the bound allows. A reader of which
     * the log has nothing to its own revision any more must read everything anew: part of the next one may be gone too.
     */
    public Future<Changes> since(Changes.Position reader) {
        return client.preparedQuery(READ)
                .execute(Tuple.of(reader.revision(), changesMax + 1L))
                .map(rows -> changes(reader, rows));
    }

    private Changes changes(Changes.Position reader, RowSet<Row> rows) {
        Row first = rows.iterator().next();
        long newest = first.getLong("newest");
        Changes.Position end = new Changes.Position(first.getString("incarnation"), newest);
        if (end.equals(reader)) {
            return new Changes(end, true, List.of());
        }
        boolean known = end.incarnation().equals(reader.incarnation()) && newest > reader.revision();
        if (!known || !first.getBoolean("reaches_back")) {
            return new Changes(end, false, List.of());
        }
        List<Change> found = new ArrayList<>();
        rows.forEach(row -> {
            if (row.getLong("revision") != null) {
                found.add(change(row));
            }
        });
        if (found.size() <= changesMax) {
            return new Changes(end, true, found);
        }
        long cut = found.get(found.size() - 1).revision();
        List<Change> whole =
                found.stream().filter(change -> change.revision() < cut).toList();
        return whole.isEmpty()
                ? new Changes(end, false, List.of())
                : new Changes(new Changes.Position(end.incarnation(), cut - 1), true, whole);
    }

    private static Change change(Row row) {
        return new Change(
                row.getLong("revision"),
                row.getLong("seq"),
                row.getString("entity"),
                row.getString("id"),
                Change.Op.of(row.getString("op")),
                row.getString("writer"));
    }
}
