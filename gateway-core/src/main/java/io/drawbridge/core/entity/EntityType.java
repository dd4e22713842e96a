package io.drawbridge.core.entity;

import io.drawbridge.migration.Release;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.BiConsumer;

/**
 * A kind of entity as one release knows it. Immutable.
 *
 * @param name of the type and of its table, e.g. {@code services}
 * @param path the collection's URL segment
 * @param nestedPath its URL segment under an entity that it refers to
 * @param endpointKey the unique field by which URLs may name an entity; null if only the id will do
 * @param workspaced whether entities belong to a workspace, so that the table has {@code ws_id}
 * @param fields in the order in which they appear
 * @param checks over several fields
 * @param shorthand rewrites an input before it is validated: abbreviations and defaults that depend on other fields
 * @param together fields of which no two entities of a workspace have the same values, nulls included; the table keeps them
 *     in the column {@code cache_key}. Empty: none
 * @param derive computes values from others once all are valid
 * @param variants the type's more exact forms, by the value of field {@code name}: same fields, stricter. Empty for
 *     most types
 */
public record EntityType(
        String name,
        String path,
        String nestedPath,
        String endpointKey,
        boolean workspaced,
        List<Field> fields,
        List<EntityCheck> checks,
        BiConsumer<Map<String, Object>, Violations> shorthand,
        List<String> together,
        Derivation derive,
        Map<String, EntityType> variants) {
    /** The parts of a {@code cache_key}, besides the workspace. */
    private static final int TOGETHER_MAX = 5;

    /** The first release with workspaces. */
    private static final Release WORKSPACES = Release.of(2, 1);

    public EntityType {
        fields = List.copyOf(fields);
        checks = List.copyOf(checks);
        together = List.copyOf(together);
        variants = Map.copyOf(variants);
        if (together.size() > TOGETHER_MAX) {
            throw new IllegalArgumentException(name + ": at most " + TOGETHER_MAX + " fields together");
        }
        if (endpointKey != null
                && fields.stream().noneMatch(field -> field.name().equals(endpointKey) && field.unique())) {
            throw new IllegalArgumentException(name + ": the endpoint key must be a unique field");
        }
    }

    EntityType(
            String name,
            String path,
            String nestedPath,
            String endpointKey,
            boolean workspaced,
            List<Field> fields,
            List<EntityCheck> checks,
            BiConsumer<Map<String, Object>, Violations> shorthand) {
        this(
                name,
                path,
                nestedPath,
                endpointKey,
                workspaced,
                fields,
                checks,
                shorthand,
                List.of(),
                (values, given) -> values,
                Map.of());
    }

    /** Computes values of an entity that is valid. Pure. */
    interface Derivation {
        /**
         * @param values of all fields
         * @param given names of the fields that the input had
         */
        Map<String, Object> apply(Map<String, Object> values, Set<String> given);
    }

    EntityType uniqueTogether(String... names) {
        return new EntityType(
                name,
                path,
                nestedPath,
                endpointKey,
                workspaced,
                fields,
                checks,
                shorthand,
                List.of(names),
                derive,
                variants);
    }

    EntityType reading(BiConsumer<Map<String, Object>, Violations> how) {
        return new EntityType(
                name, path, nestedPath, endpointKey, workspaced, fields, checks, how, together, derive, variants);
    }

    EntityType deriving(Derivation how) {
        return new EntityType(
                name, path, nestedPath, endpointKey, workspaced, fields, checks, shorthand, together, how, variants);
    }

    EntityType varying(Map<String, EntityType> byName) {
        return new EntityType(
                name, path, nestedPath, endpointKey, workspaced, fields, checks, shorthand, together, derive, byName);
    }

    /** The form of the type that holds for an entity with these values. */
    public EntityType variant(Map<String, Object> values) {
        return values.get("name") instanceof String text ? variants.getOrDefault(text, this) : this;
    }

    /** What the column {@code cache_key} begins with; the workspace follows in releases that have them. */
    public String cacheKey(Entity entity) {
        StringJoiner key = new StringJoiner(":");
        key.add(name);
        for (int i = 0; i < TOGETHER_MAX; i++) {
            Object value = i < together.size() ? entity.get(together.get(i)) : null;
            key.add(
                    value == null
                            ? ""
                            : value instanceof Map<?, ?> other ? String.valueOf(other.get("id")) : value.toString());
        }
        return key.toString();
    }

    public Optional<Field> field(String fieldName) {
        return fields.stream().filter(field -> field.name().equals(fieldName)).findFirst();
    }

    /** The fields that refer to other entities. */
    public List<Field> references() {
        return fields.stream()
                .filter(field -> field.type() == FieldType.FOREIGN)
                .toList();
    }

    /** The type as a node of the release knows it: without younger fields, and without what depends on them. */
    public EntityType at(Release release) {
        return new EntityType(
                name,
                path,
                nestedPath,
                endpointKey,
                workspaced && !WORKSPACES.isNewerThan(release),
                Field.known(fields, release),
                checks,
                shorthand,
                together,
                derive,
                variants);
    }

    @Override
    public String toString() {
        return name;
    }
}
