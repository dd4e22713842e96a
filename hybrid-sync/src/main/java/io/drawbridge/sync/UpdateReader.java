package io.drawbridge.sync;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.drawbridge.core.config.Changes;
import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.declarative.JsonValues;
import io.drawbridge.core.entity.Entity;
import io.drawbridge.migration.Release;
import io.drawbridge.sync.SyncException.Code;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/**
 * Reads messages of control planes token by token: what is in memory at once are the entities, not their text. Takes as long as
 * the message is large: not for an event loop. Immutable.
 */
final class UpdateReader {
    private static final int VALUES_MAX = 1_000_000;
    private static final JsonFactory JSON = new JsonFactory();

    private final EntityReader entities;
    private final long bytesMax;

    /** @param bytesMax largest message once it is no longer compressed */
    UpdateReader(Release release, long bytesMax) {
        this.entities = new EntityReader(release);
        this.bytesMax = bytesMax;
    }

    /**
     * @param nowSeconds for what Kong's control planes say ends in so many seconds
     * @throws SyncException if it cannot be taken over
     */
    Update read(Buffer message, long nowSeconds) {
        Fields fields = new Fields();
        try (InputStream text = text(message);
                JsonParser json = JSON.createParser(text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new SyncException(Code.UNREADABLE, "the message is no JSON object");
            }
            while (json.nextToken() != JsonToken.END_OBJECT) {
                read(json, fields, nowSeconds);
            }
            return fields.update(message, this);
        } catch (SyncException known) {
            throw known.digest().isPresent() ? known : known.about(fields.named());
        } catch (IOException | RuntimeException failure) {
            throw new SyncException(Code.UNREADABLE, why(failure)).about(fields.named());
        }
    }

    /** The whole table as it stands, for the names that older control planes do not tell. */
    private Object table(Buffer message) throws IOException {
        try (InputStream text = text(message);
                JsonParser json = JSON.createParser(text)) {
            json.nextToken();
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                json.nextToken();
                if (name.equals("config_table")) {
                    return JsonValues.read(json, Integer.MAX_VALUE);
                }
                json.skipChildren();
            }
            return Map.of();
        }
    }

    private InputStream text(Buffer message) throws IOException {
        InputStream bytes = new ByteArrayInputStream(message.getBytes());
        int first = message.length() < 2 ? 0 : message.getByte(0) & 255;
        int second = message.length() < 2 ? 0 : message.getByte(1) & 255;
        if (first == 0x1f && second == 0x8b) {
            return new Bounded(new GZIPInputStream(bytes, 64 * 1024), bytesMax);
        }
        return first == 0x78 ? new Bounded(new InflaterInputStream(bytes), bytesMax) : new Bounded(bytes, bytesMax);
    }

    private void read(JsonParser json, Fields fields, long nowSeconds) throws IOException {
        String name = json.currentName();
        json.nextToken();
        switch (name) {
            case "type" -> fields.type = json.getValueAsString();
            case "base" -> fields.base = json.getValueAsString();
            case "digest", "config_hash" -> fields.digest = json.getValueAsString();
            case "drawbridge" -> fields.origin = origin(JsonValues.read(json, VALUES_MAX));
            case "config_table" -> fields.entities = all(json, fields.origin == null, nowSeconds);
            case "written" -> fields.written = written(json);
            case "deleted" -> fields.deleted = deleted(JsonValues.read(json, VALUES_MAX));
            default -> json.skipChildren();
        }
    }

    private static Update.Origin origin(Object value) {
        Map<?, ?> told = (Map<?, ?>) value;
        return new Update.Origin(
                new Changes.Position((String) told.get("incarnation"), ((Number) told.get("revision")).longValue()),
                (String) told.get("content"));
    }

    private List<Entity> all(JsonParser json, boolean foreign, long nowSeconds) throws IOException {
        List<Entity> all = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String type = json.currentName();
            if (json.nextToken() != JsonToken.START_ARRAY || entities.skipped(type)) {
                json.skipChildren();
                continue;
            }
            while (json.nextToken() != JsonToken.END_ARRAY) {
                Map<?, ?> values = (Map<?, ?>) JsonValues.read(json, VALUES_MAX);
                all.add(foreign ? entities.foreign(type, values, nowSeconds) : entities.own(type, values));
            }
        }
        if (foreign) {
            entities.connected(all);
        }
        return all;
    }

    private Map<String, List<Entity>> written(JsonParser json) throws IOException {
        Map<String, List<Entity>> written = new LinkedHashMap<>();
        for (Entity entity : all(json, false, 0)) {
            written.computeIfAbsent(entity.type().name(), type -> new ArrayList<>())
                    .add(entity);
        }
        return written;
    }

    private static Map<String, Set<UUID>> deleted(Object value) {
        Map<String, Set<UUID>> deleted = new LinkedHashMap<>();
        ((Map<?, ?>) value).forEach((type, ids) -> {
            Set<UUID> gone = new TreeSet<>();
            ((List<?>) ids).forEach(id -> gone.add(UUID.fromString((String) id)));
            deleted.put((String) type, gone);
        });
        return deleted;
    }

    /* Without what stands there: it may be a secret. */
    private static String why(Exception failure) {
        if (failure instanceof JsonProcessingException broken && broken.getLocation() != null) {
            return "the message is no JSON, near byte " + broken.getLocation().getByteOffset();
        }
        return failure instanceof IOException
                ? "the message cannot be read: " + failure.getMessage()
                : "the message has another form";
    }

    /** What a message has. Confined to one reading. */
    private static final class Fields {
        private String type = "";
        private String base;
        private String digest;
        private Update.Origin origin;
        private List<Entity> entities;
        private Map<String, List<Entity>> written = Map.of();
        private Map<String, Set<UUID>> deleted = Map.of();

        Update update(Buffer message, UpdateReader reader) throws IOException {
            if (type.equals("reconfigure")) {
                return new Update.Full(name(message, reader), Optional.ofNullable(origin), there(entities));
            }
            return type.equals("delta")
                    ? new Update.Delta(
                            there(base), there(digest), there(origin), new ConfigSnapshot.Delta(written, deleted))
                    : new Update.Other(type);
        }

        private String name(Buffer message, UpdateReader reader) throws IOException {
            if (digest == null) {
                return KongHash.of(reader.table(message));
            }
            if (named() == null) {
                throw new SyncException(Code.UNREADABLE, "config_hash must have 32 characters");
            }
            return digest;
        }

        /** What may stand in a log; null: nothing. */
        private String named() {
            return digest != null && digest.length() == DataPlaneLink.NOTHING.length() ? digest : null;
        }

        private static <T> T there(T value) {
            if (value == null) {
                throw new SyncException(Code.UNREADABLE, "the message is not complete");
            }
            return value;
        }
    }

    /** Ends a reading that would never end. */
    private static final class Bounded extends InputStream {
        private final InputStream from;
        private long left;

        Bounded(InputStream from, long left) {
            this.from = from;
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int count = from.read(into, offset, length);
            left -= Math.max(0, count);
            if (left < 0) {
                throw new SyncException(Code.TOO_LARGE, "the configuration is larger than this node takes");
            }
            return count;
        }

        @Override
        public void close() throws IOException {
            from.close();
        }
    }
}
