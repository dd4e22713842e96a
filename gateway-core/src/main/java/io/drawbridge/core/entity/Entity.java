package io.drawbridge.core.entity;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * One entity: a value for every field of its type, in the type's order; null where there is none. Values are
 * {@code String, Long, Double, Boolean, List, Map}; a reference is {@code {"id": "..."}}. Immutable; not to be printed,
 * for a field may be a secret.
 */
public final class Entity {
    private final EntityType type;
    private final Map<String, Object> values;

    /**
     * Takes what {@code values} has for the type's fields, null for the others. What depends on the entity's name, it
     * completes and rids of what this release does not know.
     */
    public Entity(EntityType type, Map<String, Object> values) {
        this.type = type;
        Map<String, Object> ordered = new LinkedHashMap<>();
        for (Field field : type.fields()) {
            Object value = values.get(field.name());
            ordered.put(field.name(), field.dependsOnName() ? exact(field, values, value) : value);
        }
        this.values = Collections.unmodifiableMap(ordered);
    }

    private Object exact(Field field, Map<String, Object> values, Object value) {
        return type.variant(values)
                .field(field.name())
                .map(exact -> exact.dependsOnName() ? value : Defaults.complete(exact, value))
                .orElse(value);
    }

    public EntityType type() {
        return type;
    }

    public UUID id() {
        return UUID.fromString((String) values.get("id"));
    }

    public Object get(String field) {
        return values.get(field);
    }

    /** The id that a foreign field refers to; null if none. */
    public UUID reference(String field) {
        return values.get(field) instanceof Map<?, ?> reference ? UUID.fromString((String) reference.get("id")) : null;
    }

    /** Every field, in the type's order. */
    public Map<String, Object> values() {
        return values;
    }

    /** This entity with one value replaced. */
    public Entity with(String field, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(values);
        changed.put(field, value);
        return new Entity(type, changed);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Entity that && type.name().equals(that.type.name()) && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return type.name() + "/" + values.get("id");
    }
}
