package io.drawbridge.core.store;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.Field;
import io.drawbridge.core.entity.LuaText;
import io.drawbridge.core.entity.Violations;
import io.drawbridge.migration.Gate;
import io.drawbridge.migration.Release;
import java.util.Map;
import java.util.TreeMap;

/** The one exception of the store. Switch on {@link #error()}, never on the text. Immutable. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final StoreError error;
    private final transient Map<String, Object> fields;
    private final transient Violations violations;
    private final transient Gate gate;
    private final transient Release node;

    private StoreException(
            StoreError error,
            String message,
            Map<String, Object> fields,
            Violations violations,
            Gate gate,
            Release node,
            Throwable cause) {
        super(message, cause);
        this.error = error;
        this.fields = fields;
        this.violations = violations;
        this.gate = gate;
        this.node = node;
    }

    public static StoreException of(StoreError error, String message) {
        return new StoreException(error, message, Map.of(), null, null, null, null);
    }

    public static StoreException of(StoreError error, String message, Throwable cause) {
        return new StoreException(error, message, Map.of(), null, null, null, cause);
    }

    public static StoreException notFound() {
        return of(StoreError.NOT_FOUND, "not found");
    }

    public static StoreException invalid(Violations violations) {
        return new StoreException(StoreError.INVALID, violations.message(), Map.of(), violations, null, null, null);
    }

    /**
     * Its message does not tell a secret, its {@link #fields} do.
     *
     * @param field the unique field; {@code id}: the primary key
     */
    public static StoreException duplicate(Entity entity, String field) {
        Map<String, Object> fields = fields(field, entity.get(field));
        if (field.equals("id")) {
            return clash(StoreError.PRIMARY_KEY, "primary key violation on key '" + LuaText.of(fields) + "'", fields);
        }
        boolean secret = entity.type().field(field).map(Field::secret).orElse(false);
        return clash(
                StoreError.UNIQUE,
                "UNIQUE violation detected on '"
                        + (secret ? field + "' of '" + entity.type().name() : LuaText.of(fields)) + "'",
                fields);
    }

    /** Another entity has the same values of the fields that the type's entities must not share. */
    public static StoreException duplicateTogether(Entity entity) {
        Map<String, Object> fields = new TreeMap<>();
        entity.type().together().forEach(field -> fields.put(field, entity.get(field)));
        return clash(StoreError.UNIQUE, "UNIQUE violation detected on '" + LuaText.of(fields) + "'", fields);
    }

    /** @param referenced the type that {@code field} refers to */
    public static StoreException reference(Entity entity, String field, String referenced) {
        Object value = entity.get(field);
        return clash(
                StoreError.REFERENCE,
                "the foreign key '" + LuaText.of(value) + "' does not reference an existing '" + referenced
                        + "' entity.",
                fields(field, value));
    }

    /**
     * @param type of the entity that was to go
     * @param by the type whose entity refers to it
     */
    public static StoreException referenced(String type, String by) {
        return clash(
                StoreError.REFERENCED,
                "an existing '" + by + "' entity references this '" + type + "' entity",
                Map.of("@referenced_by", by));
    }

    private static StoreException clash(StoreError error, String message, Map<String, Object> fields) {
        return new StoreException(error, message, fields, null, null, null, null);
    }

    public static StoreException pending(Gate gate, Release node, String reason) {
        return new StoreException(StoreError.MIGRATION_PENDING, reason, Map.of(), null, gate, node, null);
    }

    public StoreError error() {
        return error;
    }

    /** The values that clash or dangle, by field; empty for other errors. */
    public Map<String, Object> fields() {
        return fields == null ? Map.of() : fields;
    }

    /** What is wrong; null unless {@code INVALID}. */
    public Violations violations() {
        return violations;
    }

    /** The gate that refused; null unless {@code MIGRATION_PENDING}. */
    public Gate gate() {
        return gate;
    }

    /** The release that was refused; null unless {@code MIGRATION_PENDING}. */
    public Release node() {
        return node;
    }

    public static boolean is(Throwable failure, StoreError error) {
        return failure instanceof StoreException known && known.error == error;
    }

    private static Map<String, Object> fields(String field, Object value) {
        Map<String, Object> fields = new TreeMap<>();
        fields.put(field, value);
        return fields;
    }
}
