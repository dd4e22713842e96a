package io.drawbridge.core.config;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.Field;
import io.drawbridge.core.entity.FieldType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The identity of content: the sum of what each entity contributes, so that a change costs no more than the entities it touches
 * and order says nothing. Values that are a field's default do not contribute: nodes of two releases, of which one knows
 * more fields, agree. Immutable.
 *
 * @param high of the 128 bits
 * @param low of the 128 bits
 * @param count of the entities
 */
record ConfigDigest(long high, long low, long count) {
    static final ConfigDigest NONE = new ConfigDigest(0, 0, 0);

    /** What one entity contributes. */
    static ConfigDigest of(Entity entity) {
        StringBuilder text = new StringBuilder(512);
        append(text, entity.type().variant(entity.values()).fields(), entity.values());
        ByteBuffer hash = hash(entity.type().name() + text);
        return new ConfigDigest(hash.getLong(), hash.getLong(), 1);
    }

    ConfigDigest plus(ConfigDigest other) {
        long sum = low + other.low;
        long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
        return new ConfigDigest(high + other.high + carry, sum, count + other.count);
    }

    ConfigDigest minus(ConfigDigest other) {
        long borrow = Long.compareUnsigned(low, other.low) < 0 ? 1 : 0;
        return new ConfigDigest(high - other.high - borrow, low - other.low, count - other.count);
    }

    /** Of several kinds of entities: 32 hexadecimal digits. */
    static String text(Map<String, ConfigDigest> byType) {
        StringBuilder all = new StringBuilder();
        new TreeMap<>(byType).forEach((type, digest) -> {
            if (digest.count > 0) {
                all.append(type).append(digest);
            }
        });
        byte[] first = new byte[16];
        hash(all.toString()).get(first);
        return HexFormat.of().formatHex(first);
    }

    private static ByteBuffer hash(String text) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void append(StringBuilder text, List<Field> fields, Map<?, ?> values) {
        text.append('{');
        fields.stream()
                .sorted((one, other) -> one.name().compareTo(other.name()))
                .forEach(field -> {
                    Object value = values.get(field.name());
                    if (field.type() == FieldType.RECORD
                            && value instanceof Map<?, ?> record
                            && !field.fields().isEmpty()) {
                        text.append(field.name());
                        append(text, field.fields(), record);
                    } else if (!Objects.equals(value, field.standard())) {
                        text.append(field.name());
                        append(text, value);
                    }
                });
        text.append('}');
    }

    /* Lengths keep texts apart whatever is in them. */
    private static void append(StringBuilder text, Object value) {
        if (value instanceof Map<?, ?> map) {
            text.append('{');
            TreeMap<String, Object> sorted = new TreeMap<>();
            map.forEach((key, each) -> sorted.put((String) key, each));
            sorted.forEach((key, each) -> {
                append(text, key);
                append(text, each);
            });
            text.append('}');
        } else if (value instanceof List<?> list) {
            text.append('[');
            list.forEach(each -> append(text, each));
            text.append(']');
        } else if (value instanceof String string) {
            text.append('"').append(string.length()).append(':').append(string);
        } else {
            text.append('#').append(value).append(';');
        }
    }
}
