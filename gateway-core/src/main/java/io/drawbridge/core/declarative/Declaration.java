package io.drawbridge.core.declarative;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A document that was found valid. Its entities are read piece by piece, for they may be more than fit into memory.
 * Written once, then read; one thread at a time.
 */
public final class Declaration implements AutoCloseable {
    private final Map<String, EntityType> types = new LinkedHashMap<>();
    private final Map<String, Spool> byType = new HashMap<>();
    private final Map<String, Integer> skipped = new HashMap<>();
    private final Set<String> workspaces = new LinkedHashSet<>();
    private List<String> tags = List.of();
    /* Of each id the last entry counts. */
    private final Map<String, Map<String, Integer>> last = new HashMap<>();

    Declaration() {}

    /**
     * One entity of it. Not to be printed, for it holds secrets.
     *
     * @param workspace the name of the one that it is in
     * @param given what the document says of it: the rest are defaults, or made up
     */
    public record Declared(String workspace, Entity entity, Map<String, Object> given) {
        @Override
        public String toString() {
            return entity.toString();
        }
    }

    /** How many entries were left out because nodes keep such entities themselves, by the type's name. */
    public Map<String, Integer> skipped() {
        return Map.copyOf(skipped);
    }

    /** Of all entities: the document stands for what has them; empty: for everything. */
    List<String> tags() {
        return tags;
    }

    void tags(List<String> ofAll) {
        tags = List.copyOf(ofAll);
    }

    /** How many entities there are, or a few more. */
    public int count() {
        return byType.values().stream().mapToInt(Spool::count).sum();
    }

    /** The names of the workspaces that it speaks of. */
    Set<String> workspaces() {
        return workspaces;
    }

    boolean has(EntityType type, String id) {
        return last.getOrDefault(type.name(), Map.of()).containsKey(id);
    }

    boolean has(EntityType type) {
        return byType.containsKey(type.name());
    }

    /** Of one type, from the first, no id twice; each walk is its own. */
    public Walk walk(EntityType type) {
        return new Walk(type);
    }

    /** All of them at once, referenced ones before those that refer to them: for documents that fit into memory. */
    public List<Declared> entities() {
        List<Declared> all = new ArrayList<>();
        for (EntityType type : types.values()) {
            Walk walk = walk(type);
            for (Declared each = walk.next(); each != null; each = walk.next()) {
                all.add(each);
            }
        }
        return all;
    }

    /** A walk over the entities of one type. */
    public final class Walk {
        private final EntityType type;
        private final Spool.Records records;
        private int number;

        private Walk(EntityType type) {
            this.type = type;
            Spool spool = byType.get(type.name());
            this.records = spool == null ? null : spool.records();
        }

        /** The next entity; null after the last. */
        @SuppressWarnings("unchecked")
        public Declared next() {
            for (List<?> each = read(); each != null; each = read()) {
                Map<String, Object> values = (Map<String, Object>) each.get(1);
                if (last.get(type.name()).get((String) values.get("id")) == number - 1) {
                    return new Declared(
                            (String) each.get(0),
                            new Entity(type, values),
                            each.get(2) == null ? values : (Map<String, Object>) each.get(2));
                }
            }
            return null;
        }

        private List<?> read() {
            number++;
            return records == null ? null : records.next();
        }
    }

    void add(String workspace, Entity entity, Map<String, Object> given) {
        String type = entity.type().name();
        types.putIfAbsent(type, entity.type());
        Spool spool = byType.computeIfAbsent(type, none -> new Spool());
        last.computeIfAbsent(type, none -> new HashMap<>()).put((String) entity.get("id"), spool.count());
        workspaces.add(workspace);
        spool.add(java.util.Arrays.asList(workspace, entity.values(), given));
    }

    void speaksOf(String workspace) {
        workspaces.add(workspace);
    }

    void skip(String type, int count) {
        skipped.merge(type, count, Integer::sum);
    }

    @Override
    public void close() {
        byType.values().forEach(Spool::close);
    }

    @Override
    public String toString() {
        return byType.entrySet().stream()
                .map(each -> each.getValue().count() + " " + each.getKey())
                .collect(Collectors.joining(", "));
    }
}
