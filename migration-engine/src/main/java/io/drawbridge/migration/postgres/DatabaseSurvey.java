package io.drawbridge.migration.postgres;

import io.drawbridge.migration.Check.Severity;
import io.drawbridge.migration.Finding;
import io.drawbridge.migration.Survey;
import io.drawbridge.migration.Survey.Kind;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Looks at a database without changing it. Immutable. */
final class DatabaseSurvey {
    /** Transition tables, fast defaults, progress of index builds. */
    private static final int OLDEST = 120_000;

    private final EngineTables tables;
    private final JournalMirror mirror;
    private final Set<String> claims;

    DatabaseSurvey(EngineTables tables, JournalMirror mirror, List<String> createsRelations) {
        this.tables = tables;
        this.mirror = mirror;
        this.claims = new HashSet<>(createsRelations);
        if (mirror != null) {
            claims.addAll(mirror.relations());
        }
        claims.addAll(tables.names());
    }

    Future<Survey> look(SqlConnection connection) {
        return connection
                .query("SELECT current_setting('server_version_num')::int AS version, current_database() AS database,"
                        + " current_schema() AS schema, CASE WHEN current_schema() IS NULL THEN false ELSE"
                        + " has_schema_privilege(current_schema(), 'CREATE') END AS may_create, current_user AS role,"
                        + " ARRAY(SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                        + " WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S'))"
                        + " AS relations")
                .execute()
                .compose(rows -> judge(connection, rows.iterator().next()));
    }

    private Future<Survey> judge(SqlConnection connection, Row row) {
        Set<String> present = new HashSet<>(Arrays.asList(row.getArrayOfStrings("relations")));
        boolean ours = present.contains(tables.gate());
        Future<Optional<Map<String, Boolean>>> bookkeeping =
                ours || mirror == null ? Future.succeededFuture(Optional.empty()) : mirror.read(connection);
        return bookkeeping.compose(theirs -> {
            Map<String, Boolean> units = theirs.orElse(Map.of());
            Set<String> inTheWay = new TreeSet<>(present);
            inTheWay.retainAll(claims);
            boolean onlyEmptyBookkeeping = theirs.isPresent() && units.isEmpty() && emptyBookkeeping(inTheWay);
            Kind kind = ours
                    ? Kind.OURS
                    : !units.isEmpty()
                            ? Kind.ADOPTABLE
                            : inTheWay.isEmpty() || onlyEmptyBookkeeping ? Kind.EMPTY : Kind.FOREIGN;
            Future<List<String>> strangers =
                    mirror == null ? Future.succeededFuture(List.of()) : mirror.strangers(connection);
            return strangers.map(others -> new Survey(
                    kind,
                    row.getString("database"),
                    kind == Kind.FOREIGN ? List.copyOf(inTheWay) : List.of(),
                    units,
                    others,
                    environment(row, kind)));
        });
    }

    /** A bootstrap of the other system that died before it did anything leaves its two tables and no rows. */
    private static boolean emptyBookkeeping(Set<String> inTheWay) {
        return Set.of("schema_meta", "locks").containsAll(inTheWay);
    }

    private static List<Finding> environment(Row row, Kind kind) {
        List<Finding> findings = new ArrayList<>();
        int version = row.getInteger("version");
        if (version < OLDEST) {
            findings.add(new Finding(
                    "server-version",
                    Severity.BLOCK,
                    "PostgreSQL " + version / 10_000 + "." + version % 10_000 + " is too old",
                    "upgrade the server to PostgreSQL 12 or newer (transition tables, fast column defaults and index"
                            + " progress are needed)",
                    List.of()));
        }
        if (row.getString("schema") == null) {
            findings.add(new Finding(
                    "schema-missing",
                    Severity.BLOCK,
                    "the schema in the connection's search_path does not exist",
                    "create it, or change pg_schema",
                    List.of()));
        } else if (!row.getBoolean("may_create")) {
            findings.add(new Finding(
                    "privilege",
                    Severity.BLOCK,
                    "role '" + row.getString("role") + "' may not create tables in schema '" + row.getString("schema")
                            + "'",
                    "GRANT CREATE ON SCHEMA " + row.getString("schema") + " TO " + row.getString("role"),
                    List.of()));
        }
        return findings;
    }

    Future<List<String>> ask(SqlConnection connection, PgStep.Query query) {
        return connection
                .query("SELECT * FROM (" + query.sql() + ") AS asked LIMIT 1000")
                .execute()
                .map(rows -> {
                    List<String> lines = new ArrayList<>();
                    rows.forEach(row -> lines.add(String.valueOf(row.getValue(0))));
                    return List.copyOf(lines);
                });
    }

    Future<Long> estimate(SqlConnection connection, PgStep step) {
        String table = null;
        if (step instanceof PgStep.Backfill backfill) {
            table = backfill.table();
        } else if (step instanceof PgStep.ConcurrentIndex index) {
            table = index.table();
        } else if (step instanceof PgStep.ValidatedConstraint constraint) {
            table = constraint.table();
        }
        return table == null ? Future.succeededFuture(-1L) : StepRunner.rows(connection, table);
    }
}
