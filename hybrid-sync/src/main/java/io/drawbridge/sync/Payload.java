package io.drawbridge.sync;

import com.fasterxml.jackson.core.JsonGenerator;
import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.Field;
import io.drawbridge.migration.Release;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * One frame, made once and sent to all data planes that get the same. Immutable.
 *
 * @param digest of the configuration before anything was left out: the same for data planes of all releases
 * @param frame compressed
 * @param trimmed what was left out
 * @param ages whether it says in how many seconds something ends, so that it is true for a moment only
 * @param delta whether it is a difference to another configuration, not a whole one
 */
record Payload(String digest, Buffer frame, LevelView.Trimmed trimmed, boolean ages, boolean delta) {
    private static final Release PARAMETERS = Release.of(2, 3);

    /**
     * Of a whole configuration, for data planes of Kong. Takes as long as the configuration is large: not for an event loop.
     *
     * @param cluster the cluster's id, which data planes since 2.3 are told; empty: nobody knows it
     */
    static Payload of(ConfigSnapshot snapshot, LevelView.Level level, Optional<String> cluster, long nowSeconds) {
        LevelView.Trimmed trimmed = new LevelView(level).of(snapshot);
        Buffer frame = EntityJson.zipped(json -> {
            json.writeStartObject();
            json.writeStringField("type", "reconfigure");
            json.writeStringField("config_hash", snapshot.digest());
            json.writeObjectFieldStart("config_table");
            json.writeStringField("_format_version", "2.1");
            json.writeBooleanField("_transform", false);
            if (cluster.isPresent() && !level.release().isOlderThan(PARAMETERS)) {
                parameters(json, cluster.get());
            }
            EntityJson.arrays(json, trimmed.entities(), ends -> Math.max(1, ends - nowSeconds));
            json.writeEndObject();
            json.writeEndObject();
        });
        boolean ages = trimmed.entities().values().stream().anyMatch(Payload::ages);
        return new Payload(snapshot.digest(), frame, trimmed.report(), ages, false);
    }

    private static void parameters(JsonGenerator json, String cluster) throws IOException {
        json.writeArrayFieldStart("parameters");
        json.writeStartObject();
        json.writeStringField("key", "cluster_id");
        json.writeStringField("value", cluster);
        json.writeEndObject();
        json.writeEndArray();
    }

    private static boolean ages(List<Entity> all) {
        return all.stream()
                .limit(1)
                .flatMap(one -> one.type().fields().stream())
                .filter(field -> field.sqlType().equals(Field.SECONDS_LEFT))
                .anyMatch(field -> all.stream().anyMatch(entity -> entity.get(field.name()) != null));
    }
}
