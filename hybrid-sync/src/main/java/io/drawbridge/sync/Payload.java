package io.drawbridge.sync;

import io.drawbridge.core.config.ConfigSnapshot;
import io.vertx.core.buffer.Buffer;

/**
 * One frame with a whole configuration, made once and sent to all data planes of a release. Immutable.
 *
 * @param digest of the configuration before anything was left out: the same for data planes of all releases
 * @param frame compressed
 * @param trimmed what it was made of, and what was left out
 */
record Payload(String digest, Buffer frame, LevelView.Trimmed trimmed) {
    /** Takes as long as the configuration is large: not for an event loop. */
    static Payload of(ConfigSnapshot snapshot, LevelView view, long nowSeconds) {
        LevelView.Trimmed trimmed = view.of(snapshot);
        Buffer frame = EntityJson.zipped(json -> {
            json.writeStartObject();
            json.writeStringField("type", "reconfigure");
            json.writeStringField("config_hash", snapshot.digest());
            json.writeObjectFieldStart("config_table");
            json.writeStringField("_format_version", "2.1");
            json.writeBooleanField("_transform", false);
            EntityJson.arrays(json, trimmed.entities(), ends -> Math.max(1, ends - nowSeconds));
            json.writeEndObject();
            json.writeEndObject();
        });
        return new Payload(snapshot.digest(), frame, trimmed);
    }
}
