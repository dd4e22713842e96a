package io.drawbridge.admin;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.admin.AdminNode.Answer;
import io.drawbridge.migration.Release;
import io.drawbridge.postgres.Database;
import io.drawbridge.postgres.PostgresServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What clients see while the database is away, and when it is back. */
final class DatabaseAwayIT {
    @Test
    void databaseRestarts_underWriters_503ThenRecovers_nothingAcknowledgedIsLost() throws Exception {
        try (PostgresServer postgres = PostgresServer.temporary(Map.of())) {
            Database database = postgres.createDatabase();
            AdminNode node = new AdminNode(database, Release.of(2, 5)).start(true);
            Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
            Set<Integer> others = java.util.concurrent.ConcurrentHashMap.newKeySet();
            AtomicBoolean over = new AtomicBoolean();
            List<Thread> writers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Thread writer = new Thread(() -> {
                    while (!over.get()) {
                        Answer answer = node.json("POST", "/services", "{'host':'a'}");
                        if (answer.status() == 201) {
                            acknowledged.add(answer.json().getString("id"));
                        } else {
                            others.add(answer.status());
                        }
                    }
                });
                writers.add(writer);
                writer.start();
            }
            MILLISECONDS.sleep(500);
            postgres.stop(true);
            MILLISECONDS.sleep(700);

            Answer refused = node.json("POST", "/services", "{'host':'a'}");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.json().getInteger("code")).isEqualTo(102);
            assertThat(refused.json().getString("message")).contains("database");
            assertThat(refused.header("Retry-After")).isEqualTo("1");
            assertThat(refused.header("X-Gateway-Write-Gate")).isEqualTo("closed");
            assertThat(refused.header("X-Gateway-Active-Release")).isEqualTo("unknown");
            assertThat(node.get("/services").status()).isEqualTo(503);
            assertThat(node.get("/migrations").status()).isEqualTo(503);
            assertThat(node.get("/cluster/members").status()).isEqualTo(503);
            assertThat(node.get("/").status()).isEqualTo(200);
            assertThat(node.get("/status").json().getJsonObject("database").getBoolean("reachable"))
                    .isFalse();

            postgres.start();
            int before = acknowledged.size();
            long deadline = System.nanoTime() + SECONDS.toNanos(20);
            while (acknowledged.size() < before + 50) {
                assertThat(System.nanoTime()).as("recovers by itself").isLessThan(deadline);
                MILLISECONDS.sleep(20);
            }
            over.set(true);
            for (Thread writer : writers) {
                writer.join();
            }
            assertThat(database.query("SELECT id FROM services")).containsAll(acknowledged);
            assertThat(others)
                    .as("503: not done; 504: not known")
                    .isSubsetOf(503, 504)
                    .contains(503);
            node.close();
        }
    }

    @Test
    void moreAtOnceThanBounded_refusedNotQueued() throws Exception {
        try (PostgresServer postgres = PostgresServer.temporary()) {
            Database database = postgres.createDatabase();
            AdminNode node = new AdminNode(
                            database, Release.of(2, 5), options -> options.bounds(2, options.bodyBytesMax()))
                    .start(true);
            try (java.sql.Connection other = database.connect()) {
                other.setAutoCommit(false);
                other.createStatement().execute("LOCK TABLE services IN ACCESS EXCLUSIVE MODE");
                List<Thread> waiting = new ArrayList<>();
                for (int i = 0; i < 2; i++) {
                    Thread thread = new Thread(() -> node.json("POST", "/services", "{'host':'a'}"));
                    waiting.add(thread);
                    thread.start();
                }
                long deadline = System.nanoTime() + SECONDS.toNanos(5);
                while (!database.query("SELECT count(*) FROM pg_locks WHERE NOT granted")
                        .equals(List.of("2"))) {
                    assertThat(System.nanoTime()).isLessThan(deadline);
                    MILLISECONDS.sleep(10);
                }
                assertThat(node.get("/").status()).isEqualTo(503);
                other.rollback();
                for (Thread thread : waiting) {
                    thread.join();
                }
            }
            assertThat(node.get("/services").json().getJsonArray("data")).hasSize(2);
            node.close();
        }
    }
}
