package io.drawbridge.core.declarative;

import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.Field;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/** What distinguishes an entity among those of its type when nobody says its id. */
final class NaturalKey {
    private NaturalKey() {}

    /**
     * @param values references by id
     * @return empty if the type has no such key, or the entity no value for it
     */
    static Optional<String> of(EntityType type, Map<String, Object> values) {
        if (type.name().equals("targets")) {
            /* Named by an address that is unique only within its upstream. */
            return values.get("target") instanceof String address
                    ? Optional.of(address + ":" + part(values.get("upstream")))
                    : Optional.empty();
        }
        if (type.endpointKey() != null) {
            return values.get(type.endpointKey()) instanceof String name ? Optional.of(name) : Optional.empty();
        }
        if (type.together().isEmpty()) {
            return Optional.empty();
        }
        StringJoiner key = new StringJoiner(":").add(type.name());
        for (String name : type.together()) {
            Object value = values.get(name);
            if (value == null && type.field(name).filter(Field::required).isPresent()) {
                return Optional.empty();
            }
            key.add(part(value));
        }
        return Optional.of(key.toString());
    }

    private static String part(Object value) {
        return value == null
                ? ""
                : value instanceof Map<?, ?> reference ? String.valueOf(reference.get("id")) : value.toString();
    }
}
