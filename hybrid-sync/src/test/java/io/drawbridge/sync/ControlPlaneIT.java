package io.drawbridge.sync;

import static io.drawbridge.sync.Waiting.await;
import static io.drawbridge.sync.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drawbridge.core.config.Changes;
import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.entity.Entity;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What goes over the wire: pushes, answers, strangers. */
class ControlPlaneIT extends ControlPlaneFixture {
    @Test
    void sendsWhatThereIs_thenWhatChanges_andKnowsWhenItIsThere() throws Exception {
        ConfigSnapshot one = Configs.of(1);
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

            ConfigSnapshot two = Configs.of(2);
            await(plane.apply(two));
            JsonObject second = dataPlane.nextData().message();
            assertThat(second.getString("config_hash")).isEqualTo(two.digest());
            dataPlane.ping(two.digest());
            until(() -> state().equals("acked"));
        }
    }

    @Test
    void theClusterHasOneId_whichDataPlanesSince23AreTold() throws Exception {
        await(plane.apply(Configs.of(1)));
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
        List<Entity> all = Configs.all(1);
        String consumer = UUID.randomUUID().toString();
        all.add(raw("consumers", Map.of("id", consumer, "username", "alice")));
        all.add(raw(
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
        ConfigSnapshot large = Configs.of(20_000);
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
        ConfigSnapshot one = Configs.of(1);
        await(plane.apply(one));
        try (FakeDataPlane dataPlane = FakeDataPlane.connect(plane.port(), certificate, key, id, "2.5.1")) {
            dataPlane.ping(one.digest());
            assertThat(dataPlane.quietFor(700)).isTrue();
            until(() -> state().equals("acked"));
            await(plane.apply(ConfigSnapshot.of(new Changes.Position("one", 99), Configs.all(1))));
            assertThat(dataPlane.quietFor(500)).as("same content").isTrue();
        }
    }

    @Test
    void manyChangesAreFewPushes_andTheLastOneArrives() throws Exception {
        await(plane.apply(Configs.of(1)));
        try (FakeDataPlane dataPlane = FakeDataPlane.connect(plane.port(), certificate, key, id, "2.5.1")) {
            dataPlane.ping(FakeDataPlane.NOTHING);
            String hash = dataPlane.nextData().message().getString("config_hash");
            dataPlane.ping(hash);
            for (int i = 2; i <= 200; i++) {
                plane.apply(Configs.of(i));
            }
            String last = Configs.of(200).digest();
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
        await(plane.apply(Configs.of(1)));
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
        await(plane.apply(Configs.of(1)));
        try (FakeDataPlane dataPlane = FakeDataPlane.connect(plane.port(), certificate, key, id, "2.5.1")) {
            dataPlane.ping(FakeDataPlane.NOTHING);
            dataPlane.nextData();
            dataPlane.ping(FakeDataPlane.NOTHING);
            until(() -> state().equals("rejected"));
            dataPlane.ping(FakeDataPlane.NOTHING);
            assertThat(dataPlane.quietFor(700)).isTrue();
            await(plane.apply(Configs.of(2)));
            assertThat(dataPlane.nextData().message().getString("config_hash"))
                    .isEqualTo(Configs.of(2).digest());
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
        await(plane.apply(Configs.of(1)));
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
        await(plane.apply(Configs.of(1)));
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
            dataPlane.ping(Configs.of(1).digest());
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
}
