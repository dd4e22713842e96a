package io.drawbridge.sync;

import com.fasterxml.jackson.core.JsonGenerator;
import io.drawbridge.core.config.Changes;
import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.entity.Entity;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** What our own control planes and data planes say to each other, beyond what Kong's do. Pure. */
final class OwnFrames {
    /** The key of what Kong's do not know, in a hello and in a configuration. */
    static final String KEY = "drawbridge";

    private OwnFrames() {}

    /** A whole configuration; moments at which something ends are told as they are, whenever it is read. */
    static Buffer full(String digest, ConfigSnapshot content) {
        Map<String, Collection<Entity>> entities = new TreeMap<>();
        content.types().forEach(type -> entities.put(type, content.all(type)));
        return EntityJson.zipped(json -> {
            json.writeStartObject();
            json.writeStringField("type", "reconfigure");
            json.writeStringField("config_hash", digest);
            origin(json, content);
            json.writeObjectFieldStart("config_table");
            json.writeStringField("_format_version", "2.1");
            json.writeBooleanField("_transform", false);
            EntityJson.arrays(json, entities, ends -> ends);
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    /**
     * What has to be done to one configuration to get another.
     *
     * @param base name of the one
     * @param digest name of the other
     * @param content the other
     */
    static Buffer delta(String base, String digest, ConfigSnapshot content, ConfigSnapshot.Delta changes) {
        return EntityJson.small(json -> {
            json.writeStartObject();
            json.writeStringField("type", "delta");
            json.writeStringField("base", base);
            json.writeStringField("digest", digest);
            origin(json, content);
            json.writeObjectFieldStart("written");
            EntityJson.arrays(json, changes.written(), ends -> ends);
            json.writeEndObject();
            json.writeObjectFieldStart("deleted");
            for (Map.Entry<String, Set<UUID>> type : changes.deleted().entrySet()) {
                json.writeArrayFieldStart(type.getKey());
                for (UUID id : type.getValue()) {
                    json.writeString(id.toString());
                }
                json.writeEndArray();
            }
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    private static void origin(JsonGenerator json, ConfigSnapshot content) throws IOException {
        json.writeObjectFieldStart(KEY);
        json.writeStringField("incarnation", content.position().incarnation());
        json.writeNumberField("revision", content.position().revision());
        json.writeStringField("content", content.digest());
        json.writeEndObject();
    }

    /**
     * The first frame of a data plane.
     *
     * @param digest of what it has
     */
    static Buffer hello(DataPlaneOptions options, String digest, Changes.Position position) {
        JsonArray plugins = new JsonArray();
        new TreeMap<>(options.plugins()).forEach((name, version) -> {
            JsonObject plugin = new JsonObject().put("name", name);
            plugins.add(version.isEmpty() ? plugin : plugin.put("version", version));
        });
        return new JsonObject()
                .put("type", "basic_info")
                .put("plugins", plugins)
                .put("process_conf", new JsonObject().put("cluster_max_payload", options.frameMax()))
                .put(
                        KEY,
                        new JsonObject()
                                .put("delta", 1)
                                .put("encodings", new JsonArray().add("gzip"))
                                .put("release", options.release().toString())
                                .put("digest", digest)
                                .put(
                                        "revision",
                                        new JsonObject()
                                                .put("incarnation", position.incarnation())
                                                .put("revision", position.revision())))
                .toBuffer();
    }

    /** The configuration is in use. */
    static Buffer ack(String digest) {
        return new JsonObject().put("type", "ack").put("digest", digest).toBuffer();
    }

    /** A configuration is not taken over. */
    static Buffer nack(SyncException why) {
        return new JsonObject()
                .put("type", "nack")
                .put("digest", why.digest().orElse(null))
                .put("entity", why.entity().orElse(null))
                .put("field", why.field().orElse(null))
                .put("reason", why.getMessage())
                .put("whole", why.worthWhole())
                .toBuffer();
    }
}
