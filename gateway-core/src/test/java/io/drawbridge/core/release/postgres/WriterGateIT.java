package io.drawbridge.core.release.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** The database itself refuses writers whose turn it is not, also those that know nothing of the gate. */
class WriterGateIT extends LineTest {
    private static final String WRITE = "INSERT INTO services (id) VALUES (md5(random()::text)::uuid)";

    @Test
    void a_database_of_ours_takes_writes_of_its_release_only() {
        line.bootstrap(V2_4);

        writeAs("2.4/a", WRITE);
        refused("2.5/b", "release 2.5", "2.4");
        refused("2.1/b", "release 2.1", "2.4");
        refused(null, "drawbridge migrations foreign-writes on", "2.4");

        line.foreignWrites(true);
        writeAs(null, WRITE);
        line.foreignWrites(false);
        refused(null, "drawbridge migrations foreign-writes on", "2.4");
    }

    @Test
    void the_refusal_names_the_upgrade_with_an_sqlstate_of_its_own() throws SQLException {
        line.bootstrap(V2_4);
        line.up(V2_5);

        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.execute(WRITE))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            failure -> assertThat(failure.getSQLState()).isEqualTo("55000"))
                    .hasMessageContaining("upgrade from 2.4 to 2.5 is open")
                    .hasMessageContaining("drawbridge migrations foreign-writes on");
        }
    }

    @Test
    void each_state_of_the_gate_has_its_writers() {
        line.bootstrap(V2_4);
        line.up(V2_5);

        writeAs("2.4/a", WRITE);
        refused("2.5/b", "release 2.5", "from 2.4 to 2.5");
        refused(null, "foreign-writes on", "from 2.4 to 2.5");
        for (String state : new String[] {"FENCED", "CONTRACTING"}) {
            database.execute("UPDATE drawbridge_gate SET state = '" + state + "', foreign_writes = true");
            refused("2.4/a", "release 2.4", "is being finished");
            refused("2.5/b", "release 2.5", "is being finished");
            refused(null, "foreign-writes on", "is being finished");
            writeAs("migration/7", WRITE);
        }
        database.execute("UPDATE drawbridge_gate SET state = 'OPEN', foreign_writes = false");
        line.finish(V2_5);

        writeAs("2.5/b", WRITE);
        refused("2.4/a", "release 2.4", "2.5");
    }

    @Test
    void every_kind_of_statement_on_every_config_table_is_refused() {
        line.bootstrap(V2_5);
        for (String table : ChangeLog.CONFIG_TABLES) {
            refusedStatement("DELETE FROM " + table, table);
            refusedStatement("TRUNCATE " + table + " CASCADE", "");
            refusedStatement("UPDATE " + table + " SET created_at = created_at WHERE false", table);
        }
        database.execute("DELETE FROM oauth2_tokens", "DELETE FROM cluster_events", "TRUNCATE sessions");
    }

    /* A node's transaction locks the gate before it writes; asking twice would cost every write. */
    @Test
    void a_transaction_that_holds_the_gate_is_not_asked_again_and_no_other_passes_with_its_word() throws SQLException {
        line.bootstrap(V2_5);
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SELECT set_config('drawbridge.passed', txid_current()::text, false)");
            statement.execute(WRITE);
            connection.commit();

            assertThatThrownBy(() -> statement.execute(WRITE)).hasMessageContaining("foreign-writes on");
            connection.rollback();
            statement.execute("SELECT set_config('drawbridge.passed', '', false)");
            assertThatThrownBy(() -> statement.execute(WRITE)).hasMessageContaining("foreign-writes on");
        }
    }

    @Test
    void without_a_gate_row_nobody_writes() {
        line.bootstrap(V2_5);
        database.execute("DELETE FROM drawbridge_gate");

        refused("2.5/a", "no gate", "services");
    }

    @Test
    void a_transition_waits_for_writes_in_flight_and_later_ones_wait_for_it() throws Exception {
        line.bootstrap(V2_5);
        try (Connection writer = database.connect();
                Statement write = writer.createStatement();
                Connection mover = database.connect();
                Statement move = mover.createStatement()) {
            writer.setAutoCommit(false);
            write.execute("SELECT set_config('drawbridge.writer', '2.5/a', true)");
            write.execute(WRITE);
            mover.setAutoCommit(false);
            move.execute("SET lock_timeout = 200");
            assertThatThrownBy(() -> move.execute("LOCK TABLE drawbridge_gate IN EXCLUSIVE MODE"))
                    .hasMessageContaining("lock timeout");
            mover.rollback();
            writer.commit();

            move.execute("LOCK TABLE drawbridge_gate IN EXCLUSIVE MODE");
            move.execute("UPDATE drawbridge_gate SET state = 'FENCED', target = '2.6', gate_seq = gate_seq + 1");
            Thread late = new Thread(() -> refused("2.5/a", "being finished", "2.6"));
            Throwable[] thrown = new Throwable[1];
            late.setUncaughtExceptionHandler((thread, failure) -> thrown[0] = failure);
            late.start();
            while (value("SELECT count(*) FROM pg_locks WHERE NOT granted").equals("0")) {
                assertThat(late.isAlive()).as("waits for the transition").isTrue();
            }
            mover.commit();
            late.join(10_000);
            assertThat(thrown[0]).isNull();
        }
    }

    @Test
    void a_database_taken_over_lets_others_write_until_its_first_finish() {
        line.bootstrap(V2_4);
        forgetUs();

        line.upFrom(V2_5, V2_4);
        writeAs(null, WRITE);
        line.finish(V2_5);

        refused(null, "foreign-writes on", "2.5");
    }

    @Test
    void unless_it_is_told_to_keep_them() {
        line.bootstrap(V2_4);
        forgetUs();

        line.upFrom(V2_5, V2_4);
        line.finishKeepingForeignWriters(V2_5);

        writeAs(null, WRITE);
    }

    /** Makes the database one that Kong's own tools might have made. */
    private void forgetUs() {
        String tables = String.join(
                ", ", query("SELECT tablename FROM pg_tables WHERE tablename LIKE 'drawbridge_%' ORDER BY 1"));
        database.execute(
                "DELETE FROM schema_meta WHERE subsystem = 'drawbridge'",
                "DROP TABLE " + tables,
                "DROP FUNCTION drawbridge_capture, drawbridge_capture_moved, drawbridge_ask_gate,"
                        + " drawbridge_install CASCADE");
    }

    private void refused(String writer, String... words) {
        assertThatThrownBy(() -> writeAs(writer, WRITE))
                .hasMessageContainingAll(words)
                .hasMessageContaining("refused");
    }

    private void refusedStatement(String sql, String word) {
        assertThatThrownBy(() -> writeAs(null, sql)).as(sql).hasMessageContainingAll("refused", word);
    }
}
