package io.drawbridge.core.store.postgres;

import io.drawbridge.core.entity.Field;
import io.drawbridge.core.entity.FieldType;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A field's value as an entity has it, and as the driver wants it for the field's column. */
final class ColumnCodec {
    private ColumnCodec() {}

    static Object encode(Field field, Object value) {
        if (value == null) {
            return null;
        }
        return switch (field.sqlType()) {
            case "uuid" ->
                UUID.fromString(value instanceof Map<?, ?> reference ? (String) reference.get("id") : (String) value);
            case "smallint" -> ((Number) value).shortValue();
            case "integer" -> ((Number) value).intValue();
            case "timestamp with time zone" -> OffsetDateTime.ofInstant(instant(field, (Number) value), ZoneOffset.UTC);
            case "text[]" -> ((List<?>) value).toArray(String[]::new);
            case "uuid[]" ->
                ((List<?>) value)
                        .stream().map(each -> UUID.fromString((String) each)).toArray(UUID[]::new);
            case "jsonb[]" -> ((List<?>) value).stream().map(ColumnCodec::json).toArray(Object[]::new);
            case "jsonb" -> field.dependsOnName() ? whole(value) : json(value);
            default -> value;
        };
    }

    static Object decode(Field field, Object value) {
        if (value == null) {
            return null;
        }
        if (field.type() == FieldType.FOREIGN) {
            return Map.of("id", value.toString());
        }
        return switch (field.sqlType()) {
            case "uuid" -> value.toString();
            case "smallint", "integer", "bigint" -> ((Number) value).longValue();
            case "timestamp with time zone" ->
                field.type() == FieldType.INTEGER
                        ? (Object) ((OffsetDateTime) value).toEpochSecond()
                        : seconds(((OffsetDateTime) value).toInstant().toEpochMilli());
            case "text[]", "uuid[]" -> {
                List<Object> list = new ArrayList<>();
                for (Object element : (Object[]) value) {
                    list.add(String.valueOf(element));
                }
                yield List.copyOf(list);
            }
            case "jsonb[]" -> {
                List<Object> list = new ArrayList<>();
                for (Object element : (Object[]) value) {
                    list.add(complete(field.elements(), plain(element)));
                }
                yield list;
            }
            case "jsonb" -> complete(field, plain(value));
            default -> value;
        };
    }

    /* Whole ones without a fraction, as they were when they were written. */
    private static Object seconds(long millis) {
        return millis % 1000 == 0 ? (Object) (millis / 1000) : (Object) (millis / 1000.0);
    }

    private static Instant instant(Field field, Number seconds) {
        return field.type() == FieldType.INTEGER
                ? Instant.ofEpochSecond(seconds.longValue())
                : Instant.ofEpochMilli(Math.round(seconds.doubleValue() * 1000));
    }

    /* Nulls are left out, as other releases expect it. */
    private static Object json(Object value) {
        if (value instanceof Map<?, ?> map) {
            JsonObject object = new JsonObject();
            map.forEach((key, element) -> {
                if (element != null) {
                    object.put((String) key, json(element));
                }
            });
            return object;
        }
        if (value instanceof List<?> list) {
            JsonArray array = new JsonArray();
            list.forEach(element -> array.add(json(element)));
            return array;
        }
        return value;
    }

    /* With nulls: what is missing is taken for older than the release. */
    private static Object whole(Object value) {
        if (value instanceof Map<?, ?> map) {
            JsonObject object = new JsonObject();
            map.forEach((key, element) -> object.put((String) key, whole(element)));
            return object;
        }
        if (value instanceof List<?> list) {
            JsonArray array = new JsonArray();
            list.forEach(element -> array.add(whole(element)));
            return array;
        }
        return value;
    }

    private static Object plain(Object value) {
        if (value instanceof JsonObject object) {
            Map<String, Object> map = new LinkedHashMap<>();
            object.forEach(entry -> map.put(entry.getKey(), plain(entry.getValue())));
            return map;
        }
        if (value instanceof JsonArray array) {
            List<Object> list = new ArrayList<>();
            array.forEach(element -> list.add(plain(element)));
            return list;
        }
        return value instanceof Integer number ? (Object) number.longValue() : value;
    }

    /** Every field of a record, null where the row has none. */
    private static Object complete(Field field, Object value) {
        if (field.type() != FieldType.RECORD || field.dependsOnName() || !(value instanceof Map<?, ?> map)) {
            return value;
        }
        Map<String, Object> all = new LinkedHashMap<>();
        field.fields().forEach(each -> all.put(each.name(), complete(each, map.get(each.name()))));
        return all;
    }
}
