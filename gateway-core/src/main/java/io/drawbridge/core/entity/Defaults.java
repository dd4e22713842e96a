package io.drawbridge.core.entity;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Values as entities show them: records, however deep, with all their fields and no others. */
final class Defaults {
    private Defaults() {}

    /** The value with what is missing in its records; a value of another kind than the field's is left as it is. */
    static Object complete(Field field, Object value) {
        if (value instanceof List<?> list && field.elements() != null) {
            return list.stream()
                    .map(element -> complete(field.elements(), element))
                    .toList();
        }
        if (field.type() == FieldType.MAP && value instanceof Map<?, ?> map) {
            Map<String, Object> whole = new LinkedHashMap<>();
            map.forEach((key, element) -> whole.put((String) key, complete(field.elements(), element)));
            return whole;
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
