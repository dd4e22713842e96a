package io.drawbridge.sync;

import static io.drawbridge.sync.Waiting.await;
import static io.drawbridge.sync.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.core.config.Changes;
import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.entity.Entity;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is done for data planes that lack something, or know less. */
class ControlPlaneFitIT extends ControlPlaneFixture {
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
        await(plane.apply(Configs.of(1)));
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
        List<Entity> all = Configs.all(1);
        all.add(raw("plugins", Map.of("id", UUID.randomUUID().toString(), "name", "key-auth", "enabled", true)));
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
            await(plane.apply(Configs.of(1)));
            assertThat(dataPlane.nextData().message().getString("config_hash"))
                    .isEqualTo(Configs.of(1).digest());
        }
    }

    @Test
    void pluginsThatADataPlaneLacks_areLeftOutIfTheOperatorWishes() throws Exception {
        await(plane.stop());
        start(Unfit.WITHHOLD_PLUGINS);
        List<Entity> all = Configs.all(2);
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
        List<Entity> all = Configs.all(1);
        Map<String, Object> limit =
                Map.of("name", "rate-limiting", "config", Map.of("policy", "cluster", "minute", 5L));
        Map<String, Object> row = new HashMap<>(limit);
        row.put("id", UUID.randomUUID().toString());
        all.add(raw("plugins", row));
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
        return raw(
                "plugins",
                Map.of("id", UUID.randomUUID().toString(), "name", "key-auth", "enabled", true, "route", route));
    }
}
