package io.drawbridge.sync;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.declarative.JsonValues;
import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.Field;
import io.drawbridge.core.entity.FieldType;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * One frame with a whole configuration, made once and sent to all data planes of a release. Immutable.
 *
 * @param digest of the configuration before anything was left out: the same for data planes of all releases
 * @param frame compressed
 * @param trimmed what it was made of, and what was left out
 */
record Payload(String digest, Buffer frame, LevelView.Trimmed trimmed) {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int CHUNK = 64 * 1024;

    /** Takes as long as the configuration is large: not for an event loop. */
    static Payload of(ConfigSnapshot snapshot, LevelView view, long nowSeconds) {
        LevelView.Trimmed trimmed = view.of(snapshot);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(CHUNK);
        try (OutputStream zipped = new GZIPOutputStream(bytes, CHUNK);
                JsonGenerator json = JSON.createGenerator(zipped)) {
            json.writeStartObject();
            json.writeStringField("type", "reconfigure");
            json.writeStringField("config_hash", snapshot.digest());
            json.writeObjectFieldStart("config_table");
            json.writeStringField("_format_version", "2.1");
            json.writeBooleanField("_transform", false);
            for (Map.Entry<String, List<Entity>> type : trimmed.entities().entrySet()) {
                json.writeArrayFieldStart(type.getKey());
                for (Entity entity : type.getValue()) {
                    write(json, entity, nowSeconds);
                }
                json.writeEndArray();
            }
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return new Payload(snapshot.digest(), Buffer.buffer(bytes.toByteArray()), trimmed);
    }

    private static void write(JsonGenerator json, Entity entity, long nowSeconds) throws IOException {
        json.writeStartObject();
        for (Field field : entity.type().fields()) {
            Object value = entity.get(field.name());
            json.writeFieldName(field.name());
            if (field.type() == FieldType.FOREIGN && value instanceof Map<?, ?> other) {
                json.writeString((String) other.get("id"));
            } else if (field.sqlType().equals(Field.SECONDS_LEFT) && value instanceof Number ends) {
                json.writeNumber(Math.max(1, ends.longValue() - nowSeconds));
            } else {
                JsonValues.write(json, value);
            }
        }
        json.writeEndObject();
    }
}
