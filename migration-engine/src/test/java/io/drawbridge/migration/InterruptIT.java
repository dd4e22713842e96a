package io.drawbridge.migration;

import static io.drawbridge.migration.Waiting.assertError;
import static io.drawbridge.migration.Waiting.await;
import static io.drawbridge.migration.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.migration.postgres.EngineTables;
import io.drawbridge.migration.postgres.PgStep;
import io.drawbridge.migration.postgres.PostgresGate;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ctrl-C while a leader waits or works: it ends soon, nothing is half done, and the next one goes on. */
final class InterruptIT extends PostgresTest {
    private static final Duration SOON = Duration.ofMillis(2_500);

    @BeforeEach
    void atRelease1() {
        bootstrapped();
        sql("CREATE TABLE item (id bigint PRIMARY KEY, old text)");
    }

    @Test
    void interrupt_stepWaitsForALock_endsSoonAndTheNextGoesOn() {
        PgStep alter = PgStep.statements("alter", "ACCESS EXCLUSIVE", "ALTER TABLE item ADD COLUMN more text");
        SqlConnection reader = holding("SELECT count(*) FROM item");
        Migrator<PgStep> node = node("a", alter);
        Future<Outcome> up = node.up(UpOptions.standard());
        until(() -> running("query LIKE 'ALTER TABLE%' AND wait_event_type = 'Lock'") == 1);

        endsSoon(node, up);

        await(reader.close());
        goesOn(alter);
    }

    @Test
    void interrupt_longStatement_isCancelledAndTakenBack() {
        PgStep slow = PgStep.statements(
                "slow",
                "sleeps",
                "INSERT INTO item VALUES (1)",
                "SELECT pg_sleep(CASE WHEN (SELECT count(*) FROM world.data) = 0 THEN 30 ELSE 0 END)");
        Migrator<PgStep> node = node("a", slow);
        Future<Outcome> up = node.up(UpOptions.standard());
        until(() -> running("wait_event = 'PgSleep'") == 1);

        endsSoon(node, up);

        until(() -> running("wait_event = 'PgSleep'") == 0);
        assertThat(count("SELECT count(*) FROM item")).isZero();
        sql("INSERT INTO world.data VALUES ('fast', 'yes')");
        goesOn(slow);
    }

    @Test
    void interrupt_indexIsBeingBuilt_endsSoonAndTheNextBuildsIt() {
        PgStep index = new PgStep.ConcurrentIndex("index", "item", "item_old", false, "item (old)");
        SqlConnection reader = holding("SELECT count(*) FROM item");
        Migrator<PgStep> node = node("a", index);
        Future<Outcome> up = node.up(UpOptions.standard());
        until(() -> running("query LIKE 'CREATE INDEX CONC%' AND wait_event_type = 'Lock'") == 1);

        endsSoon(node, up);

        await(reader.close());
        goesOn(index);
        assertThat(count("SELECT count(*) FROM pg_index WHERE indexrelid = 'item_old'::regclass AND indisvalid"))
                .isEqualTo(1);
    }

    @Test
    void interrupt_gateWaitsForAWriterThatDoesNotEnd_endsSoon() {
        SqlConnection writer = holding("SELECT 1");
        await(new PostgresGate(EngineTables.standard()).lock(writer));
        Migrator<PgStep> node = node("a");
        Future<Outcome> up = node.up(UpOptions.standard());
        until(() -> running("query LIKE 'LOCK TABLE drawbridge_gate%' AND wait_event_type = 'Lock'") == 1);

        endsSoon(node, up);

        await(writer.close());
        goesOn();
    }

    private SqlConnection holding(String sql) {
        SqlConnection connection = await(PgConnection.connect(vertx, world.connectOptions()));
        await(connection.query("BEGIN ISOLATION LEVEL REPEATABLE READ; " + sql).execute());
        return connection;
    }

    private void endsSoon(Migrator<PgStep> node, Future<Outcome> operation) {
        long start = System.nanoTime();
        node.interrupt();
        until(operation::isComplete);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
        assertError(MigrationError.INTERRUPTED, () -> await(operation));
        assertThat(await(node.status()).running())
                .as("an interruption is not a failure of the step")
                .allMatch(entry -> entry.failure() == null);
    }

    private void goesOn(PgStep... steps) {
        assertThat(await(node("b", steps).up(UpOptions.standard())).gate()).hasToString("OPEN(1.0,2.0)");
    }
}
