package io.drawbridge.sync;

import static io.drawbridge.sync.Waiting.until;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.migration.Release;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Two control planes on one database, one of each release while an upgrade is open. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TwoControlPlanesIT {
    private static final Release OLD = Release.of(2, 4);
    private static final Release NEW = Release.of(2, 5);
    private static final AtomicInteger NAMES = new AtomicInteger();

    @TempDir
    private static Path folder;

    private static TestCluster cluster;
    private static TestCluster.Node old;
    private static TestCluster.Node young;

    @BeforeAll
    static void start() throws Exception {
        cluster = new TestCluster(folder, OLD);
        cluster.up(NEW);
        old = cluster.node(OLD);
        young = cluster.node(NEW);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    @Order(1)
    void fiftyChangesInASecond_areFewPushes_everyoneEndsOnTheNewest_andWhoMovesReloadsNothing() throws Exception {
        try (Swarm swarm = new Swarm(cluster.certificate, cluster.key)) {
            for (int i = 0; i < 50; i++) {
                TestCluster.Node at = i % 2 == 0 ? old : young;
                swarm.add(i % 3 == 0 ? "2.3.3" : "2.4.1", at::port);
            }
            until(() -> swarm.allHave(old.latest().digest()));
            List<Integer> before = payloads(swarm);

            try (Connection connection = cluster.database().connect();
                    Statement statement = connection.createStatement()) {
                statement.execute(TestCluster.writer(OLD));
                for (int i = 0; i < 50; i++) {
                    write(statement);
                    MILLISECONDS.sleep(20);
                }
            }
            until(() -> services(old) == 50 && services(young) == 50);
            String newest = young.latest().digest();
            assertThat(old.latest().digest()).as("equal whoever reads it").isEqualTo(newest);
            until(() -> swarm.allHave(newest));
            List<Integer> after = payloads(swarm);
            assertThat(IntStream.range(0, 50).map(i -> after.get(i) - before.get(i)))
                    .allMatch(pushes -> pushes >= 1 && pushes <= 4);

            for (int i = 0; i < 50; i++) {
                TestCluster.Node to = i % 2 == 0 ? young : old;
                swarm.planes().get(i).move(to::port);
            }
            until(() -> swarm.planes().stream().allMatch(plane -> plane.connections == 2));
            until(() -> acked(old) == 25 && acked(young) == 25);
            assertThat(payloads(swarm)).isEqualTo(after);
        }
    }

    @Test
    @Order(2)
    void tenThousandChangesInABurst_areFewPushes_andEndEqual() throws Exception {
        try (Swarm swarm = new Swarm(cluster.certificate, cluster.key)) {
            for (int i = 0; i < 10; i++) {
                TestCluster.Node at = i % 2 == 0 ? old : young;
                swarm.add("2.4.1", at::port);
            }
            until(() -> swarm.allHave(young.latest().digest()));
            List<Integer> before = payloads(swarm);
            int there = services(young);
            long start = System.nanoTime();
            CompletableFuture.allOf(IntStream.range(0, 8)
                            .mapToObj(writer -> CompletableFuture.runAsync(() -> burst(1250)))
                            .toArray(CompletableFuture[]::new))
                    .get(60, SECONDS);
            until(() -> services(old) == there + 10_000 && services(young) == there + 10_000);
            String newest = young.latest().digest();
            assertThat(old.latest().digest()).isEqualTo(newest);
            until(() -> swarm.allHave(newest));
            long seconds = (System.nanoTime() - start) / 1_000_000_000;
            List<Integer> after = payloads(swarm);
            assertThat(IntStream.range(0, 10).map(i -> after.get(i) - before.get(i)))
                    .allMatch(pushes -> pushes >= 1 && pushes <= 2 * seconds + 3);
        }
    }

    private static void burst(int count) {
        try (Connection connection = cluster.database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute(TestCluster.writer(OLD));
            for (int i = 0; i < count; i++) {
                write(statement);
            }
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    private static void write(Statement statement) throws SQLException {
        statement.execute("INSERT INTO services (id, name, host, port, protocol, ws_id)"
                + " SELECT md5(random()::text || clock_timestamp())::uuid, 's" + NAMES.incrementAndGet()
                + "', 'example.com', 80, 'http', id FROM workspaces");
    }

    private static int services(TestCluster.Node node) {
        return node.latest().all("services").size();
    }

    private static long acked(TestCluster.Node node) {
        return Waiting.await(node.plane.details()).values().stream()
                .filter(details -> details.getString("state").equals("acked"))
                .count();
    }

    private static List<Integer> payloads(Swarm swarm) {
        return swarm.planes().stream().map(plane -> plane.payloads).toList();
    }
}
