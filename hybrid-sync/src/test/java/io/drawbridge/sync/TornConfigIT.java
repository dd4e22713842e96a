package io.drawbridge.sync;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.migration.Release;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Services and routes come and go while a data plane, as strict as Kong's, takes what it is pushed: never a route without its
 * service. 20 s; {@code -Dtorn.seconds=60} for longer.
 */
class TornConfigIT {
    private static final Release RELEASE = Release.of(2, 5);

    @TempDir
    private Path folder;

    @Test
    void servicesAndRoutesAreWrittenConcurrently_noDataPlaneEverGetsHalf() throws Exception {
        long end = System.nanoTime() + SECONDS.toNanos(Integer.getInteger("torn.seconds", 20));
        AtomicBoolean over = new AtomicBoolean();
        List<String> rejections = new ArrayList<>();
        int pushes = 0;
        int seen = 0;
        try (TestCluster cluster = new TestCluster(folder, RELEASE)) {
            TestCluster.Node node = cluster.node(RELEASE);
            CompletableFuture<?> writers = CompletableFuture.allOf(IntStream.range(0, 6)
                    .mapToObj(number -> CompletableFuture.runAsync(() -> write(cluster, number, over)))
                    .toArray(CompletableFuture[]::new));
            try (FakeDataPlane dataPlane =
                    FakeDataPlane.connect(node.port(), cluster.certificate, cluster.key, UUID.randomUUID(), "2.5.1")) {
                dataPlane.ping(FakeDataPlane.NOTHING);
                while (System.nanoTime() < end) {
                    JsonObject message = dataPlane.nextData().message();
                    JsonObject config = message.getJsonObject("config_table");
                    rejections.addAll(dangling(config));
                    seen = Math.max(
                            seen, config.getJsonArray("routes", new JsonArray()).size());
                    pushes++;
                    dataPlane.ping(message.getString("config_hash"));
                }
            } finally {
                over.set(true);
                writers.get(20, SECONDS);
            }
        }
        assertThat(pushes).as("it was a moving target").isGreaterThan(5);
        assertThat(seen).as("with routes in it").isGreaterThan(5);
        assertThat(rejections).isEmpty();
    }

    /** What Kong refuses the whole configuration for. */
    private static List<String> dangling(JsonObject config) {
        Set<String> there = new HashSet<>();
        config.getJsonArray("services", new JsonArray())
                .forEach(service -> there.add(((JsonObject) service).getString("id")));
        List<String> wrong = new ArrayList<>();
        config.getJsonArray("routes", new JsonArray()).forEach(each -> {
            JsonObject route = (JsonObject) each;
            if (!there.contains(route.getString("service"))) {
                wrong.add("route " + route.getString("id") + " refers to service " + route.getString("service"));
            }
        });
        return wrong;
    }

    private static void write(TestCluster cluster, int number, AtomicBoolean over) {
        Random random = new Random(number);
        try (Connection connection = cluster.database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute(TestCluster.writer(RELEASE));
            while (!over.get()) {
                UUID service = new UUID(random.nextLong(), random.nextLong());
                boolean together = random.nextBoolean();
                connection.setAutoCommit(!together);
                statement.execute("INSERT INTO services (id, name, host, port, protocol, ws_id) SELECT '" + service
                        + "', 's" + service + "', 'example.com', 80, 'http', id FROM workspaces");
                statement.execute("INSERT INTO routes (id, name, paths, service_id, protocols, ws_id) SELECT '"
                        + new UUID(random.nextLong(), random.nextLong()) + "', 'r" + service + "', '{/" + service
                        + "}', '" + service + "', '{http}', id FROM workspaces");
                if (random.nextInt(3) > 0) {
                    statement.execute("DELETE FROM routes WHERE service_id = '" + service + "'");
                    statement.execute("DELETE FROM services WHERE id = '" + service + "'");
                }
                if (together) {
                    connection.commit();
                }
                MILLISECONDS.sleep(random.nextInt(20));
            }
        } catch (SQLException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
