package io.drawbridge.core.declarative;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityType;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a store held at one moment. Filled once, then read. */
final class Existing implements Known {
    private final Map<String, Map<String, Entity>> byId = new HashMap<>();
    private final Map<String, Map<String, Entity>> byKey = new HashMap<>();

    void add(Entity entity) {
        EntityType type = entity.type();
        byId.computeIfAbsent(type.name(), none -> new LinkedHashMap<>())
                .put(entity.id().toString(), entity);
        NaturalKey.of(type, entity.values())
                .ifPresent(key -> byKey.computeIfAbsent(type.name(), none -> new HashMap<>())
                        .put(key, entity));
    }

    Collection<Entity> all(EntityType type) {
        return byId.getOrDefault(type.name(), Map.of()).values();
    }

    Entity get(EntityType type, String id) {
        return byId.getOrDefault(type.name(), Map.of()).get(id);
    }

    Entity byKey(EntityType type, String key) {
        return byKey.getOrDefault(type.name(), Map.of()).get(key);
    }

    @Override
    public Optional<String> id(EntityType type, String key) {
        return Optional.ofNullable(byKey(type, key)).map(entity -> entity.id().toString());
    }

    @Override
    public boolean has(EntityType type, String id) {
        return get(type, id) != null;
    }
}
