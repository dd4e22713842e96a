package io.drawbridge.core.release.postgres;

import io.drawbridge.migration.JournalEntry;
import io.drawbridge.migration.Migration;
import io.drawbridge.migration.MigrationBackend.Blocker;
import io.drawbridge.migration.postgres.JournalMirror;
import io.drawbridge.migration.postgres.PgStep;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Kong's bookkeeping, tables {@code schema_meta} and {@code locks}, kept so that Kong's own tools read what they expect.
 * {@code executed} and {@code pending} are kept as sets; {@code pending} stays null until a subsystem had a pending unit.
 * Immutable, thread-safe.
 */
public final class KongMirror implements JournalMirror {
    private static final String LOCK = "migrations";

    /** Everything that a unit of the line, or an older Kong, creates. */
    private static final Set<String> RELATIONS = Set.of(
            "schema_meta",
            "locks",
            "schema_migrations",
            "apis",
            "cluster_events",
            "cluster_ca",
            "ttls",
            "tags",
            "workspaces",
            "services",
            "routes",
            "certificates",
            "ca_certificates",
            "snis",
            "consumers",
            "plugins",
            "upstreams",
            "targets",
            "clustering_data_planes",
            "parameters",
            "acls",
            "acme_storage",
            "basicauth_credentials",
            "hmacauth_credentials",
            "jwt_secrets",
            "keyauth_credentials",
            "oauth2_credentials",
            "oauth2_authorization_codes",
            "oauth2_tokens",
            "ratelimiting_metrics",
            "response_ratelimiting_metrics",
            "sessions",
            "drawbridge_changes",
            "drawbridge_revision");

    /** A unit that comes with a version of its plugin, so that it tells no release of Kong. */
    private static final String BY_ROCK = "session/001_add_ttl_index";

    /** Units of 1.x that 2.0 folded into its base units. */
    private static final Set<String> FOLDED = Set.of(
            "core/001_14_to_15",
            "core/002_15_to_1",
            "acl/001_14_to_15",
            "basic-auth/001_14_to_15",
            "hmac-auth/001_14_to_15",
            "jwt/001_14_to_15",
            "key-auth/001_14_to_15",
            "oauth2/001_14_to_15",
            "oauth2/002_15_to_10",
            "rate-limiting/001_14_to_15",
            "rate-limiting/002_15_to_10",
            "response-ratelimiting/001_14_to_15",
            "response-ratelimiting/002_15_to_10");

    private static final String TABLES = """
            CREATE TABLE IF NOT EXISTS schema_meta (
              key text,
              subsystem text,
              last_executed text,
              executed text[],
              pending text[],
              PRIMARY KEY (key, subsystem));
            CREATE TABLE IF NOT EXISTS locks (
              key text PRIMARY KEY,
              owner text,
              ttl timestamptz);
            CREATE INDEX IF NOT EXISTS locks_ttl_idx ON locks (ttl)""";

    private static final String READ = """
            SELECT subsystem, unnest(executed) AS name, true AS executed FROM schema_meta
             WHERE key = 'schema_meta'
            UNION ALL
            SELECT subsystem, unnest(pending), false FROM schema_meta WHERE key = 'schema_meta'
             ORDER BY executed""";

    private static final String PENDING = """
            INSERT INTO schema_meta AS had (key, subsystem, pending) VALUES ('schema_meta', $1, ARRAY[$2])
            ON CONFLICT (key, subsystem) DO UPDATE
              SET pending = CASE WHEN $2 = ANY (coalesce(had.pending, '{}') || coalesce(had.executed, '{}'))
                                 THEN had.pending ELSE coalesce(had.pending, '{}') || $2 END""";

    /* $3: whether the unit has a second phase, so that its subsystem has had a pending unit. */
    private static final String EXECUTED = """
            INSERT INTO schema_meta AS had (key, subsystem, last_executed, executed, pending)
            VALUES ('schema_meta', $1, $2, ARRAY[$2], CASE WHEN $3 THEN '{}'::text[] END)
            ON CONFLICT (key, subsystem) DO UPDATE
              SET last_executed = $2,
                  executed = CASE WHEN $2 = ANY (coalesce(had.executed, '{}'))
                                  THEN had.executed ELSE coalesce(had.executed, '{}') || $2 END,
                  pending = CASE WHEN $3 THEN array_remove(coalesce(had.pending, '{}'), $2)
                                 ELSE array_remove(had.pending, $2) END
              WHERE had.last_executed IS NULL OR $2 = ANY (coalesce(had.pending, '{}'))
                 OR NOT $2 = ANY (coalesce(had.executed, '{}'))""";

    private static final String UNDONE = """
            UPDATE schema_meta
               SET executed = array_remove(executed, $2),
                   pending = array_remove(pending, $2),
                   last_executed = CASE WHEN last_executed = $2
                     THEN (array_remove(executed, $2))[cardinality(array_remove(executed, $2))]
                     ELSE last_executed END
             WHERE key = 'schema_meta' AND subsystem = $1""";

    private static final String EMPTY_ROW = """
            DELETE FROM schema_meta WHERE key = 'schema_meta' AND subsystem = $1
               AND cardinality(coalesce(executed, '{}')) = 0 AND cardinality(coalesce(pending, '{}')) = 0""";

    private static final String HOLD = """
            INSERT INTO locks AS had (key, owner, ttl)
            VALUES ($1, $2, clock_timestamp() + $3 * interval '1 millisecond')
            ON CONFLICT (key) DO UPDATE SET owner = EXCLUDED.owner, ttl = EXCLUDED.ttl
              WHERE had.owner = EXCLUDED.owner OR had.ttl IS NULL OR had.ttl < clock_timestamp()""";

    /*
     * Without pg_read_all_stats the application name of other roles' connections is hidden; they are shown all the same.
     */
    private static final String STRANGERS = """
            SELECT usename || coalesce(' from ' || host(client_addr), ' on the server')
                   || coalesce(' (' || nullif(application_name, '') || ')', '') AS who, count(*) AS connections
              FROM pg_stat_activity
             WHERE datname = current_database() AND usesysid IS NOT NULL
               AND coalesce(backend_type, 'client backend') = 'client backend'
               AND coalesce(application_name, '') NOT LIKE 'drawbridge%'
               AND pid <> pg_backend_pid()
             GROUP BY 1 ORDER BY 1 LIMIT 100""";

    /*
     * A stranger counts as a writer if its role wrote untagged from its address since the upgrade began: pooled
     * connections come and go, so not by process.
     */
    private static final String WRITERS = """
            SELECT who, connections, wrote FROM (
              SELECT usename || coalesce(' from ' || host(client_addr), ' on the server')
                     || coalesce(' (' || nullif(application_name, '') || ')', '') AS who, count(*) AS connections,
                     bool_or(EXISTS (
                       SELECT FROM drawbridge_changes AS c
                        WHERE c.writer LIKE 'foreign/' || usename || ' %'
                          AND c.writer ~ (' ' || replace(coalesce(host(client_addr), 'local'), '.', '\\.') || ' [0-9]+$')
                          AND c.at >= (SELECT coalesce(max(at) FILTER (WHERE to_state LIKE 'EXPANDING%'), min(at))
                                         FROM drawbridge_audit))) AS wrote
                FROM pg_stat_activity
               WHERE datname = current_database() AND usesysid IS NOT NULL
                 AND coalesce(backend_type, 'client backend') = 'client backend'
                 AND coalesce(application_name, '') NOT LIKE 'drawbridge%'
                 AND pid <> pg_backend_pid()
               GROUP BY 1) AS strangers ORDER BY 1 LIMIT 100""";

    private static final List<String> FUNCTIONS = List.of(
            "sync_tags()",
            "drawbridge_install(text)",
            "drawbridge_capture()",
            "drawbridge_capture_moved()",
            "drawbridge_ask_gate()");

    private final Set<String> foreignRoles;

    public KongMirror() {
        this(Set.of());
    }

    /** @param foreignRoles database roles of other gateways: their connections block finish, seen to write or not */
    public KongMirror(Set<String> foreignRoles) {
        this.foreignRoles = Set.copyOf(foreignRoles);
    }

    @Override
    public Set<String> relations() {
        return RELATIONS;
    }

    @Override
    public Future<Void> prepare(SqlConnection connection) {
        return present(connection, "schema_meta", "locks")
                .compose(there -> there
                        ? Future.succeededFuture()
                        : connection.query(TABLES).execute().mapEmpty());
    }

    private static Future<Boolean> present(SqlConnection connection, String... tables) {
        return connection
                .preparedQuery(
                        "SELECT bool_and(to_regclass(name) IS NOT NULL) AS present FROM unnest($1::text[]) AS name")
                .execute(Tuple.of(tables))
                .map(rows -> rows.iterator().next().getBoolean("present"));
    }

    @Override
    public Future<Optional<Map<String, Boolean>>> read(SqlConnection connection) {
        return present(connection, "schema_meta")
                .compose(there ->
                        there ? units(connection).map(Optional::of) : Future.succeededFuture(Optional.empty()));
    }

    /*
     * One unit comes with a version of its plugin, which a 2.1 may have and a 2.2 may lack. It must not make a database
     * look half upgraded, so it counts with the release that we list it under. Its index is made by a unit of ours too.
     */
    private static void settleByRock(Map<String, Boolean> units) {
        Boolean core = units.get("core/012_213_to_220");
        if (core == null) {
            units.remove(BY_ROCK);
        } else if (core && units.containsKey("session/000_base_session")) {
            units.putIfAbsent(BY_ROCK, true);
        }
    }

    /* Units that 2.0 folded into its base say nothing more, and no release that we know has them. */
    private static Future<Map<String, Boolean>> units(SqlConnection connection) {
        return connection.query(READ).execute().map(rows -> {
            Map<String, Boolean> units = new HashMap<>();
            for (Row row : rows) {
                units.put(row.getString("subsystem") + '/' + row.getString("name"), row.getBoolean("executed"));
            }
            units.keySet().removeAll(FOLDED);
            settleByRock(units);
            return units;
        });
    }

    @Override
    public Future<Void> write(SqlConnection connection, Migration<PgStep> migration, JournalEntry after) {
        String subsystem = migration.subsystem();
        String name = migration.name();
        if (after == null) {
            return connection
                    .preparedQuery(UNDONE)
                    .execute(Tuple.of(subsystem, name))
                    .compose(undone -> connection.preparedQuery(EMPTY_ROW).execute(Tuple.of(subsystem)))
                    .mapEmpty();
        }
        return switch (after.state()) {
            case EXPANDING, UNDOING -> Future.succeededFuture();
            case EXPANDED, CONVERTING ->
                migration.twoPhase()
                        ? connection
                                .preparedQuery(PENDING)
                                .execute(Tuple.of(subsystem, name))
                                .mapEmpty()
                        : executed(connection, migration);
            case CONVERTED, CONTRACTING, CONTRACTED -> executed(connection, migration);
        };
    }

    private static Future<Void> executed(SqlConnection connection, Migration<PgStep> migration) {
        return connection
                .preparedQuery(EXECUTED)
                .execute(Tuple.of(migration.subsystem(), migration.name(), migration.twoPhase()))
                .mapEmpty();
    }

    @Override
    public Future<Boolean> hold(SqlConnection connection, String holder, Duration ttl) {
        return prepare(connection)
                .compose(there -> connection.preparedQuery(HOLD).execute(Tuple.of(LOCK, holder, ttl.toMillis())))
                .map(rows -> rows.rowCount() == 1);
    }

    @Override
    public Future<Void> renew(SqlConnection connection, String holder, Duration ttl) {
        return hold(connection, holder, ttl).mapEmpty();
    }

    @Override
    public Future<Void> release(SqlConnection connection, String holder) {
        return present(connection, "locks")
                .compose(there -> there
                        ? connection
                                .preparedQuery("DELETE FROM locks WHERE key = $1 AND owner = $2")
                                .execute(Tuple.of(LOCK, holder))
                                .mapEmpty()
                        : Future.succeededFuture());
    }

    @Override
    public Future<List<String>> strangers(SqlConnection connection) {
        return connection.query(STRANGERS).execute().map(rows -> {
            List<String> names = new ArrayList<>();
            for (Row row : rows) {
                long connections = row.getLong("connections");
                names.add(row.getString("who") + (connections > 1 ? ", " + connections + " connections" : ""));
            }
            return List.copyOf(names);
        });
    }

    @Override
    public Future<List<Blocker>> blockers(SqlConnection connection) {
        return present(connection, "drawbridge_changes", "drawbridge_audit")
                .compose(there -> connection
                        .query(there ? WRITERS : STRANGERS)
                        .execute()
                        .map(rows -> {
                            List<Blocker> found = new ArrayList<>();
                            rows.forEach(row -> found.add(blocker(row, there && row.getBoolean("wrote"))));
                            return found;
                        }))
                .compose(strangers -> present(connection, "clustering_data_planes", "drawbridge_gate")
                        .compose(there ->
                                there ? OldDataPlanes.find(connection) : Future.succeededFuture(List.<Blocker>of()))
                        .map(planes -> {
                            strangers.addAll(planes);
                            return List.copyOf(strangers);
                        }));
    }

    private Blocker blocker(Row row, boolean wrote) {
        String who = row.getString("who");
        String connections = row.getLong("connections") + " connections of " + who;
        boolean named = foreignRoles.stream().anyMatch(role -> who.startsWith(role + " "));
        return new Blocker(
                "foreign",
                wrote
                        ? connections + ": wrote since the upgrade began, without asking the gate"
                        : connections + (named ? ": a role of other gateways" : ": not seen to write"),
                !wrote && !named);
    }

    @Override
    public Future<Void> drop(SqlConnection connection) {
        StringBuilder sql = new StringBuilder("DROP TABLE IF EXISTS schema_meta, locks");
        FUNCTIONS.forEach(function -> sql.append("; DROP FUNCTION IF EXISTS ").append(function));
        return connection.query(sql.toString()).execute().mapEmpty();
    }
}
