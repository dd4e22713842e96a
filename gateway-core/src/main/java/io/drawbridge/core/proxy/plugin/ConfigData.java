package io.drawbridge.core.proxy.plugin;

import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.entity.Entity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * A configuration with indexes over it, made when they are first asked for and kept for the next configuration as long as what they
 * are over is the same. Thread-safe.
 */
public final class ConfigData {
    private final ConfigSnapshot snapshot;
    private final Map<Key, Index> indexes = new ConcurrentHashMap<>();

    private ConfigData(ConfigSnapshot snapshot) {
        this.snapshot = snapshot;
    }

    public static ConfigData of(ConfigSnapshot snapshot) {
        return new ConfigData(snapshot);
    }

    /** For a newer configuration. Indexes that this one has are there from the start: no request waits for them. */
    public ConfigData next(ConfigSnapshot newer) {
        ConfigData next = new ConfigData(newer);
        indexes.forEach((key, index) -> {
            Collection<Entity> all = newer.all(key.type());
            next.indexes.put(key, newer.sameAs(snapshot, key.type()) ? index : Index.of(all, key.by()));
        });
        return next;
    }

    public ConfigSnapshot snapshot() {
        return snapshot;
    }

    public Optional<Entity> find(String type, UUID id) {
        return snapshot.find(type, id);
    }

    /** The only one of a type with a value in a field. */
    public Optional<Entity> findBy(String type, Field by, Object value) {
        List<Entity> found = allBy(type, by, value);
        return found.isEmpty() ? Optional.empty() : Optional.of(found.get(0));
    }

    /** All of a type with a value in a field, in no order. */
    public List<Entity> allBy(String type, Field by, Object value) {
        return indexes.computeIfAbsent(new Key(type, by), key -> Index.of(snapshot.all(type), by))
                .entities
                .getOrDefault(value, List.of());
    }

    /** What to index by. Kept as a constant: two are equal if their names are. */
    public record Field(String name, Function<Entity, Object> value) {
        /** A field's value. */
        public static Field value(String name) {
            return new Field(name, entity -> entity.get(name));
        }

        /** The id, a {@link UUID}, that a field refers to. */
        public static Field reference(String name) {
            return new Field(name, entity -> entity.reference(name));
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Field that && that.name.equals(name);
        }

        @Override
        public int hashCode() {
            return name.hashCode();
        }
    }

    private record Key(String type, Field by) {}

    private record Index(Map<Object, List<Entity>> entities) {
        static Index of(Collection<Entity> all, Field by) {
            Map<Object, List<Entity>> entities = new HashMap<>();
            for (Entity entity : all) {
                Object value = by.value().apply(entity);
                if (value != null) {
                    entities.merge(value, List.of(entity), Index::both);
                }
            }
            return new Index(entities);
        }

        private static List<Entity> both(List<Entity> before, List<Entity> one) {
            List<Entity> all = new ArrayList<>(before);
            all.addAll(one);
            return all;
        }
    }
}
