package io.drawbridge.core.config;

import io.drawbridge.core.entity.Entity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** The whole configuration as it was at one moment. Immutable: what changes is a new one, which shares the rest. */
public final class ConfigSnapshot {
    private final Changes.Position position;
    private final Map<String, Map<UUID, Entity>> entities;
    private final Map<String, ConfigDigest> digests;
    private final String digest;

    private ConfigSnapshot(
            Changes.Position position, Map<String, Map<UUID, Entity>> entities, Map<String, ConfigDigest> digests) {
        this.position = position;
        this.entities = entities;
        this.digests = digests;
        this.digest = ConfigDigest.text(digests);
    }

    /** Without anything. */
    public static ConfigSnapshot empty() {
        return new ConfigSnapshot(Changes.Position.none(), Map.of(), Map.of());
    }

    /** These entities and no others. */
    public static ConfigSnapshot of(Changes.Position position, Collection<Entity> all) {
        Map<String, Map<UUID, Entity>> byType = new HashMap<>();
        Map<String, ConfigDigest> digests = new HashMap<>();
        for (Entity entity : all) {
            String type = entity.type().name();
            byType.computeIfAbsent(type, name -> new LinkedHashMap<>()).put(entity.id(), entity);
            digests.merge(type, ConfigDigest.of(entity), ConfigDigest::plus);
        }
        return new ConfigSnapshot(position, byType, digests);
    }

    /** This one with some entities replaced, added or taken away. */
    public ConfigSnapshot with(Changes.Position next, Delta delta) {
        Map<String, Map<UUID, Entity>> byType = new HashMap<>(entities);
        Map<String, ConfigDigest> sums = new HashMap<>(digests);
        for (String type : delta.types()) {
            Map<UUID, Entity> changed = new LinkedHashMap<>(byType.getOrDefault(type, Map.of()));
            ConfigDigest sum = sums.getOrDefault(type, ConfigDigest.NONE);
            for (UUID gone : delta.deleted().getOrDefault(type, Set.of())) {
                Entity before = changed.remove(gone);
                sum = before == null ? sum : sum.minus(ConfigDigest.of(before));
            }
            for (Entity entity : delta.written().getOrDefault(type, List.of())) {
                Entity before = changed.put(entity.id(), entity);
                sum = sum.plus(ConfigDigest.of(entity));
                sum = before == null ? sum : sum.minus(ConfigDigest.of(before));
            }
            byType.put(type, changed);
            sums.put(type, sum);
        }
        return new ConfigSnapshot(next, byType, sums);
    }

    /** The same content, at another place of the change log. */
    public ConfigSnapshot at(Changes.Position other) {
        return position.equals(other) ? this : new ConfigSnapshot(other, entities, digests);
    }

    /** Where in the change log this is, at least: it may know a little more. */
    public Changes.Position position() {
        return position;
    }

    /** The identity of the content: 32 hexadecimal digits, equal for equal content wherever it was made. */
    public String digest() {
        return digest;
    }

    /** Names of types of which there is something. */
    public Set<String> types() {
        Set<String> names = new TreeSet<>();
        entities.forEach((name, all) -> {
            if (!all.isEmpty()) {
                names.add(name);
            }
        });
        return names;
    }

    /** All of a type, in no order. */
    public Collection<Entity> all(String type) {
        return Collections.unmodifiableCollection(
                entities.getOrDefault(type, Map.of()).values());
    }

    public Optional<Entity> find(String type, UUID id) {
        return Optional.ofNullable(entities.getOrDefault(type, Map.of()).get(id));
    }

    /** Whether all of a type are those of another snapshot from which this one came: false may mean "perhaps". */
    public boolean sameAs(ConfigSnapshot other, String type) {
        return entities.getOrDefault(type, Map.of()) == other.entities.getOrDefault(type, Map.of());
    }

    public int size() {
        return entities.values().stream().mapToInt(Map::size).sum();
    }

    /** What must be done to {@code before} to get this. */
    public Delta since(ConfigSnapshot before) {
        Map<String, List<Entity>> written = new LinkedHashMap<>();
        Map<String, Set<UUID>> deleted = new LinkedHashMap<>();
        Set<String> names = new TreeSet<>(entities.keySet());
        names.addAll(before.entities.keySet());
        for (String type : names) {
            Map<UUID, Entity> now = entities.getOrDefault(type, Map.of());
            Map<UUID, Entity> then = before.entities.getOrDefault(type, Map.of());
            if (now == then) {
                continue;
            }
            List<Entity> changed = new ArrayList<>();
            now.forEach((id, entity) -> {
                Entity old = then.get(id);
                if (old != entity && !entity.equals(old)) {
                    changed.add(entity);
                }
            });
            Set<UUID> gone = new TreeSet<>();
            then.keySet().stream().filter(id -> !now.containsKey(id)).forEach(gone::add);
            if (!changed.isEmpty()) {
                written.put(type, changed);
            }
            if (!gone.isEmpty()) {
                deleted.put(type, gone);
            }
        }
        return new Delta(written, deleted);
    }

    @Override
    public String toString() {
        return "config " + digest + " at revision " + position.revision();
    }

    /**
     * Entities of which the newest state is told, by type. Immutable.
     *
     * @param written that are new or different
     * @param deleted that are no more
     */
    public record Delta(Map<String, List<Entity>> written, Map<String, Set<UUID>> deleted) {
        /** Names of the types that are touched. */
        public Set<String> types() {
            Set<String> names = new TreeSet<>(written.keySet());
            names.addAll(deleted.keySet());
            return names;
        }

        public boolean isEmpty() {
            return written.isEmpty() && deleted.isEmpty();
        }
    }
}
