package io.drawbridge.core.config.postgres;

import static io.drawbridge.core.store.GatewayDatabase.await;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.core.config.Change;
import io.drawbridge.core.config.Changes;
import io.drawbridge.core.config.SequencerOptions;
import io.drawbridge.core.store.GatewayDatabase;
import io.drawbridge.migration.postgres.EngineTables;
import io.vertx.pgclient.PgConnectOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

final class ChangeSequencerIT {
    private static final long SEED = Long.getLong("drawbridge.fuzz.seed", 20261124L);
    private static final boolean CHAOS = Boolean.getBoolean("drawbridge.chaos");
    private static final String TAG = "SET drawbridge.writer = '2.5/test'";

    @Test
    void writers16_sequencersKilledAtRandom_nothingMissedNothingTwice() throws Exception {
        try (GatewayDatabase database = GatewayDatabase.at(GatewayDatabase.NEWEST)) {
            database.sql()
                    .execute(
                            "CREATE TABLE twice (seq bigint)",
                            "CREATE FUNCTION note_twice() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO twice"
                                    + " VALUES (OLD.seq); RETURN NULL; END'",
                            "CREATE TRIGGER note_twice AFTER UPDATE ON drawbridge_changes FOR EACH ROW"
                                    + " WHEN (OLD.revision IS NOT NULL) EXECUTE FUNCTION note_twice()");
            LogReader reader = new LogReader(database);
            WriterLoad load = new WriterLoad(database, SEED);
            Random random = new Random(SEED);
            List<SequencerNode> nodes =
                    new ArrayList<>(List.of(new SequencerNode(database, "a"), new SequencerNode(database, "b")));
            long end = System.nanoTime() + SECONDS.toNanos(CHAOS ? 60 : 12);
            int kills = 0;
            while (System.nanoTime() < end) {
                MILLISECONDS.sleep(100 + random.nextInt(900));
                switch (random.nextInt(3)) {
                    case 0 ->
                        database.sql()
                                .execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname ="
                                        + " current_database() AND application_name = 'drawbridge-sequencer'");
                    case 1 ->
                        database.sql()
                                .execute(
                                        "UPDATE drawbridge_lease SET expires_at = '-infinity' WHERE name = 'sequencer'");
                    default -> {
                        /* The process is gone: no lease given back, nothing said. */
                        nodes.remove(0).abandon();
                        nodes.add(new SequencerNode(database, "n" + kills));
                    }
                }
                kills++;
            }
            load.stop();
            waitUntil(() -> database.sql()
                    .query("SELECT count(*) FROM drawbridge_changes WHERE revision IS NULL")
                    .equals(List.of("0")));
            List<String> newest = database.sql().query("SELECT revision FROM drawbridge_revision");
            waitUntil(() -> reader.position.revision() == Long.parseLong(newest.get(0)));
            reader.stop();

            assertThat(kills).isGreaterThan(5);
            assertThat(load.committed()).hasSizeGreaterThan(1000);
            assertThat(database.sql().query("SELECT count(*) FROM twice"))
                    .as("numbered twice")
                    .containsExactly("0");
            assertThat(database.sql().query("SELECT count(DISTINCT revision) FROM drawbridge_changes"))
                    .as("revisions are contiguous")
                    .isEqualTo(newest);
            assertThat(
                            database.sql()
                                    .query(
                                            "SELECT xid FROM drawbridge_changes GROUP BY xid HAVING count(DISTINCT revision) > 1"))
                    .as("no transaction is cut")
                    .isEmpty();
            assertThat(reader.perRevision)
                    .as("what a reader was told of a revision is all that there ever is of it")
                    .isEqualTo(counts(database));
            assertThat(reader.services)
                    .as("replaying the rows that changed gives the rows that are there")
                    .containsExactlyInAnyOrderElementsOf(database.sql().query("SELECT id FROM services"));
            assertThat(database.sql().query("SELECT id FROM services"))
                    .containsExactlyInAnyOrderElementsOf(load.committed());
            assertThat(load.heldOpen())
                    .as("a transaction was held open for 3 s")
                    .isTrue();
            for (SequencerNode node : nodes) {
                node.stop();
            }
        }
    }

    @Test
    void idle_writesNothing_hintIsFollowedAtOnce() throws Exception {
        try (GatewayDatabase database = GatewayDatabase.at(GatewayDatabase.NEWEST)) {
            prime(database);
            SequencerNode node = new SequencerNode(
                    database, "a", SequencerOptions.defaults().pacing(Duration.ofMillis(1500), Duration.ofMillis(25)));
            waitUntil(() -> !node.revisions.isEmpty());
            MILLISECONDS.sleep(200);
            node.revisions.clear();
            database.sql().execute(TAG + "; INSERT INTO services (id, name) VALUES (md5('x')::uuid, 'x')");
            long start = System.nanoTime();
            node.sequencer.hint();
            waitUntil(() -> !node.revisions.isEmpty());
            assertThat(System.nanoTime() - start).isLessThan(MILLISECONDS.toNanos(500));
            String before =
                    database.sql().query("SELECT xmin FROM drawbridge_revision").get(0);
            MILLISECONDS.sleep(2000);
            assertThat(database.sql().query("SELECT xmin FROM drawbridge_revision"))
                    .containsExactly(before);
            node.stop();
        }
    }

    /* The lease is renewed on other connections: a sequencer that waited for ever on its own would keep all others out. */
    @Test
    void connectionVanishes_numberingGoesOn() throws Exception {
        try (GatewayDatabase database = GatewayDatabase.at(GatewayDatabase.NEWEST);
                VanishingProxy proxy = new VanishingProxy(database.connect())) {
            prime(database);
            SequencerNode node = new SequencerNode(
                    database, "a", SequencerOptions.defaults().bounding(Duration.ofSeconds(1)), proxy.connect());
            waitUntil(() -> !node.revisions.isEmpty());
            node.revisions.clear();
            proxy.vanish();
            database.sql().execute(TAG + "; INSERT INTO services (id, name) VALUES (md5('x')::uuid, 'x')");
            waitUntil(() -> !node.revisions.isEmpty());
            node.stop();
        }
    }

    /* A numbering is a commit; one per write would compete with the writers for the disk. */
    @Test
    void writesInARow_shareRevisions() throws Exception {
        try (GatewayDatabase database = GatewayDatabase.at(GatewayDatabase.NEWEST)) {
            prime(database);
            SequencerNode node = new SequencerNode(
                    database, "a", SequencerOptions.defaults().pacing(Duration.ofMillis(1500), Duration.ofMillis(400)));
            waitUntil(() -> !node.revisions.isEmpty());
            node.revisions.clear();
            for (int i = 0; i < 50; i++) {
                database.sql().execute(TAG + "; INSERT INTO services (id) SELECT md5(random()::text)::uuid");
                node.sequencer.hint();
            }
            waitUntil(() -> database.sql()
                    .query("SELECT count(*) FROM drawbridge_changes WHERE revision IS NULL")
                    .equals(List.of("0")));
            assertThat(node.revisions).hasSizeLessThan(25);
            node.stop();
        }
    }

    @Test
    void oldChanges_areTrimmedInBatches_readersThatLagReadAnew() throws Exception {
        try (GatewayDatabase database = GatewayDatabase.at(GatewayDatabase.NEWEST)) {
            SequencerNode node = new SequencerNode(
                    database, "a", SequencerOptions.defaults().trimming(Duration.ZERO, Duration.ofMillis(10), 7));
            for (int i = 0; i < 30; i++) {
                database.sql()
                        .execute(
                                TAG
                                        + "; INSERT INTO services (id) SELECT md5(random()::text)::uuid FROM generate_series(1, 3)");
                MILLISECONDS.sleep(20);
            }
            waitUntil(() -> database.sql()
                    .query("SELECT count(*) FROM drawbridge_changes WHERE revision IS NULL OR revision <"
                            + " (SELECT revision FROM drawbridge_revision)")
                    .equals(List.of("0")));
            assertThat(database.sql()
                            .query("SELECT count(*) FROM drawbridge_changes")
                            .get(0))
                    .isNotEqualTo("0");
            RevisionReader reader = new RevisionReader(node.pool, 100);
            Changes fromNothing = await(reader.since(Changes.Position.none()));
            assertThat(fromNothing.complete()).isFalse();
            Changes.Position newest = fromNothing.position();
            assertThat(await(reader.since(newest))).isEqualTo(new Changes(newest, true, List.of()));
            Changes.Position lagging = new Changes.Position(newest.incarnation(), newest.revision() - 1);
            assertThat(await(reader.since(lagging)).complete()).isFalse();
            Changes.Position elsewhere = new Changes.Position("another", newest.revision());
            assertThat(await(reader.since(elsewhere)).complete()).isFalse();
            Changes.Position ahead = new Changes.Position(newest.incarnation(), newest.revision() + 1);
            assertThat(await(reader.since(ahead)).complete()).isFalse();
            node.stop();
        }
    }

    /* A transaction held open for long is numbered late: its rows are older than those of revisions before it. */
    @Test
    void olderChangesOfALaterRevision_areNotTrimmedBeforeYoungerOnesOfAnEarlier() throws Exception {
        try (GatewayDatabase database = GatewayDatabase.at(GatewayDatabase.NEWEST)) {
            database.sql()
                    .execute(
                            "UPDATE drawbridge_revision SET revision = 7",
                            "DELETE FROM drawbridge_changes",
                            "INSERT INTO drawbridge_changes (xid, entity, op, revision, at) SELECT 1, 'x', 'U', r,"
                                    + " now() - CASE WHEN r IN (4, 6) THEN interval '2 hours' ELSE interval '0' END"
                                    + " FROM generate_series(4, 7) r, generate_series(1, 3)");
            SequencerNode node = new SequencerNode(
                    database, "a", SequencerOptions.defaults().trimming(Duration.ofHours(1), Duration.ofMillis(10), 5));
            waitUntil(() -> database.sql()
                    .query("SELECT min(revision) FROM drawbridge_changes")
                    .equals(List.of("5")));
            MILLISECONDS.sleep(200);
            assertThat(database.sql()
                            .query("SELECT revision || ' ' || count(*) FROM drawbridge_changes"
                                    + " GROUP BY revision ORDER BY revision"))
                    .containsExactly("5 3", "6 3", "7 3");
            node.stop();
        }
    }

    /* A planner that reads the whole log at every look would make an idle cluster busy. */
    @Test
    void longLog_isNotReadAtEveryLook() {
        try (GatewayDatabase database = GatewayDatabase.at(GatewayDatabase.NEWEST)) {
            database.sql()
                    .execute(
                            "INSERT INTO drawbridge_changes (xid, entity, op, revision)"
                                    + " SELECT 1, 'x', 'U', 3 FROM generate_series(1, 100000)",
                            "UPDATE drawbridge_revision SET revision = 3",
                            "VACUUM ANALYZE drawbridge_changes");
            SequencerSql sql = new SequencerSql(EngineTables.standard(), Duration.ofSeconds(1), Duration.ofSeconds(1));
            for (String statement : sql.regular()) {
                List<String> plan = database.sql().query("EXPLAIN " + statement);
                assertThat(plan).as(statement).noneMatch(line -> line.contains("Seq Scan on drawbridge_changes"));
            }
        }
    }

    @Test
    void reader_bound_cutsBetweenRevisionsOnly() throws Exception {
        try (GatewayDatabase database = GatewayDatabase.at(GatewayDatabase.NEWEST)) {
            prime(database);
            SequencerNode node = new SequencerNode(database, "a");
            waitUntil(() -> !node.revisions.isEmpty());
            Changes.Position start = await(new RevisionReader(node.pool, 100).since(Changes.Position.none()))
                    .position();
            for (int i = 0; i < 3; i++) {
                int known = node.revisions.size();
                database.sql()
                        .execute(
                                TAG
                                        + "; INSERT INTO services (id) SELECT md5(random()::text)::uuid FROM generate_series(1, 4)");
                waitUntil(() -> node.revisions.size() > known);
            }
            Changes all = await(new RevisionReader(node.pool, 100).since(start));
            assertThat(all.changes()).hasSize(12).allMatch(change -> change.op() == Change.Op.INSERTED);
            Changes two = await(new RevisionReader(node.pool, 10).since(start));
            assertThat(two.changes()).hasSize(8);
            assertThat(two.position().revision()).isEqualTo(start.revision() + 2);
            assertThat(await(new RevisionReader(node.pool, 3).since(start)).complete())
                    .isFalse();
            node.stop();
        }
    }

    @Test
    void restoredIntoAnotherServer_unnumberedChangesAreTaken_incarnationChanges() throws Exception {
        try (GatewayDatabase database = GatewayDatabase.at(GatewayDatabase.NEWEST)) {
            /* As a dump leaves it: transaction ids of the other server, far ahead of this one's. */
            database.sql()
                    .execute(
                            "UPDATE drawbridge_revision SET revision = 7, snapshot = '900000000:900000001:',"
                                    + " incarnation = 'old:12345/1'",
                            "DELETE FROM drawbridge_changes",
                            TAG + "; INSERT INTO services (id) VALUES (md5('x')::uuid)");
            SequencerNode node = new SequencerNode(database, "a");
            waitUntil(() -> node.revisions.contains(8L));
            database.sql().execute(TAG + "; INSERT INTO services (id) VALUES (md5('y')::uuid)");
            waitUntil(() -> node.revisions.contains(9L));
            assertThat(database.sql()
                            .query("SELECT incarnation FROM drawbridge_revision")
                            .get(0))
                    .doesNotStartWith("old")
                    .contains(":");
            node.stop();
        }
    }

    @Test
    void roleThatMayNotKnowTheServer_numbersAllTheSame() throws Exception {
        try (GatewayDatabase database = GatewayDatabase.at(GatewayDatabase.NEWEST)) {
            String role = "sequencer_" + database.sql().database();
            database.sql()
                    .execute(
                            "REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC",
                            "CREATE ROLE " + role + " LOGIN PASSWORD 'x'",
                            "GRANT ALL ON ALL TABLES IN SCHEMA public TO " + role);
            prime(database);
            PgConnectOptions connect =
                    new PgConnectOptions(database.connect()).setUser(role).setPassword("x");
            SequencerNode node = new SequencerNode(database, "a", SequencerOptions.defaults(), connect);
            waitUntil(() -> !node.revisions.isEmpty());
            node.stop();
            database.sql().execute("DROP OWNED BY " + role, "DROP ROLE " + role);
        }
    }

    /** A first revision, from which a reader can go on. */
    static void prime(GatewayDatabase database) {
        database.sql().execute(TAG + "; UPDATE workspaces SET comment = 'x'");
    }

    static void waitUntil(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            MILLISECONDS.sleep(10);
        }
    }

    static Map<Long, Integer> counts(GatewayDatabase database) {
        Map<Long, Integer> counts = new TreeMap<>();
        database.sql()
                .query("SELECT revision || ' ' || count(*) FROM drawbridge_changes GROUP BY revision")
                .forEach(line -> counts.put(
                        Long.valueOf(line.substring(0, line.indexOf(' '))),
                        Integer.valueOf(line.substring(line.indexOf(' ') + 1))));
        return counts;
    }
}
