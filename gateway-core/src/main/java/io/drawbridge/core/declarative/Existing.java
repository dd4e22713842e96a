package io.drawbridge.core.declarative;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.Field;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a store held at one moment, by ids and names alone: that much is in memory. Filled once, then read. */
final class Existing implements Known {
    private final Map<String, Map<String, Row>> byId = new HashMap<>();
    private final Map<String, Map<String, String>> byKey = new HashMap<>();

    /**
     * One entity.
     *
     * @param tagged whether it has the tags that were asked for
     * @param references ids, in the order of the type's references; null: none
     */
    record Row(EntityType type, String id, String workspace, boolean tagged, String[] references) {
        /** Whether it goes when these go. */
        boolean cascades(Collection<String> ids) {
            List<Field> fields = type.references();
            for (int i = 0; i < references.length; i++) {
                if (references[i] != null && fields.get(i).cascade() && ids.contains(references[i])) {
                    return true;
                }
            }
            return false;
        }
    }

    void add(String workspace, Entity entity, List<String> tags) {
        EntityType type = entity.type();
        String id = entity.id().toString();
        List<Field> fields = type.references();
        String[] references = new String[fields.size()];
        for (int i = 0; i < references.length; i++) {
            references[i] =
                    entity.get(fields.get(i).name()) instanceof Map<?, ?> other ? (String) other.get("id") : null;
        }
        byId.computeIfAbsent(type.name(), none -> new LinkedHashMap<>())
                .put(id, new Row(type, id, workspace, tagged(entity, tags), references));
        NaturalKey.of(type, entity.values())
                .ifPresent(key -> byKey.computeIfAbsent(scoped(workspace, type), none -> new HashMap<>())
                        .put(key, id));
    }

    static boolean tagged(Entity entity, List<String> tags) {
        return tags.isEmpty()
                || entity.type().field("tags").isPresent()
                        && entity.get("tags") instanceof List<?> has
                        && has.containsAll(tags);
    }

    Collection<Row> all(EntityType type) {
        return byId.getOrDefault(type.name(), Map.of()).values();
    }

    @Override
    public Optional<String> id(String workspace, EntityType type, String key) {
        return Optional.ofNullable(
                byKey.getOrDefault(scoped(workspace, type), Map.of()).get(key));
    }

    @Override
    public boolean has(String workspace, EntityType type, String id) {
        Row row = byId.getOrDefault(type.name(), Map.of()).get(id);
        return row != null && (!type.workspaced() || row.workspace().equals(workspace));
    }

    private static String scoped(String workspace, EntityType type) {
        return type.name() + "/" + Workspaces.scope(workspace, type);
    }
}
