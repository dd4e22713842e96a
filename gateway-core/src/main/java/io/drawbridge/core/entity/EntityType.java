package io.drawbridge.core.entity;

import io.drawbridge.migration.Release;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 */
public record EntityType(
        String name,
        String path,
        String nestedPath,
        String endpointKey,
        boolean workspaced,
        List<Field> fields,
        List<EntityCheck> checks,
        BiConsumer<Map<String, Object>, Violations> shorthand) {
    /** The first release with workspaces. */
    private static final Release WORKSPACES = Release.of(2, 1);

    public EntityType {
        fields = List.copyOf(fields);
        checks = List.copyOf(checks);
        if (endpointKey != null
                && fields.stream().noneMatch(field -> field.name().equals(endpointKey) && field.unique())) {
            throw new IllegalArgumentException(name + ": the endpoint key must be a unique field");
        }
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
        List<Field> known =
                fields.stream().filter(field -> field.knownTo(release)).toList();
        return new EntityType(
                name,
                path,
                nestedPath,
                endpointKey,
                workspaced && !WORKSPACES.isNewerThan(release),
                known,
                checks,
                shorthand);
    }

    @Override
    public String toString() {
        return name;
    }
}
