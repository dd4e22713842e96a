package io.drawbridge.core.config.postgres;

import static io.drawbridge.core.store.GatewayDatabase.await;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.config.SourceOptions;
import io.drawbridge.core.store.GatewayDatabase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class StoreConfigSourceIT {
    private static final String TAG = "SET drawbridge.writer = '2.5/test'";
    private static final String WORKSPACE = "(SELECT id FROM workspaces WHERE name = 'default')";
    private static final AtomicInteger NAMES = new AtomicInteger();

    private static GatewayDatabase database;
    private static SequencerNode sequencer;
    private static Vertx vertx;

    @BeforeAll
    static void start() throws Exception {
        database = GatewayDatabase.at(GatewayDatabase.NEWEST);
        sequencer = new SequencerNode(database, "a");
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() throws Exception {
        sequencer.stop();
        await(vertx.close());
        database.close();
    }

    @Test
    void whatAnybodyWritesIsSeen() {
        StoreConfigSource source = source(snapshot -> {});
        UUID service = UUID.randomUUID();
        UUID route = UUID.randomUUID();
        database.sql().execute(TAG, insertService(service), insertRoute(route, service));
        ConfigSnapshot written = until(source, now -> now.find("routes", route).isPresent());
        assertThat(written.find("services", service))
                .hasValueSatisfying(found -> assertThat(found.get("host")).isEqualTo("example.com"));
        assertThat(written.find("routes", route).orElseThrow().reference("service"))
                .isEqualTo(service);

        database.sql().execute(TAG, "UPDATE services SET host = 'other' WHERE id = '" + service + "'");
        ConfigSnapshot updated = until(
                source,
                now -> now.find("services", service).orElseThrow().get("host").equals("other"));
        assertThat(updated.digest()).isNotEqualTo(written.digest());
        assertThat(written.find("services", service).orElseThrow().get("host"))
                .as("a snapshot does not change")
                .isEqualTo("example.com");

        database.sql().execute(TAG, "TRUNCATE services CASCADE");
        ConfigSnapshot emptied = until(source, now -> now.all("services").isEmpty());
        assertThat(emptied.all("routes")).isEmpty();
        await(source.stop());
    }

    @Test
    void entitiesOfAllWorkspaces_andTheMomentWhenAKeyEnds() {
        StoreConfigSource source = source(snapshot -> {});
        UUID consumer = UUID.randomUUID();
        UUID key = UUID.randomUUID();
        UUID workspace = UUID.randomUUID();
        long ends = System.currentTimeMillis() / 1000 + 1000;
        database.sql()
                .execute(
                        TAG,
                        "INSERT INTO workspaces (id, name) VALUES ('" + workspace + "', 'w" + NAMES.incrementAndGet()
                                + "')",
                        "INSERT INTO consumers (id, username, ws_id) VALUES ('" + consumer + "', 'in another', '"
                                + workspace + "')",
                        "INSERT INTO keyauth_credentials (id, key, consumer_id, ws_id, ttl) VALUES ('" + key + "', 'k"
                                + key + "', '" + consumer + "', '" + workspace + "', to_timestamp(" + ends + "))");
        ConfigSnapshot found =
                until(source, now -> now.find("keyauth_credentials", key).isPresent());
        assertThat(found.find("consumers", consumer)).isPresent();
        assertThat(found.find("keyauth_credentials", key).orElseThrow().get("ttl"))
                .isEqualTo(ends);
        String digest = found.digest();
        StoreConfigSource later = source(snapshot -> {});
        assertThat(later.latest().orElseThrow().digest())
                .as("time that passes is no change")
                .isEqualTo(digest);
        await(source.stop());
        await(later.stop());
    }

    @Test
    void aDatabaseThatIsAwayLeavesWhatThereIs_andIsFollowedAgain() {
        StoreConfigSource source = source(snapshot -> {});
        database.sql()
                .execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND application_name = 'drawbridge-config'");
        assertThat(source.latest()).isPresent();
        UUID service = UUID.randomUUID();
        database.sql().execute(TAG, insertService(service));
        until(source, now -> now.find("services", service).isPresent());
        assertThat(source.silence()).isLessThan(Duration.ofSeconds(2));
        await(source.stop());
    }

    @Test
    void neverARouteWithoutItsService_whileBothAreWrittenConcurrently() throws Exception {
        AtomicInteger torn = new AtomicInteger();
        Queue<String> digests = new ConcurrentLinkedQueue<>();
        StoreConfigSource source = source(snapshot -> {
            digests.add(snapshot.digest());
            snapshot.all("routes").forEach(route -> {
                if (snapshot.find("services", route.reference("service")).isEmpty()) {
                    torn.incrementAndGet();
                }
            });
        });
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger written = new AtomicInteger();
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread writer = new Thread(() -> {
                while (!stop.get()) {
                    UUID service = UUID.randomUUID();
                    database.sql().execute(TAG, insertService(service));
                    for (int route = 0; route < 3; route++) {
                        database.sql().execute(TAG, insertRoute(UUID.randomUUID(), service));
                    }
                    database.sql()
                            .execute(
                                    TAG,
                                    "BEGIN",
                                    "DELETE FROM routes WHERE service_id = '" + service + "'",
                                    "DELETE FROM services WHERE id = '" + service + "'",
                                    insertService(service),
                                    insertRoute(UUID.randomUUID(), service),
                                    "COMMIT");
                    written.incrementAndGet();
                }
            });
            writer.start();
            writers.add(writer);
        }
        SECONDS.sleep(Integer.getInteger("drawbridge.torn.seconds", 5));
        stop.set(true);
        for (Thread writer : writers) {
            writer.join();
        }
        assertThat(torn).hasValue(0);
        assertThat(written.get()).isGreaterThan(20);
        assertThat(digests).hasSizeGreaterThan(10);
        StoreConfigSource anew = source(snapshot -> {});
        String whole = anew.latest().orElseThrow().digest();
        until(source, now -> now.digest().equals(whole));
        await(source.stop());
        await(anew.stop());
    }

    private static StoreConfigSource source(Consumer<ConfigSnapshot> listener) {
        StoreConfigSource source = StoreConfigSource.create(
                vertx, database.connect(), GatewayDatabase.NEWEST, SourceOptions.defaults(), listener);
        await(source.start());
        return source;
    }

    private static ConfigSnapshot until(StoreConfigSource source, Predicate<ConfigSnapshot> wanted) {
        long end = System.nanoTime() + SECONDS.toNanos(15);
        while (!wanted.test(source.latest().orElseThrow())) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            try {
                MILLISECONDS.sleep(10);
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }
        return source.latest().orElseThrow();
    }

    private static String insertService(UUID id) {
        return "INSERT INTO services (id, name, host, protocol, port, ws_id) VALUES ('" + id + "', 's"
                + NAMES.incrementAndGet() + "', 'example.com', 'http', 80, " + WORKSPACE + ")";
    }

    private static String insertRoute(UUID id, UUID service) {
        return "INSERT INTO routes (id, name, paths, protocols, service_id, ws_id) VALUES ('" + id + "', 'r"
                + NAMES.incrementAndGet() + "', '{/a}', '{http}', '" + service + "', " + WORKSPACE + ")";
    }
}
