package io.drawbridge.core.release.postgres;

import io.drawbridge.migration.Migration;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.postgres.PgStep;
import java.util.List;

/** Statements and steps that can be run twice. PostgreSQL has no IF NOT EXISTS for constraints and triggers. */
final class Ddl {
    /**
     * A random version 4 UUID; {@code gen_random_uuid} came with PostgreSQL 13 only.
     */
    static final String RANDOM_UUID =
            "overlay(overlay(md5(random()::text || clock_timestamp()::text || pg_backend_pid())"
                    + " placing '4' from 13) placing to_hex(8 + floor(random() * 4)::int) from 17)::uuid";

    /** The id of the default workspace. */
    static final String DEFAULT_WORKSPACE = "(SELECT id FROM workspaces WHERE name = 'default')";

    /** Default of {@code created_at} columns, whole seconds. */
    static final String NOW = "(CURRENT_TIMESTAMP(0) AT TIME ZONE 'UTC')";

    /** Default of {@code created_at} columns, milliseconds. */
    static final String NOW_MS = "(CURRENT_TIMESTAMP(3) AT TIME ZONE 'UTC')";

    private Ddl() {}

    /** A unit that only expands and that no hop of the line brings, so that no abort takes it back. */
    static Migration<PgStep> base(String subsystem, String name, Release since, PgStep... expand) {
        return Migration.expandOnly(subsystem, name, since, List.of(expand), List.of());
    }

    static PgStep run(String name, String describe, String... sql) {
        return PgStep.statements(name, describe, sql);
    }

    /** Statements that may run while nodes of the old release write. */
    static PgStep runWhileOpen(String name, String describe, String... sql) {
        return new PgStep.Statements(name, List.of(sql), true, describe);
    }

    static PgStep index(String table, String index, String on) {
        return new PgStep.ConcurrentIndex("index " + index, table, index, false, table + " " + on);
    }

    static PgStep uniqueIndex(String table, String index, String columns) {
        return new PgStep.ConcurrentIndex("index " + index, table, index, true, table + " (" + columns + ")");
    }

    /** Turns a unique index into a constraint of the same name. */
    static PgStep uniqueConstraint(String table, String constraint) {
        return run(
                "constraint " + constraint,
                "ACCESS EXCLUSIVE on " + table + " for an instant: index becomes constraint " + constraint,
                addConstraint(table, constraint, "UNIQUE USING INDEX " + constraint));
    }

    static PgStep foreignKey(String table, String constraint, String definition) {
        return new PgStep.ValidatedConstraint(
                "constraint " + constraint, table, constraint, "FOREIGN KEY " + definition);
    }

    static String addColumn(String table, String column, String type) {
        return "ALTER TABLE " + table + " ADD COLUMN IF NOT EXISTS " + column + " " + type;
    }

    static String dropColumn(String table, String column) {
        return "ALTER TABLE " + table + " DROP COLUMN IF EXISTS " + column;
    }

    static String addConstraint(String table, String constraint, String definition) {
        return """
                DO $do$ BEGIN
                  IF NOT EXISTS (SELECT FROM pg_constraint
                                 WHERE conrelid = '%1$s'::regclass AND conname = '%2$s') THEN
                    ALTER TABLE %1$s ADD CONSTRAINT %2$s %3$s;
                  END IF;
                END $do$""".formatted(table, constraint, definition);
    }

    static String dropConstraint(String table, String constraint) {
        return "ALTER TABLE " + table + " DROP CONSTRAINT IF EXISTS " + constraint;
    }

    /** The row trigger that keeps table {@code tags} in step with an entity's column of that name. */
    static String tagsTrigger(String table, String trigger) {
        return """
                DO $do$ BEGIN
                  IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = '%1$s'::regclass AND tgname = '%2$s') THEN
                    CREATE TRIGGER %2$s AFTER INSERT OR UPDATE OF tags OR DELETE ON %1$s
                      FOR EACH ROW EXECUTE PROCEDURE sync_tags();
                  END IF;
                END $do$""".formatted(table, trigger);
    }

    /** Column, index and trigger of an entity that gets tags. */
    static List<PgStep> tags(String table, String index, String trigger) {
        return List.of(
                run(
                        "tags of " + table,
                        "ACCESS EXCLUSIVE on " + table + " for an instant: column tags and its trigger",
                        addColumn(table, "tags", "text[]"),
                        tagsTrigger(table, trigger)),
                index(table, index, "USING gin (tags)"));
    }

    /**
     * Tells readers of the change log that rows of the table changed without a trigger seeing it, as a column with a
     * default does.
     */
    static String reload(String table) {
        return """
                DO $do$ BEGIN
                  IF to_regclass('drawbridge_changes') IS NOT NULL THEN
                    INSERT INTO drawbridge_changes (entity, op, writer)
                      VALUES ('%s', 'R', current_setting('drawbridge.writer', true));
                  END IF;
                END $do$""".formatted(table);
    }

    /** Gives a table the change capture and writer triggers, if this database has them by now. */
    static PgStep capture(String table) {
        return run(
                "triggers of " + table,
                "SHARE ROW EXCLUSIVE on " + table + " for an instant: change capture and writer triggers",
                """
                DO $do$ BEGIN
                  IF to_regprocedure('drawbridge_install(text)') IS NOT NULL THEN
                    PERFORM drawbridge_install('%s');
                  END IF;
                END $do$""".formatted(table));
    }
}
