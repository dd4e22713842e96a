package io.drawbridge.core.release.postgres;

import io.drawbridge.migration.postgres.PostgresGate;
import java.util.List;

/**
 * The change log, the triggers that fill it, and the trigger that asks the gate, as SQL.
 *
 * <p>Functions are SECURITY DEFINER with a fixed search_path, so that a writer needs no rights on our tables and cannot
 * lead them astray with a search_path of its own; the schema's name is put in when they are made. Capturing takes no lock
 * and notifies nobody: writers only append.
 */
final class ChangeLog {
    /**
     * What is config: captured and gated. Run-time tables are not: tokens, codes, sessions, ACME's storage, metrics,
     * cluster_events, locks, clustering_data_planes.
     */
    static final List<String> CONFIG_TABLES = List.of(
            "workspaces",
            "certificates",
            "ca_certificates",
            "snis",
            "services",
            "routes",
            "consumers",
            "plugins",
            "upstreams",
            "targets",
            "parameters",
            "acls",
            "basicauth_credentials",
            "hmacauth_credentials",
            "jwt_secrets",
            "keyauth_credentials",
            "oauth2_credentials");

    /**
     * {@code op}: I, U, D, T (the table was emptied), R (a migration changed rows: read the table again).
     * {@code revision} is null until the sequencer has numbered the row. {@code writer} of an untagged connection begins
     * with {@code foreign/}.
     */
    static final String[] TABLES = {
        """
        CREATE TABLE IF NOT EXISTS drawbridge_changes (
          seq bigserial PRIMARY KEY,
          xid bigint NOT NULL DEFAULT txid_current(),
          entity text NOT NULL,
          id text,
          op text NOT NULL,
          writer text,
          at timestamptz NOT NULL DEFAULT clock_timestamp(),
          revision bigint)""",
        """
        CREATE INDEX IF NOT EXISTS drawbridge_changes_new_idx ON drawbridge_changes (xid) WHERE revision IS NULL""",
        """
        CREATE INDEX IF NOT EXISTS drawbridge_changes_revision_idx ON drawbridge_changes (revision)
          WHERE revision IS NOT NULL""",
        """
        CREATE TABLE IF NOT EXISTS drawbridge_revision (
          one integer PRIMARY KEY DEFAULT 1 CHECK (one = 1),
          revision bigint NOT NULL,
          snapshot text NOT NULL,
          incarnation text NOT NULL) WITH (fillfactor = 50)""",
        "INSERT INTO drawbridge_revision (revision, snapshot, incarnation)"
                + " SELECT 0, txid_current_snapshot()::text, " + Ddl.RANDOM_UUID + "::text"
                + " WHERE NOT EXISTS (SELECT FROM drawbridge_revision) ON CONFLICT DO NOTHING"
    };

    /* A migration may change a million rows: it logs that, not each of them. */
    private static final String CAPTURE = """
            CREATE OR REPLACE FUNCTION drawbridge_capture() RETURNS trigger LANGUAGE plpgsql
              SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $capture$
            DECLARE
              by_whom text := nullif(current_setting('drawbridge.writer', true), '');
            BEGIN
              IF by_whom IS NULL THEN
                by_whom := 'foreign/' || session_user || ' ' || current_setting('application_name') || ' '
                  || coalesce(host(inet_client_addr()), 'local') || ' ' || pg_backend_pid();
              END IF;
              IF TG_OP = 'TRUNCATE' THEN
                INSERT INTO @changes@ (entity, op, writer) VALUES (TG_TABLE_NAME, 'T', by_whom);
              ELSIF by_whom LIKE 'migration/%' THEN
                INSERT INTO @changes@ (entity, op, writer)
                  SELECT TG_TABLE_NAME, 'R', by_whom WHERE EXISTS (SELECT FROM drawbridge_rows);
              ELSIF TG_ARGV[0] = 'key' THEN
                INSERT INTO @changes@ (entity, id, op, writer)
                  SELECT TG_TABLE_NAME, key, left(TG_OP, 1), by_whom FROM drawbridge_rows;
              ELSE
                INSERT INTO @changes@ (entity, id, op, writer)
                  SELECT TG_TABLE_NAME, id::text, left(TG_OP, 1), by_whom FROM drawbridge_rows;
              END IF;
              RETURN NULL;
            END $capture$""";

    /* An UPDATE that changes the key itself: the row of the old key is gone. */
    private static final String CAPTURE_MOVED = """
            CREATE OR REPLACE FUNCTION drawbridge_capture_moved() RETURNS trigger LANGUAGE plpgsql
              SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $capture$
            DECLARE
              by_whom text := coalesce(nullif(current_setting('drawbridge.writer', true), ''),
                'foreign/' || session_user || ' ' || current_setting('application_name') || ' '
                  || coalesce(host(inet_client_addr()), 'local') || ' ' || pg_backend_pid());
            BEGIN
              IF TG_ARGV[0] = 'key' THEN
                INSERT INTO @changes@ (entity, id, op, writer) VALUES (TG_TABLE_NAME, OLD.key, 'D', by_whom);
              ELSE
                INSERT INTO @changes@ (entity, id, op, writer) VALUES (TG_TABLE_NAME, OLD.id::text, 'D', by_whom);
              END IF;
              RETURN NULL;
            END $capture$""";

    /*
     * Reads the gate FOR KEY SHARE: a transition of the gate waits for writers that passed, and later ones wait for it
     * and then see the new state.
     */
    private static final String ASK_GATE = """
            CREATE OR REPLACE FUNCTION drawbridge_ask_gate() RETURNS trigger LANGUAGE plpgsql
              SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $gate$
            DECLARE
              tag text := coalesce(current_setting('drawbridge.writer', true), '');
              by_release text := split_part(tag, '/', 1);
              gate record;
              upgrade text;
            BEGIN
              IF by_release = 'migration' THEN
                RETURN NULL;
              END IF;
              SELECT state, active, target, foreign_writes INTO gate FROM @gate@ WHERE id = 1 FOR KEY SHARE;
              IF NOT FOUND THEN
                RAISE EXCEPTION USING ERRCODE = '55000',
                  MESSAGE = format('writes to %I are refused: the database has no gate', TG_TABLE_NAME),
                  HINT = 'Run ''drawbridge migrations status''.';
              END IF;
              IF gate.state NOT IN ('FENCED', 'CONTRACTING', 'EMPTY', 'BOOTSTRAPPING')
                 AND (CASE WHEN tag = '' THEN gate.foreign_writes ELSE by_release = gate.active END) THEN
                RETURN NULL;
              END IF;
              upgrade := CASE WHEN gate.target IS NULL THEN 'the cluster runs release ' || coalesce(gate.active, 'none')
                WHEN gate.state IN ('FENCED', 'CONTRACTING')
                  THEN 'the upgrade from ' || gate.active || ' to ' || gate.target || ' is being finished'
                ELSE 'the upgrade from ' || gate.active || ' to ' || gate.target || ' is open' END;
              RAISE EXCEPTION USING ERRCODE = '55000',
                MESSAGE = format('writes to %I by %s are refused: %s', TG_TABLE_NAME,
                  CASE WHEN tag = '' THEN 'others than Drawbridge''s nodes (''drawbridge migrations foreign-writes on'''
                    || ' allows them)' ELSE 'release ' || by_release END, upgrade),
                HINT = CASE WHEN tag = '' THEN 'Run ''drawbridge migrations foreign-writes on'' to allow writers that'
                  || ' do not ask the gate, such as nodes of an older release or psql.'
                  ELSE 'Write to a node of release ' || coalesce(gate.active, 'none') || '.' END;
            END $gate$""";

    /*
     * Statement triggers: what they cost is per statement, and rows deleted by cascade come as statements of their own.
     * ALWAYS: a session_replication_role must not switch them off. Triggers that are there already are left alone, so
     * that running this again takes no lock. BEFORE statement triggers run by name. A transaction that has locked the gate
     * itself and says so is not asked again.
     */
    private static final String INSTALL = """
            CREATE OR REPLACE FUNCTION drawbridge_install(config_table text) RETURNS void LANGUAGE plpgsql
              SET search_path = @schema@, pg_catalog, pg_temp AS $install$
            DECLARE
              entity regclass := to_regclass(quote_ident(config_table));
              key text;
              part text[];
            BEGIN
              IF entity IS NULL THEN
                RETURN;
              END IF;
              key := CASE WHEN config_table = 'parameters' THEN 'key' ELSE 'id' END;
              FOREACH part SLICE 1 IN ARRAY ARRAY[
                ARRAY['drawbridge_gate',
                  'BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON %1$s',
                  'STATEMENT WHEN (coalesce(current_setting(''@passed@'', true), '''') <> txid_current()::text)'
                    || ' EXECUTE PROCEDURE %2$s.drawbridge_ask_gate()'],
                ARRAY['drawbridge_inserted',
                  'AFTER INSERT ON %1$s REFERENCING NEW TABLE AS drawbridge_rows', 'STATEMENT EXECUTE PROCEDURE %2$s.drawbridge_capture(%3$L)'],
                ARRAY['drawbridge_updated',
                  'AFTER UPDATE ON %1$s REFERENCING NEW TABLE AS drawbridge_rows', 'STATEMENT EXECUTE PROCEDURE %2$s.drawbridge_capture(%3$L)'],
                ARRAY['drawbridge_deleted',
                  'AFTER DELETE ON %1$s REFERENCING OLD TABLE AS drawbridge_rows', 'STATEMENT EXECUTE PROCEDURE %2$s.drawbridge_capture(%3$L)'],
                ARRAY['drawbridge_truncated',
                  'AFTER TRUNCATE ON %1$s', 'STATEMENT EXECUTE PROCEDURE %2$s.drawbridge_capture(%3$L)'],
                ARRAY['drawbridge_moved',
                  'AFTER UPDATE ON %1$s', 'ROW WHEN (OLD.%4$I IS DISTINCT FROM NEW.%4$I) EXECUTE PROCEDURE %2$s.drawbridge_capture_moved(%3$L)']]
              LOOP
                IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = entity AND tgname = part[1]) THEN
                  EXECUTE format('CREATE TRIGGER ' || part[1] || ' ' || part[2] || ' FOR EACH ' || part[3],
                    entity, quote_ident(current_schema()), key, key);
                  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', entity, part[1]);
                END IF;
              END LOOP;
            END $install$""";

    private ChangeLog() {}

    /** Makes the functions in the schema that the connection works in. */
    static String functions() {
        return """
                DO $do$
                DECLARE
                  made text;
                BEGIN
                  FOREACH made IN ARRAY ARRAY[
                    $capture_fn$%s$capture_fn$,
                    $moved_fn$%s$moved_fn$,
                    $gate_fn$%s$gate_fn$,
                    $install_fn$%s$install_fn$]
                  LOOP
                    EXECUTE replace(replace(replace(made,
                      '@changes@', quote_ident(current_schema()) || '.drawbridge_changes'),
                      '@gate@', quote_ident(current_schema()) || '.drawbridge_gate'),
                      '@schema@', quote_ident(current_schema()));
                  END LOOP;
                END $do$""".formatted(CAPTURE, CAPTURE_MOVED, ASK_GATE, INSTALL.replace("@passed@", PostgresGate.PASSED));
    }
}
