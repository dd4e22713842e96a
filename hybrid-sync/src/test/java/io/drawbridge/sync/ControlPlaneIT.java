package io.drawbridge.sync;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drawbridge.core.config.Changes;
import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.store.DataPlaneRow;
import io.drawbridge.migration.Release;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlPlaneIT {
    private static final Release RELEASE = Release.of(2, 5);
    private static final EntityTypes TYPES = EntityTypes.at(RELEASE);

    @TempDir
    private static Path files;

    private static Path certificate;
    private static Path key;

    private final UUID id = UUID.randomUUID();
    private final InMemoryDataPlanes table = new InMemoryDataPlanes();
    private Vertx vertx;
    private ControlPlane plane;

    @BeforeAll
    static void certificates() throws IOException {
        certificate = files.resolve("cluster.crt");
        key = files.resolve("cluster.key");
        HybridCertificate.make(certificate, key, 10);
    }

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        start(Unfit.WITHHOLD);
    }

    private void start(Unfit unfit) {
        plane = new ControlPlane(
                vertx,
                SyncOptions.defaults("127.0.0.1", 0, ClusterTls.shared(certificate, key, List.of()), RELEASE)
                        .timing(Duration.ofMillis(400), Duration.ofSeconds(1), Duration.ofSeconds(5))
                        .unfit(unfit),
                table);
        await(plane.start());
    }

    @AfterEach
    void stop() throws Exception {
        await(plane.stop());
        await(vertx.close());
    }

    @Test
    void sendsWhatThereIs_thenWhatChanges_andKnowsWhenItIsThere() throws Exception {
        ConfigSnapshot one = config(1);
        await(plane.apply(one));
        try (FakeDataPlane dataPlane = FakeDataPlane.connect(plane.port(), certificate, key, id, "2.5.1")) {
            dataPlane.ping(FakeDataPlane.NOTHING);
            JsonObject first = dataPlane.nextData().message();
            assertThat(first.getString("type")).isEqualTo("reconfigure");
            assertThat(first.getString("config_hash")).isEqualTo(one.digest());
            JsonObject config = first.getJsonObject("config_table");
            assertThat(config.getString("_format_version")).isEqualTo("2.1");
            assertThat(config.getBoolean("_transform")).isFalse();
            assertThat(config.getJsonArray("services")).hasSize(1);
            JsonObject route = config.getJsonArray("routes").getJsonObject(0);
            assertThat(route.getString("service"))
                    .isEqualTo(config.getJsonArray("services").getJsonObject(0).getString("id"));
            assertThat(route.containsKey("methods")).as("nulls are there").isTrue();
            dataPlane.ping(one.digest());
            until(() -> row().hash().equals(one.digest()) && row().status().equals("normal"));
            assertThat(row().ip()).isEqualTo("127.0.0.1");
            assertThat(row().version()).isEqualTo("2.5.1");

            ConfigSnapshot two = config(2);
            await(plane.apply(two));
            JsonObject second = dataPlane.nextData().message();
            assertThat(second.getString("config_hash")).isEqualTo(two.digest());
            dataPlane.ping(two.digest());
            until(() -> state().equals("acked"));
        }
    }

    @Test
    void theClusterHasOneId_whichDataPlanesSince23AreTold() throws Exception {
        await(plane.apply(config(1)));
        for (Map.Entry<String, Boolean> each :
                Map.of("2.2.1", false, "2.3.3", true, "2.5.1", true).entrySet()) {
            try (FakeDataPlane dataPlane =
                    FakeDataPlane.connect(plane.port(), certificate, key, UUID.randomUUID(), each.getKey())) {
                JsonArray parameters = dataPlane
                        .nextData()
                        .message()
                        .getJsonObject("config_table")
                        .getJsonArray("parameters");
                assertThat(parameters == null ? "" : parameters.encode())
                        .as(each.getKey())
                        .isEqualTo(
                                each.getValue()
                                        ? "[{\"key\":\"cluster_id\",\"value\":\"" + InMemoryDataPlanes.CLUSTER + "\"}]"
                                        : "");
            }
        }
    }

    @Test
    void secondsThatAreLeftAreCountedWhenItIsSent_notWhenItWasMade() throws Exception {
        List<Entity> all = all(1);
        String consumer = UUID.randomUUID().toString();
        all.add(entity("consumers", Map.of("id", consumer, "username", "alice")));
        all.add(entity(
                "keyauth_credentials",
                Map.of(
                        "id",
                        UUID.randomUUID().toString(),
                        "key",
                        "secret",
                        "consumer",
                        Map.of("id", consumer),
                        "ttl",
                        System.currentTimeMillis() / 1000 + 1000)));
        await(plane.apply(ConfigSnapshot.of(new Changes.Position("one", 1), all)));
        long first = secondsLeft();
        until(() -> {
            try {
                return secondsLeft() <= first - 2;
            } catch (Exception failure) {
                throw new IllegalStateException(failure);
            }
        });
    }

    private long secondsLeft() throws Exception {
        try (FakeDataPlane dataPlane =
                FakeDataPlane.connect(plane.port(), certificate, key, UUID.randomUUID(), "2.5.1")) {
            dataPlane.ping(FakeDataPlane.NOTHING);
            return dataPlane
                    .nextData()
                    .message()
                    .getJsonObject("config_table")
                    .getJsonArray("keyauth_credentials")
                    .getJsonObject(0)
                    .getLong("ttl");
        }
    }

    @Test
    void aLargeConfigurationIsOneFrame() throws Exception {
        ConfigSnapshot large = config(20_000);
        await(plane.apply(large));
        try (FakeDataPlane dataPlane = FakeDataPlane.connect(plane.port(), certificate, key, id, "2.5.1")) {
            dataPlane.ping(FakeDataPlane.NOTHING);
            FakeDataPlane.Frame frame = dataPlane.nextData();
            assertThat(frame.data().length).isGreaterThan(200_000);
            assertThat(frame.message().getJsonObject("config_table").getJsonArray("routes"))
                    .hasSize(20_000);
        }
    }

    @Test
    void whoHasItAlreadyGetsNothing() throws Exception {
        ConfigSnapshot one = config(1);
        await(plane.apply(one));
        try (FakeDataPlane dataPlane = FakeDataPlane.connect(plane.port(), certificate, key, id, "2.5.1")) {
            dataPlane.ping(one.digest());
            assertThat(dataPlane.quietFor(700)).isTrue();
            until(() -> state().equals("acked"));
            await(plane.apply(ConfigSnapshot.of(new Changes.Position("one", 99), all(1))));
            assertThat(dataPlane.quietFor(500)).as("same content").isTrue();
        }
    }

    @Test
    void manyChangesAreFewPushes_andTheLastOneArrives() throws Exception {
        await(plane.apply(config(1)));
        try (FakeDataPlane dataPlane = FakeDataPlane.connect(plane.port(), certificate, key, id, "2.5.1")) {
            dataPlane.ping(FakeDataPlane.NOTHING);
            String hash = dataPlane.nextData().message().getString("config_hash");
            dataPlane.ping(hash);
            for (int i = 2; i <= 200; i++) {
                plane.apply(config(i));
            }
            String last = config(200).digest();
            int pushes = 0;
            while (!hash.equals(last)) {
                hash = dataPlane.nextData().message().getString("config_hash");
                pushes++;
                dataPlane.ping(hash);
            }
            assertThat(pushes).isBetween(1, 3);
            assertThat(dataPlane.quietFor(500)).isTrue();
        }
    }

    @Test
    void silentIsSeenAndTriedAgain() throws Exception {
        await(plane.apply(config(1)));
        try (FakeDataPlane dataPlane = FakeDataPlane.connect(plane.port(), certificate, key, id, "2.5.1")) {
            dataPlane.ping(FakeDataPlane.NOTHING);
            String first = dataPlane.nextData().message().getString("config_hash");
            until(() -> state().equals("silent"));
            assertThat(dataPlane.nextData().message().getString("config_hash")).isEqualTo(first);
            dataPlane.ping(first);
            until(() -> state().equals("acked"));
        }
    }

    @Test
    void refusedIsSeen_neverOfferedAgain_theNextOneIs() throws Exception {
        await(plane.apply(config(1)));
        try (FakeDataPlane dataPlane = FakeDataPlane.connect(plane.port(), certificate, key, id, "2.5.1")) {
            dataPlane.ping(FakeDataPlane.NOTHING);
            dataPlane.nextData();
            dataPlane.ping(FakeDataPlane.NOTHING);
            until(() -> state().equals("rejected"));
            dataPlane.ping(FakeDataPlane.NOTHING);
            assertThat(dataPlane.quietFor(700)).isTrue();
            await(plane.apply(config(2)));
            assertThat(dataPlane.nextData().message().getString("config_hash"))
                    .isEqualTo(config(2).digest());
            dataPlane.send(
                    2,
                    "{\"type\":\"error\",\"error\":{\"name\":\"declarative configuration parse failure\",\"message\":\"no\"}}"
                            .getBytes());
            until(() -> state().equals("rejected"));
            assertThat(await(plane.details()).get(id).getString("reason"))
                    .isEqualTo("declarative configuration parse failure: no");
        }
        try (FakeDataPlane again = FakeDataPlane.connect(plane.port(), certificate, key, id, "2.5.1")) {
            again.ping(FakeDataPlane.NOTHING);
            assertThat(again.quietFor(700)).as("not even after it came back").isTrue();
        }
    }

    @Test
    void oneThatDiesOfAConfigurationTwiceIsNotGivenItAgain() throws Exception {
        await(plane.apply(config(1)));
        for (int attempt = 0; attempt < 2; attempt++) {
            try (FakeDataPlane dataPlane = FakeDataPlane.connect(plane.port(), certificate, key, id, "2.5.1")) {
                dataPlane.ping(FakeDataPlane.NOTHING);
                dataPlane.nextData();
            }
            until(() -> await(plane.details()).isEmpty());
        }
        try (FakeDataPlane dataPlane = FakeDataPlane.connect(plane.port(), certificate, key, id, "2.5.1")) {
            dataPlane.ping(FakeDataPlane.NOTHING);
            assertThat(dataPlane.quietFor(700)).isTrue();
            assertThat(state()).isEqualTo("rejected");
        }
    }

    @Test
    void versionsThatDoNotGoTogetherAreRefused() throws Exception {
        for (String version : List.of("2.1000.0", "1.0.0", "3.4.0", "nonsense")) {
            UUID other = UUID.randomUUID();
            try (FakeDataPlane dataPlane = FakeDataPlane.connect(plane.port(), certificate, key, other, version)) {
                FakeDataPlane.Frame frame = dataPlane.nextData();
                assertThat(frame.isClose()).as(version).isTrue();
                assertThat(frame.closeCode()).isEqualTo(4001);
            }
            until(() -> table.rows.containsKey(other));
            assertThat(table.rows.get(other).status()).isEqualTo("kong_version_incompatible");
            assertThat(table.rows.get(other).hash()).isEqualTo(FakeDataPlane.NOTHING);
        }
        await(plane.apply(config(1)));
        for (String version : List.of("2.0.0", "2.5.1000", "2.5.0-enterprise-edition", "2.3.2.1")) {
            try (FakeDataPlane dataPlane =
                    FakeDataPlane.connect(plane.port(), certificate, key, UUID.randomUUID(), version)) {
                dataPlane.ping(FakeDataPlane.NOTHING);
                assertThat(dataPlane.nextData().message().getString("type"))
                        .as(version)
                        .isEqualTo("reconfigure");
            }
        }
    }

    @Test
    void pluginsThatADataPlaneLacksBlockIt_andItIsServedWhenTheyAreGone() throws Exception {
        List<Entity> all = all(1);
        all.add(entity("plugins", Map.of("id", UUID.randomUUID().toString(), "name", "key-auth", "enabled", true)));
        await(plane.apply(ConfigSnapshot.of(new Changes.Position("one", 1), all)));
        for (String has : List.of("banana", "key-auth@1.0.0", "key-auth@1000.0.0", "key-auth@2.1000.0")) {
            try (FakeDataPlane dataPlane = FakeDataPlane.open(plane.port(), certificate, key)) {
                dataPlane.upgrade("/v1/outlet?node_id=" + id + "&node_hostname=dp&node_version=2.5.1");
                dataPlane.hello(List.of(has));
                dataPlane.ping(FakeDataPlane.NOTHING);
                assertThat(dataPlane.next().isPong()).isTrue();
                assertThat(dataPlane.quietFor(500)).as(has).isTrue();
                assertThat(state()).isEqualTo("blocked");
                until(() -> row().status()
                        .equals(has.equals("banana") ? "plugin_set_incompatible" : "plugin_version_incompatible"));
            }
        }
        try (FakeDataPlane dataPlane = FakeDataPlane.open(plane.port(), certificate, key)) {
            dataPlane.upgrade("/v1/outlet?node_id=" + id + "&node_hostname=dp&node_version=2.5.1");
            dataPlane.hello(List.of("banana"));
            dataPlane.ping(FakeDataPlane.NOTHING);
            assertThat(dataPlane.quietFor(500)).isTrue();
            await(plane.apply(config(1)));
            assertThat(dataPlane.nextData().message().getString("config_hash"))
                    .isEqualTo(config(1).digest());
        }
    }

    @Test
    void pluginsThatADataPlaneLacks_areLeftOutIfTheOperatorWishes() throws Exception {
        await(plane.stop());
        start(Unfit.WITHHOLD_PLUGINS);
        List<Entity> all = all(2);
        UUID guarded = new UUID(2, 0);
        all.add(keyAuth(Map.of("id", guarded.toString())));
        ConfigSnapshot snapshot = ConfigSnapshot.of(new Changes.Position("one", 1), all);
        await(plane.apply(snapshot));
        try (FakeDataPlane dataPlane = lacking()) {
            JsonObject message = dataPlane.nextData().message();
            assertThat(message.getString("config_hash")).isEqualTo(snapshot.digest());
            JsonObject config = message.getJsonObject("config_table");
            assertThat(config.getJsonArray("routes")).hasSize(1);
            assertThat(config.getJsonArray("plugins", new JsonArray())).isEmpty();
            dataPlane.ping(snapshot.digest());
            until(() -> state().equals("acked") && row().status().equals("normal"));
            assertThat(await(plane.details()).get(id).getJsonArray("withheld"))
                    .anySatisfy(row ->
                            assertThat(((JsonObject) row).getString("id")).isEqualTo(guarded.toString()))
                    .hasSize(2);
        }
    }

    @Test
    void rowsThatADataPlaneRefuses_blockIfTheOperatorWishes() throws Exception {
        await(plane.stop());
        start(Unfit.BLOCK);
        List<Entity> all = all(1);
        Map<String, Object> limit =
                Map.of("name", "rate-limiting", "config", Map.of("policy", "cluster", "minute", 5L));
        Map<String, Object> row = new HashMap<>(limit);
        row.put("id", UUID.randomUUID().toString());
        all.add(entity("plugins", row));
        await(plane.apply(ConfigSnapshot.of(new Changes.Position("one", 1), all)));
        try (FakeDataPlane dataPlane = FakeDataPlane.connect(plane.port(), certificate, key, id, "2.5.1")) {
            dataPlane.ping(FakeDataPlane.NOTHING);
            assertThat(dataPlane.quietFor(500)).isTrue();
            assertThat(state()).isEqualTo("blocked");
            assertThat(await(plane.details()).get(id).getString("reason")).contains("needs a database");
            until(() -> row().status().equals("unknown"));
        }
    }

    private FakeDataPlane lacking() throws Exception {
        FakeDataPlane dataPlane = FakeDataPlane.open(plane.port(), certificate, key);
        dataPlane.upgrade("/v1/outlet?node_id=" + id + "&node_hostname=dp&node_version=2.5.1");
        dataPlane.hello(List.of("banana"));
        dataPlane.ping(FakeDataPlane.NOTHING);
        return dataPlane;
    }

    private static Entity keyAuth(Map<String, Object> route) {
        return entity(
                "plugins",
                Map.of("id", UUID.randomUUID().toString(), "name", "key-auth", "enabled", true, "route", route));
    }

    @Test
    void strangersAreTurnedAway() throws Exception {
        Path otherCertificate = files.resolve("other" + id + ".crt");
        Path otherKey = files.resolve("other" + id + ".key");
        HybridCertificate.make(otherCertificate, otherKey, 10);
        String uri = "/v1/outlet?node_id=" + id + "&node_hostname=dp&node_version=2.5.1";
        for (Path[] shown : new Path[][] {{null, null}, {otherCertificate, otherKey}}) {
            assertThatThrownBy(() -> {
                        try (FakeDataPlane stranger = FakeDataPlane.open(plane.port(), shown[0], shown[1])) {
                            stranger.upgrade(uri);
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
        assertThat(answer("/v1/wrpc?node_id=" + id)).contains("404");
        assertThat(answer("/v1/outlet?node_version=2.5.1")).contains("400");
        assertThat(answer("/v1/outlet?node_id=nonsense&node_version=2.5.1")).contains("400");
        assertThat(answer("/v1/outlet?node_id=" + id)).contains("400");
    }

    @Test
    void garbageEndsTheConnectionAndNothingElse() throws Exception {
        await(plane.apply(config(1)));
        for (byte[] garbage : List.of("{".getBytes(), "{\"type\":\"other\"}".getBytes(), new byte[60_000])) {
            try (FakeDataPlane stranger = FakeDataPlane.open(plane.port(), certificate, key)) {
                stranger.upgrade("/v1/outlet?node_id=" + UUID.randomUUID() + "&node_hostname=dp&node_version=2.5.1");
                stranger.send(2, garbage);
                assertThat(stranger.nextData().closeCode()).isEqualTo(4000);
            }
        }
        try (FakeDataPlane dataPlane = FakeDataPlane.connect(plane.port(), certificate, key, id, "2.5.1")) {
            dataPlane.ping(FakeDataPlane.NOTHING);
            assertThat(dataPlane.nextData().message().getString("type")).isEqualTo("reconfigure");
            dataPlane.send(2, "[]".getBytes());
            dataPlane.ping("short");
            dataPlane.ping(config(1).digest());
            until(() -> state().equals("acked"));
        }
    }

    private String answer(String uri) throws Exception {
        try (FakeDataPlane stranger = FakeDataPlane.open(plane.port(), certificate, key)) {
            String status = stranger.upgrade(uri);
            assertThatThrownBy(() -> {
                        while (true) {
                            stranger.next();
                        }
                    })
                    .as("the connection is closed after " + uri)
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(java.net.SocketTimeoutException.class);
            return status;
        }
    }

    private DataPlaneRow row() {
        return table.rows.getOrDefault(id, new DataPlaneRow(id, "", "", "", "", "", 0, 0));
    }

    private String state() {
        JsonObject details = await(plane.details()).get(id);
        return details == null ? "" : details.getString("state");
    }

    private static ConfigSnapshot config(int size) {
        return ConfigSnapshot.of(new Changes.Position("one", size), all(size));
    }

    private static List<Entity> all(int size) {
        List<Entity> all = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            String service = new UUID(1, i).toString();
            all.add(entity("services", Map.of("id", service, "name", "s" + i, "host", "example.com", "port", 80L)));
            all.add(entity(
                    "routes",
                    Map.of(
                            "id",
                            new UUID(2, i).toString(),
                            "name",
                            "r" + i,
                            "paths",
                            List.of("/" + i),
                            "service",
                            Map.of("id", service))));
        }
        return all;
    }

    private static Entity entity(String type, Map<String, Object> values) {
        return new Entity(TYPES.get(type), new HashMap<>(values));
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(20, SECONDS);
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            MILLISECONDS.sleep(20);
        }
    }
}
