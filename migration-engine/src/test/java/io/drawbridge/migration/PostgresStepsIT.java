package io.drawbridge.migration;

import static io.drawbridge.migration.Waiting.assertError;
import static io.drawbridge.migration.Waiting.await;
import static io.drawbridge.migration.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.migration.postgres.EngineTables;
import io.drawbridge.migration.postgres.PgStep;
import io.drawbridge.migration.postgres.PostgresGate;
import io.drawbridge.migration.postgres.PostgresMigrationOptions;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What only a PostgreSQL can show: locks, indexes, constraints, statements that outlive their client. */
final class PostgresStepsIT extends PostgresTest {
    private static final PgStep.Backfill FILL =
            new PgStep.Backfill("fill", "item", "id", "bigint", "new IS NULL", "new = upper(old)", false);

    @BeforeEach
    void table() {
        sql("CREATE TABLE item (id bigint PRIMARY KEY, old text, new text)");
        sql("INSERT INTO item SELECT n, 'v' || n FROM generate_series(1, 5000) n");
        sql("ANALYZE item");
    }

    @Test
    void backfill_manyRows_convertsAllInBatchesWithADurableCursor() {
        bootstrapped();
        List<Long> seen = new ArrayList<>();
        MigrationListener listener = new MigrationListener() {
            @Override
            public void stepProgress(String migration, Step step, JournalEntry entry) {
                seen.add(entry.rowsDone());
                assertThat(entry.rowsTotal()).isGreaterThanOrEqualTo(5000);
            }
        };
        await(node("a", World.V2, inSmallBatches(), listener, FILL).up(UpOptions.standard()));

        assertThat(count("SELECT count(*) FROM item WHERE new = upper(old)")).isEqualTo(5000);
        assertThat(seen).hasSizeGreaterThan(5).isSorted();
    }

    @Test
    void backfill_leaderDiesInTheMiddle_heirGoesOnFromTheCursor() {
        bootstrapped();
        AtomicInteger batches = new AtomicInteger();
        DyingBackend<PgStep> dying = DyingBackend.dyingAt(vertx, inSmallBatches(), 14, true);
        Migrator<PgStep> victim = node("victim", dying.backend(), FILL);
        Future<Outcome> life = victim.up(UpOptions.standard());
        await(Future.any(life, dying.died()));
        long before = count("SELECT count(*) FROM item WHERE new IS NOT NULL");
        assertThat(before).isBetween(1L, 4999L);

        MigrationListener listener = new MigrationListener() {
            @Override
            public void stepProgress(String migration, Step step, JournalEntry entry) {
                batches.incrementAndGet();
                assertThat(entry.rowsDone()).isGreaterThan(before);
            }
        };
        await(node("heir", World.V2, inSmallBatches(), listener, FILL).up(UpOptions.standard()));
        assertThat(count("SELECT count(*) FROM item WHERE new = upper(old)")).isEqualTo(5000);
        assertThat(batches.get()).isPositive();
    }

    @Test
    void concurrentIndex_invalidLeftover_isRebuilt() {
        bootstrapped();
        sql("INSERT INTO item VALUES (6000, 'v1', null)");
        PgStep index = new PgStep.ConcurrentIndex("unique", "item", "item_old_unique", true, "item (old)");
        assertError(MigrationError.STEP_FAILED, () -> await(node("a", index).up(UpOptions.standard())));
        assertThat(
                        count(
                                "SELECT count(*) FROM pg_index WHERE indexrelid = 'item_old_unique'::regclass AND NOT indisvalid"))
                .isEqualTo(1);

        sql("DELETE FROM item WHERE id = 6000");
        await(node("a", index).up(UpOptions.standard()));
        assertThat(count("SELECT count(*) FROM pg_index WHERE indexrelid = 'item_old_unique'::regclass AND indisvalid"))
                .isEqualTo(1);
    }

    @Test
    void concurrentIndex_namesakeInAnotherSchema_isNeitherTakenForOursNorDropped() {
        sql("CREATE SCHEMA other; CREATE TABLE other.thing (old text); CREATE INDEX item_old ON other.thing (old)");
        sql("INSERT INTO item VALUES (6000, 'v1', null)");
        PgConnectOptions otherFirst =
                new PgConnectOptions(world.connectOptions()).addProperty("search_path", "other,public");
        await(node("boot", World.V1, world.connect(otherFirst), MigrationListener.NONE)
                .bootstrap());
        PgStep index = new PgStep.ConcurrentIndex("unique", "item", "item_old", true, "item (old)");
        Migrator<PgStep> node = node("a", world.connect(otherFirst), index);
        assertError(MigrationError.STEP_FAILED, () -> await(node.up(UpOptions.standard())));

        sql("DELETE FROM item WHERE id = 6000");
        await(node.up(UpOptions.standard()));
        assertThat(count("SELECT count(*) FROM pg_index WHERE indrelid = 'public.item'::regclass AND indisvalid AND"
                        + " indexrelid = 'public.item_old'::regclass"))
                .isEqualTo(1);
        assertThat(text("SELECT coalesce(to_regclass('other.item_old')::text, 'gone')"))
                .isNotEqualTo("gone");
    }

    /* The build waits for an older transaction; its backend is ended there, as by a crash of its client. */
    @Test
    void concurrentIndex_interruptedBuild_isDoneByTheNextAttempt() {
        bootstrapped();
        PgStep index = new PgStep.ConcurrentIndex("index", "item", "item_old", false, "item (old)");
        SqlConnection reader = await(world.pool().getConnection());
        await(reader.query("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM item")
                .execute());
        Future<Outcome> up = node("a", index).up(UpOptions.standard());
        until(() -> running("query LIKE 'CREATE INDEX CONC%' AND wait_event_type = 'Lock'") == 1);
        sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX CONC%'"
                + " AND datname = current_database()");
        await(reader.query("COMMIT").execute());
        await(reader.close());

        assertThat(await(up).gate()).hasToString("OPEN(1.0,2.0)");
        assertThat(count("SELECT count(*) FROM pg_index WHERE indexrelid = 'item_old'::regclass AND indisvalid"))
                .isEqualTo(1);
    }

    @Test
    void validatedConstraint_twice_isThereOnceAndValid() {
        bootstrapped();
        PgStep check = new PgStep.ValidatedConstraint("check", "item", "item_old_there", "CHECK (old IS NOT NULL)");
        PgStep again = new PgStep.ValidatedConstraint("again", "item", "item_old_there", "CHECK (old IS NOT NULL)");
        await(node("a", check, again).up(UpOptions.standard()));

        assertThat(count("SELECT count(*) FROM pg_constraint WHERE conname = 'item_old_there' AND convalidated"))
                .isEqualTo(1);
    }

    /* A reader holds the table; up wants an exclusive lock. Others must not queue behind it for long. */
    @Test
    void lockWait_longReader_othersHardlyNoticeAndStatusNamesTheBlocker() {
        bootstrapped();
        SqlConnection reader = await(world.pool().getConnection());
        await(reader.query("BEGIN; SELECT count(*) FROM item").execute());
        long readerPid = PgConnection.cast(reader).processId();
        PgStep alter = PgStep.statements("alter", "ACCESS EXCLUSIVE on item", "ALTER TABLE item ADD COLUMN more text");
        Future<Outcome> up = node("a", alter).up(UpOptions.standard());

        long worstNanos = 0;
        AtomicBoolean named = new AtomicBoolean();
        for (int i = 0; i < 60; i++) {
            long start = System.nanoTime();
            sql("SELECT 1 FROM item WHERE id = 7");
            worstNanos = Math.max(worstNanos, System.nanoTime() - start);
            await(Futures.pause(vertx, Duration.ofMillis(25)));
            String note = text("SELECT coalesce(note, '') FROM drawbridge_lease WHERE name = 'migrations'");
            named.compareAndSet(false, note.contains("pid " + readerPid));
        }
        assertThat(up.isComplete()).isFalse();
        assertThat(named).isTrue();
        assertThat(Duration.ofNanos(worstNanos)).isLessThan(Duration.ofMillis(450));

        await(reader.query("COMMIT").execute());
        await(reader.close());
        assertThat(await(up).gate()).hasToString("OPEN(1.0,2.0)");
    }

    /* The leader's process is gone, its statement is not: the heir ends it, and does not wait for it. */
    @Test
    void takeover_deadLeadersStatementRunsOn_isEndedWithinTtlAndPoll() {
        bootstrapped();
        sql("CREATE TABLE slow (n int)");
        PgStep slow = PgStep.statements(
                "slow",
                "sleeps",
                "INSERT INTO slow VALUES (1)",
                "SELECT pg_sleep(CASE WHEN (SELECT count(*) FROM"
                        + " world.data WHERE key = 'fast') = 0 THEN 30 ELSE 0 END)");
        AtomicBoolean killed = new AtomicBoolean();
        MigrationBackend<PgStep> silenced = silencedOnceSet(world.connect(), killed);
        Future<Outcome> never = node("victim", silenced, slow).up(UpOptions.standard());
        until(() -> running("wait_event = 'PgSleep'") == 1);
        killed.set(true);
        sql("INSERT INTO world.data VALUES ('fast', 'yes')");
        long start = System.nanoTime();
        await(node("heir", slow).up(UpOptions.standard()));

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        assertThat(count("SELECT count(*) FROM slow")).isEqualTo(1);
        assertThat(never.isComplete()).isFalse();
    }

    /* expires_at far ahead of the server's clock is what a clock that stepped back leaves behind. */
    @Test
    void takeover_databaseClockSteppedBack_happensAllTheSame() {
        bootstrapped();
        await(world.connect().acquire("migrations", "dead", "x", Duration.ofHours(1), null));
        long start = System.nanoTime();

        await(node("heir", FILL).up(UpOptions.standard()));

        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isGreaterThan(world.ttl().multipliedBy(3).dividedBy(2))
                .isLessThan(Duration.ofSeconds(10));
    }

    /* Sixteen writers that never pause; the gate must get through, and nobody may write after it closed. */
    @Test
    void transition_sixteenBusyWriters_isQuickAndDrains() {
        bootstrapped();
        sql("CREATE TABLE written (state text NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp())");
        PostgresGate gate = new PostgresGate(EngineTables.standard());
        AtomicBoolean go = new AtomicBoolean(true);
        AtomicInteger writes = new AtomicInteger();
        List<Future<Void>> writers = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            SqlConnection connection = await(PgConnection.connect(vertx, world.connectOptions()));
            writers.add(Futures.<Boolean>loop(
                            vertx,
                            () -> connection
                                    .query("BEGIN")
                                    .execute()
                                    .compose(begun -> gate.lock(connection))
                                    .compose(now -> connection
                                            .preparedQuery("INSERT INTO written (state) VALUES ($1)")
                                            .execute(Tuple.of(now.toString())))
                                    .compose(done -> connection.query("COMMIT").execute())
                                    .map(done -> {
                                        writes.incrementAndGet();
                                        return go.get() ? null : Boolean.TRUE;
                                    }))
                    .eventually(connection::close)
                    .mapEmpty());
        }
        until(() -> writes.get() > 200);
        MigrationBackend<PgStep> backend = world.connect();
        Lease lease = await(backend.acquire("migrations", "a", "x", Duration.ofSeconds(20), null))
                .orElseThrow();
        Gate now = await(backend.read()).gate();
        AtomicLong tookNanos = new AtomicLong(System.nanoTime());
        await(backend.transition(
                lease,
                now,
                now.to(Gate.State.EXPANDING, World.V1, World.V2),
                null,
                null,
                new MigrationBackend.AuditNote("a", World.V2, "test")));
        tookNanos.set(System.nanoTime() - tookNanos.get());
        int atMove = writes.get();
        until(() -> writes.get() > atMove + 200);
        go.set(false);
        await(Future.all(writers));

        assertThat(Duration.ofNanos(tookNanos.get())).isLessThan(Duration.ofSeconds(1));
        assertThat(count("SELECT count(*) FROM written WHERE state = 'STEADY(1.0)' AND at >"
                        + " (SELECT at FROM drawbridge_audit WHERE to_state LIKE 'EXPANDING%')"))
                .isZero();
        assertThat(count("SELECT count(*) FROM written WHERE state LIKE 'EXPANDING%'"))
                .isPositive();
    }

    @Test
    void migrate_twentyNodesAtOnce_onEmptyDatabase_allBecomeReady() {
        List<Future<Outcome>> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(node("n" + i, World.V1, world.connect(), MigrationListener.NONE)
                    .migrate());
        }
        await(Future.all(all));

        assertThat(all.stream().filter(each -> each.result().changed())).hasSize(1);
        assertThat(count("SELECT count(*) FROM drawbridge_audit WHERE to_state = 'STEADY(1.0)'"))
                .isEqualTo(1);
    }

    @Test
    void survey_foreignRelationInTheWay_createsNothing() {
        MigrationBackend<PgStep> backend = world.connect(
                world.connectOptions(), PostgresMigrationOptions.defaults().creating(List.of("item", "other")));
        Migrator<PgStep> node = node("a", World.V1, backend, MigrationListener.NONE);

        assertError(MigrationError.FOREIGN_DATABASE, () -> await(node.bootstrap()));
        assertThat(await(node.status()).inTheWay()).containsExactly("item");
        assertThat(count("SELECT count(*) FROM pg_class WHERE relname LIKE 'drawbridge%'"))
                .isZero();
    }

    private MigrationBackend<PgStep> inSmallBatches() {
        return world.connect(
                world.connectOptions(), PostgresMigrationOptions.defaults().batches(Duration.ofMillis(50), 500, 0));
    }

    @SuppressWarnings("unchecked")
    private static MigrationBackend<PgStep> silencedOnceSet(MigrationBackend<PgStep> real, AtomicBoolean silenced) {
        return (MigrationBackend<PgStep>) java.lang.reflect.Proxy.newProxyInstance(
                PostgresStepsIT.class.getClassLoader(),
                new Class<?>[] {MigrationBackend.class},
                (proxy, method, arguments) -> silenced.get() && method.getReturnType() == Future.class
                        ? io.vertx.core.Promise.promise().future()
                        : method.invoke(real, arguments));
    }
}
