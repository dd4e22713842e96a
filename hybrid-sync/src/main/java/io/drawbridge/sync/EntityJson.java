package io.drawbridge.sync;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.drawbridge.core.declarative.JsonValues;
import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.Field;
import io.drawbridge.core.entity.FieldType;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import java.util.zip.GZIPOutputStream;

/** Entities as they are on the wire: every field, nulls too, and a reference is the other's id. Pure. */
final class EntityJson {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int CHUNK = 64 * 1024;
    private static final int SMALL_MAX = 1024;

    private EntityJson() {}

    /** Writes one message. */
    interface Message {
        void write(JsonGenerator json) throws IOException;
    }

    /** As it is if it is small, else compressed. */
    static Buffer small(Message message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            message.write(json);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.size() > SMALL_MAX ? zipped(message) : Buffer.buffer(bytes.toByteArray());
    }

    static Buffer zipped(Message message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(CHUNK);
        try (OutputStream zipped = new GZIPOutputStream(bytes, CHUNK);
                JsonGenerator json = JSON.createGenerator(zipped)) {
            message.write(json);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return Buffer.buffer(bytes.toByteArray());
    }

    /**
     * Within an object: an array for each type.
     *
     * @param moment makes what is told of the moment at which something ends, in seconds
     */
    static void arrays(JsonGenerator json, Map<String, ? extends Collection<Entity>> entities, LongUnaryOperator moment)
            throws IOException {
        for (Map.Entry<String, ? extends Collection<Entity>> type : entities.entrySet()) {
            json.writeArrayFieldStart(type.getKey());
            for (Entity entity : type.getValue()) {
                write(json, entity, moment);
            }
            json.writeEndArray();
        }
    }

    private static void write(JsonGenerator json, Entity entity, LongUnaryOperator moment) throws IOException {
        json.writeStartObject();
        for (Field field : entity.type().fields()) {
            Object value = entity.get(field.name());
            json.writeFieldName(field.name());
            if (field.type() == FieldType.FOREIGN && value instanceof Map<?, ?> other) {
                json.writeString((String) other.get("id"));
            } else if (field.sqlType().equals(Field.SECONDS_LEFT) && value instanceof Number ends) {
                json.writeNumber(moment.applyAsLong(ends.longValue()));
            } else {
                JsonValues.write(json, value);
            }
        }
        json.writeEndObject();
    }
}
