package io.drawbridge.core.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.Field;
import io.drawbridge.migration.Release;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ColumnCodecTest {
    private static final EntityTypes TYPES = EntityTypes.at(Release.of(2, 5));

    @Test
    void pluginConfiguration_isKeptAsItIs() {
        Field config = TYPES.get("plugins").field("config").orElseThrow();
        Map<String, Object> nested = new LinkedHashMap<>();
        nested.put("a", null);
        nested.put("b", List.of(1L));
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("x", nested);
        value.put("y", null);
        JsonObject stored = (JsonObject) ColumnCodec.encode(config, value);
        assertThat(stored)
                .isEqualTo(new JsonObject()
                        .put("x", new JsonObject().putNull("a").put("b", new JsonArray().add(1L)))
                        .putNull("y"));
        assertThat(ColumnCodec.decode(config, stored)).isEqualTo(value);
    }

    @Test
    void record_isStoredWithoutNullsAndReadWithThem() {
        Field healthchecks = TYPES.get("upstreams").field("healthchecks").orElseThrow();
        Map<String, Object> active = new LinkedHashMap<>();
        active.put("type", "http");
        active.put("https_sni", null);
        JsonObject stored = (JsonObject) ColumnCodec.encode(healthchecks, Map.of("active", active));
        assertThat(stored.encode()).isEqualTo("{\"active\":{\"type\":\"http\"}}");
        Map<?, ?> read = (Map<?, ?>) ColumnCodec.decode(healthchecks, stored);
        assertThat(((Map<?, ?>) read.get("active")).get("type")).isEqualTo("http");
        assertThat(((Map<?, ?>) read.get("active")).keySet()).asString().contains("https_sni");
        assertThat(read.keySet()).asString().isEqualTo("[active, passive, threshold]");
    }

    @Test
    void moment_ofWholeSeconds_isAWholeNumber() {
        Field created = TYPES.get("targets").field("created_at").orElseThrow();
        for (Object seconds : List.<Object>of(1_600_000_000L, 1_600_000_000.25)) {
            assertThat(ColumnCodec.decode(created, ColumnCodec.encode(created, seconds)))
                    .isEqualTo(seconds);
        }
    }
}
