package io.drawbridge.core.release.postgres;

import io.drawbridge.migration.postgres.PgStep;
import java.util.ArrayList;
import java.util.List;

/**
 * How a table of single-workspace days becomes one whose rows belong to a workspace. Immutable.
 *
 * <p>While the upgrade is open both forms stand side by side: rows of old nodes land in the default workspace by a column
 * default, and the old unique and foreign keys stay, since old nodes upsert and look up by them. Uniqueness per workspace
 * adds nothing as long as there is one workspace. {@code finish} drops the old keys and gives the new ones their names.
 *
 * @param table the table
 * @param uniques columns that were unique in the database and become unique within a workspace
 * @param parents foreign keys that come to include the workspace
 */
record WorkspaceTable(String table, List<String> uniques, List<Parent> parents) {
    private static final String BRIEF = " for an instant: ";

    /**
     * A foreign key.
     *
     * @param column the referring column
     * @param table what it refers to, by id
     * @param action what follows the reference, e.g. {@code ON DELETE CASCADE}; may be empty
     */
    record Parent(String column, String table, String action) {}

    WorkspaceTable {
        uniques = List.copyOf(uniques);
        parents = List.copyOf(parents);
    }

    static WorkspaceTable of(String table, String... uniques) {
        return new WorkspaceTable(table, List.of(uniques), List.of());
    }

    WorkspaceTable under(String column, String parent) {
        return with(new Parent(column, parent, ""));
    }

    WorkspaceTable ownedBy(String column, String parent) {
        return with(new Parent(column, parent, " ON DELETE CASCADE"));
    }

    private WorkspaceTable with(Parent parent) {
        List<Parent> more = new ArrayList<>(parents);
        more.add(parent);
        return new WorkspaceTable(table, uniques, more);
    }

    List<PgStep> expand() {
        List<PgStep> steps = new ArrayList<>();
        steps.add(Ddl.run("ws_id of " + table, "ACCESS EXCLUSIVE on " + table + BRIEF + "column ws_id", addColumn()));
        steps.add(Ddl.uniqueIndex(table, idUnique(), "id, ws_id"));
        steps.add(Ddl.uniqueConstraint(table, idUnique()));
        for (String column : uniques) {
            steps.add(Ddl.uniqueIndex(table, newUnique(column), "ws_id, " + column));
            steps.add(Ddl.uniqueConstraint(table, newUnique(column)));
        }
        steps.add(Ddl.foreignKey(table, table + "_ws_id_fkey", "(ws_id) REFERENCES workspaces (id)"));
        for (Parent parent : parents) {
            steps.add(Ddl.foreignKey(
                    table,
                    "drawbridge_" + key(parent),
                    "(" + parent.column() + ", ws_id) REFERENCES " + parent.table() + " (id, ws_id)"
                            + parent.action()));
        }
        return List.copyOf(steps);
    }

    /** Rows that got no workspace: written with an explicit NULL, or by an old node after an earlier finish. */
    PgStep repair() {
        return Ddl.runWhileOpen(
                "workspace of " + table,
                "ROW EXCLUSIVE on " + table + ": rows without a workspace go to the default one",
                "UPDATE " + table + " SET ws_id = " + Ddl.DEFAULT_WORKSPACE + " WHERE ws_id IS NULL");
    }

    PgStep contract() {
        List<String> sql = new ArrayList<>();
        sql.add(lockParentsFirst());
        sql.add("ALTER TABLE " + table + " ALTER COLUMN ws_id DROP DEFAULT");
        uniques.forEach(column -> sql.add(Ddl.dropConstraint(table, oldUnique(column))));
        parents.forEach(parent -> sql.add(swap(parent)));
        return new PgStep.Statements(
                "old keys of " + table,
                sql,
                false,
                "ACCESS EXCLUSIVE on " + table + BRIEF + "drops the keys that know no workspace");
    }

    /** Back to single-workspace days, with the old keys even where another tool had dropped them already. */
    PgStep undo() {
        List<String> sql = new ArrayList<>();
        sql.add(lockParentsFirst());
        sql.add(Ddl.dropColumn(table, "ws_id"));
        uniques.forEach(column -> sql.add(Ddl.addConstraint(table, oldUnique(column), "UNIQUE (" + column + ")")));
        parents.forEach(parent -> sql.add(Ddl.addConstraint(
                table,
                key(parent),
                "FOREIGN KEY (" + parent.column() + ") REFERENCES " + parent.table() + " (id)" + parent.action())));
        return new PgStep.Statements(
                "workspace of " + table, sql, false, "ACCESS EXCLUSIVE on " + table + BRIEF + "drops column ws_id");
    }

    static List<PgStep> expand(List<WorkspaceTable> tables) {
        return tables.stream().flatMap(each -> each.expand().stream()).toList();
    }

    static List<PgStep> repair(List<WorkspaceTable> tables) {
        return tables.stream().map(WorkspaceTable::repair).toList();
    }

    static List<PgStep> contract(List<WorkspaceTable> tables) {
        return tables.stream().map(WorkspaceTable::contract).toList();
    }

    /** Children before their parents: the keys between them must go first. */
    static List<PgStep> undo(List<WorkspaceTable> tables) {
        List<PgStep> steps = new ArrayList<>();
        tables.forEach(each -> steps.add(0, each.undo()));
        return List.copyOf(steps);
    }

    /* Dropping a foreign key locks both tables; writers lock the parent before the child, so we must too. */
    private String lockParentsFirst() {
        List<String> tables = new ArrayList<>();
        parents.forEach(parent -> tables.add(parent.table()));
        tables.add(table);
        return "LOCK TABLE " + String.join(", ", tables) + " IN ACCESS EXCLUSIVE MODE";
    }

    private String addColumn() {
        return """
                DO $do$ BEGIN
                  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = '%1$s'::regclass
                                 AND attname = 'ws_id' AND NOT attisdropped) THEN
                    EXECUTE format('ALTER TABLE %1$s ADD COLUMN ws_id uuid DEFAULT %%L', %2$s);
                    IF to_regclass('drawbridge_changes') IS NOT NULL THEN
                      INSERT INTO drawbridge_changes (entity, op, writer)
                        VALUES ('%1$s', 'R', current_setting('drawbridge.writer', true));
                    END IF;
                  END IF;
                END $do$""".formatted(table, Ddl.DEFAULT_WORKSPACE);
    }

    private String swap(Parent parent) {
        return """
                DO $do$ BEGIN
                  IF EXISTS (SELECT FROM pg_constraint
                             WHERE conrelid = '%1$s'::regclass AND conname = 'drawbridge_%2$s') THEN
                    ALTER TABLE %1$s DROP CONSTRAINT IF EXISTS %2$s;
                    ALTER TABLE %1$s RENAME CONSTRAINT drawbridge_%2$s TO %2$s;
                  END IF;
                END $do$""".formatted(table, key(parent));
    }

    private String idUnique() {
        return table + "_id_ws_id_unique";
    }

    private String oldUnique(String column) {
        return table + "_" + column + "_key";
    }

    private String newUnique(String column) {
        return table + "_ws_id_" + column + "_unique";
    }

    private String key(Parent parent) {
        return table + "_" + parent.column() + "_fkey";
    }
}
