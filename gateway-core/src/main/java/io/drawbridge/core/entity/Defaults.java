package io.drawbridge.core.entity;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Values as entities show them: records, except those in maps, with all their fields and no others. */
final class Defaults {
    private Defaults() {}

    /**
     * The value with what is missing in its records, e.g. as an older release stored it. An empty list may have been
     * stored as an empty map, and the other way round; other values of another kind than the field's are left as they
     * are.
     */
    static Object complete(Field field, Object value) {
        if (field.type().isList() && value instanceof Map<?, ?> map && map.isEmpty()) {
            return List.of();
        }
        if ((field.type() == FieldType.MAP || field.type() == FieldType.RECORD)
                && value instanceof List<?> list
                && list.isEmpty()) {
            return complete(field, Map.of());
        }
        if (value instanceof List<?> list && field.elements() != null) {
            return list.stream()
                    .map(element -> complete(field.elements(), element))
                    .toList();
        }
        return field.type() == FieldType.RECORD && value instanceof Map<?, ?> map ? record(field, map) : value;
    }

    private static Map<String, Object> record(Field field, Map<?, ?> given) {
        Map<String, Object> whole = new LinkedHashMap<>();
        for (Field each : field.fields()) {
            Object value = Stream.concat(Stream.of(each.name()), each.aliases().stream())
                    .map(name -> (Object) given.get(name))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(given.containsKey(each.name()) ? null : each.standard());
            whole.put(each.name(), complete(each, value));
        }
        return whole;
    }
}
