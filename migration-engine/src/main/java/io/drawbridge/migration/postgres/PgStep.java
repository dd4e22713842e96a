package io.drawbridge.migration.postgres;

import io.drawbridge.migration.Step;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * What a migration can do on PostgreSQL. Every kind is fenced by the lease, waits for locks only as long as
 * {@code lock_timeout} allows and then tries again, and can be run twice. Relation names are not schema-qualified: the
 * connection's {@code search_path} decides. Immutable.
 */
public sealed interface PgStep extends Step {

    /** Statements in one transaction together with the journal entry. */
    record Statements(String name, List<String> sql, boolean whileOpen, String describe) implements PgStep {
        public Statements {
            Objects.requireNonNull(name, "name");
            sql = List.copyOf(sql);
        }
    }

    /**
     * An index built CONCURRENTLY, outside a transaction; an invalid leftover is dropped first. On a database without
     * data it is built plainly.
     *
     * @param on what follows {@code ON}, e.g. {@code plugins USING gin (tags)} or {@code routes (ws_id, name)}
     */
    record ConcurrentIndex(String name, String table, String index, boolean unique, String on) implements PgStep {
        @Override
        public String describe() {
            return "SHARE UPDATE EXCLUSIVE on " + table + ": builds index " + index + " concurrently";
        }
    }

    /**
     * A check or foreign key added NOT VALID, then validated in a second transaction. Does nothing if a constraint of
     * that name is there and valid.
     *
     * @param definition e.g. {@code FOREIGN KEY (ws_id) REFERENCES workspaces (id)}
     */
    record ValidatedConstraint(String name, String table, String constraint, String definition) implements PgStep {
        @Override
        public String describe() {
            return "SHARE ROW EXCLUSIVE on " + table + " for an instant, then SHARE UPDATE EXCLUSIVE: constraint "
                    + constraint;
        }
    }

    /**
     * Rows brought to a new form in batches by ascending key, each batch a transaction of its own with a durable cursor;
     * the batch size follows a time target.
     *
     * @param key the column that orders the rows: unique, not null, indexed
     * @param keyType its type, e.g. {@code uuid}
     * @param where which rows still have the old form; must be false for converted ones
     * @param set what follows {@code SET}
     */
    record Backfill(String name, String table, String key, String keyType, String where, String set, boolean whileOpen)
            implements PgStep {
        @Override
        public String describe() {
            return "ROW EXCLUSIVE on " + table + ": converts rows in batches";
        }
    }

    /**
     * A Java function on a fenced connection, inside the step's transaction.
     *
     * <p>The function must not commit, and must leave no statement running when its future completes.
     */
    record Call(String name, Function<SqlConnection, Future<Void>> function, boolean whileOpen, String describe)
            implements PgStep {}

    /** A read-only question of a check: its first column is text, one finding per row. */
    record Query(String name, String sql) implements PgStep {
        @Override
        public String describe() {
            return "reads";
        }
    }

    static PgStep statements(String name, String describe, String... sql) {
        return new Statements(name, List.of(sql), false, describe);
    }
}
