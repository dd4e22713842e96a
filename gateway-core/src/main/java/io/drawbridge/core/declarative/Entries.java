package io.drawbridge.core.declarative;

import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.Field;
import io.drawbridge.core.entity.FieldType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Takes a document apart: its head, and every entry by type, what was nested on its own and with a mark of what it was
 * nested in. Written once, then read; confined to one reading.
 */
final class Entries implements Document.Members, AutoCloseable {
    private static final List<String> VERSIONS = List.of("1.1", "2.1");
    private static final String TRANSFORM = "_transform";
    private static final String COMMENT = "_comment";
    private static final String IGNORE = "_ignore";
    /* In exports of other products; here nodes keep them themselves, or nobody does. */
    private static final Set<String> SKIPPED =
            Set.of("parameters", "tags", "clustering_data_planes", "ratelimiting_metrics");

    private final Map<String, EntityType> types = new LinkedHashMap<>();
    private final DocumentErrors errors;
    private final Map<String, Spool> byType = new HashMap<>();
    private final Map<String, Integer> skipped = new TreeMap<>();
    private final Map<String, Object> preset = new HashMap<>();
    private Object version;
    private boolean transform = true;
    private String workspace = Workspaces.DEFAULT;

    Entries(List<EntityType> all, DocumentErrors errors) {
        all.forEach(type -> types.put(type.name(), type));
        this.errors = errors;
    }

    /**
     * One entry of the document.
     *
     * @param path where it stands
     * @param workspace as it says itself; null: the document's
     * @param parent number of the entry that it is nested in, among those of its type; -1: none
     * @param parentField by which it refers to that; null: none
     * @param values what it says; may be changed
     */
    record Entry(List<Object> path, String workspace, int parent, String parentField, Map<String, Object> values) {}

    boolean transform() {
        return transform;
    }

    /** The name of the document's. */
    String workspace() {
        return workspace;
    }

    /** What it says once for many entries. */
    Preset preset() {
        return Preset.of(preset, errors);
    }

    Map<String, Integer> skipped() {
        return skipped;
    }

    void requireHead() {
        if (version == null) {
            errors.field(List.of(), DeclarativeFile.FORMAT_VERSION, "required field missing");
        } else if (!(version instanceof String)) {
            errors.field(List.of(), DeclarativeFile.FORMAT_VERSION, FieldType.STRING.mismatch());
        } else if (!VERSIONS.contains(version)) {
            errors.field(List.of(), DeclarativeFile.FORMAT_VERSION, "expected one of: " + String.join(", ", VERSIONS));
        }
    }

    @Override
    public void member(String name, Object value) {
        switch (name) {
            case DeclarativeFile.FORMAT_VERSION -> version = value;
            case TRANSFORM -> {
                if (value instanceof Boolean flag) {
                    transform = flag;
                } else if (value != null) {
                    errors.field(List.of(), name, FieldType.BOOLEAN.mismatch());
                }
            }
            case Workspaces.MEMBER -> {
                if (value instanceof String text) {
                    workspace = text;
                } else if (value != null) {
                    errors.field(List.of(), name, FieldType.STRING.mismatch());
                }
            }
            case COMMENT, IGNORE -> remarks(List.of(), new HashMap<>(java.util.Collections.singletonMap(name, value)));
            case Preset.INFO, Preset.CONFIGS -> preset.put(name, value);
            default -> list(name, value);
        }
    }

    private void list(String name, Object value) {
        boolean empty = value == null
                || value instanceof Map<?, ?> map && map.isEmpty()
                || value instanceof List<?> list && list.isEmpty();
        if (SKIPPED.contains(name)) {
            skipped.putIfAbsent(name, 0);
        } else if (!types.containsKey(name)) {
            errors.field(List.of(), name, "unknown field");
        } else if (!empty) {
            errors.field(List.of(), name, FieldType.ARRAY.mismatch());
        }
    }

    @Override
    public void entry(String name, int number, Object value) {
        EntityType type = types.get(name);
        if (SKIPPED.contains(name)) {
            skipped.merge(name, 1, Integer::sum);
        } else if (type != null) {
            entry(type, List.of(name), number, value, -1, null, null);
        } else if (number == 1) {
            /* A list where none belongs. */
            member(name, List.of(value == null ? "" : value));
        }
    }

    private void entry(
            EntityType type,
            List<Object> list,
            int number,
            Object value,
            int parent,
            String parentField,
            String inherited) {
        if (!(value instanceof Map<?, ?> map)) {
            errors.entry(list, number, FieldType.RECORD.mismatch());
            return;
        }
        List<Object> path = joined(list, number);
        Map<String, Object> values = new LinkedHashMap<>();
        map.forEach((key, each) -> values.put(String.valueOf(key), each));
        remarks(path, values);
        String own = inherited;
        if (parent < 0 && values.containsKey(Workspaces.MEMBER)) {
            Object given = values.remove(Workspaces.MEMBER);
            own = given instanceof String text ? text : null;
            if (given != null && own == null) {
                errors.field(path, Workspaces.MEMBER, FieldType.STRING.mismatch());
            }
        }
        Map<String, Object> nested = new LinkedHashMap<>();
        Map<String, Field> fields = new HashMap<>();
        Map<String, EntityType> children = new HashMap<>();
        for (EntityType child : types.values()) {
            for (Field field : child.references()) {
                if (field.reference().equals(type.name())) {
                    for (String name : new TreeSet<>(List.of(child.name(), child.nestedPath()))) {
                        if (values.containsKey(name) && type.field(name).isEmpty()) {
                            nested.put(name, values.remove(name));
                            fields.put(name, field);
                            children.put(name, child);
                        }
                    }
                }
            }
        }
        Spool spool = byType.computeIfAbsent(type.name(), none -> new Spool());
        int place = spool.count();
        spool.add(Arrays.asList(path, own, parent, parentField, values));
        String workspaceBelow = own;
        nested.forEach((name, below) -> children(
                children.get(name), path, name, below, place, fields.get(name).name(), workspaceBelow));
    }

    private void children(
            EntityType type,
            List<Object> above,
            String name,
            Object value,
            int parent,
            String parentField,
            String inherited) {
        if (value == null || value instanceof Map<?, ?> none && none.isEmpty()) {
            return;
        }
        if (!(value instanceof List<?> list)) {
            errors.field(above, name, FieldType.ARRAY.mismatch());
            return;
        }
        List<Object> path = joined(above, name);
        for (int i = 0; i < list.size(); i++) {
            entry(type, path, i + 1, list.get(i), parent, parentField, inherited);
        }
    }

    /** Checks what may stand anywhere, and takes it away. */
    private void remarks(List<Object> path, Map<String, Object> values) {
        Object comment = values.remove(COMMENT);
        if (comment != null && !(comment instanceof String)) {
            errors.field(path, COMMENT, FieldType.STRING.mismatch());
        }
        Object ignore = values.remove(IGNORE);
        if (ignore != null && !(ignore instanceof List<?>)) {
            errors.field(path, IGNORE, FieldType.ARRAY.mismatch());
        }
    }

    /** The entries of one type, in their order. */
    Spool.Records records(EntityType type) {
        Spool spool = byType.get(type.name());
        return spool == null ? null : spool.records();
    }

    /** The next of the records; null after the last. */
    @SuppressWarnings("unchecked")
    static Entry next(Spool.Records records) {
        List<?> read = records.next();
        if (read == null) {
            return null;
        }
        List<Object> path = new ArrayList<>();
        ((List<?>) read.get(0)).forEach(step -> path.add(step instanceof Long number ? number.intValue() : step));
        return new Entry(
                path, (String) read.get(1), ((Long) read.get(2)).intValue(), (String) read.get(3), (Map<String, Object>)
                        read.get(4));
    }

    private static List<Object> joined(List<Object> path, Object step) {
        List<Object> joined = new ArrayList<>(path);
        joined.add(step);
        return List.copyOf(joined);
    }

    @Override
    public void close() {
        byType.values().forEach(Spool::close);
    }
}
