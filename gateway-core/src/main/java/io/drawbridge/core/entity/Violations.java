package io.drawbridge.core.entity;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is wrong with an input, per field and for the entity as a whole; and how that is said to clients. Confined to one
 * validation.
 */
public final class Violations {
    private static final String ENTITY = "@entity";

    private final Map<String, Object> fields = new TreeMap<>();
    private final List<String> entity = new ArrayList<>();
    private final boolean updating;

    /** Of a whole entity. */
    Violations() {
        this(false);
    }

    /** @param updating whether the input only changes an entity */
    Violations(boolean updating) {
        this.updating = updating;
    }

    /** One field is wrong. */
    public static Violations of(String field, Object error) {
        Violations violations = new Violations();
        violations.field(field, error);
        return violations;
    }

    /** The input as a whole is wrong. */
    public static Violations ofEntity(String error) {
        Violations violations = new Violations();
        violations.entity(error);
        return violations;
    }

    void field(String name, Object error) {
        fields.put(name, error);
    }

    /** One field is wrong; {@code record.field} is one of a record's. */
    void at(String path, Object error) {
        int dot = path.indexOf('.');
        if (dot < 0) {
            field(path, error);
            return;
        }
        String record = path.substring(0, dot);
        Map<String, Object> below = new TreeMap<>();
        if (fields.get(record) instanceof Map<?, ?> known) {
            known.forEach((name, text) -> below.put((String) name, text));
        }
        below.put(path.substring(dot + 1), error);
        field(record, below);
    }

    void entity(String text) {
        if (!entity.contains(text)) {
            entity.add(text);
        }
    }

    boolean updating() {
        return updating;
    }

    boolean has(String field) {
        return fields.containsKey(field);
    }

    /** As {@link #has}; {@code record.field} is wrong where the record as a whole is, too. */
    boolean hasAt(String path) {
        int dot = path.indexOf('.');
        if (dot < 0) {
            return has(path);
        }
        Object error = fields.get(path.substring(0, dot));
        return error instanceof Map<?, ?> below ? below.containsKey(path.substring(dot + 1)) : error != null;
    }

    public boolean isEmpty() {
        return fields.isEmpty() && entity.isEmpty();
    }

    /** As JSON: text per field, lists with nulls where elements are right, and {@code @entity}. */
    public Map<String, Object> fields() {
        Map<String, Object> all = new TreeMap<>(fields);
        if (!entity.isEmpty()) {
            all.put(ENTITY, List.copyOf(entity));
        }
        return Collections.unmodifiableMap(all);
    }

    /** {@code schema violation (f: text)} or {@code n schema violations (a: x; b: y)}. */
    public String message() {
        List<String> lines = new ArrayList<>(entity);
        fields.forEach((name, error) -> describe(name, error, lines));
        String all = " (" + String.join("; ", lines) + ")";
        return lines.size() == 1 ? "schema violation" + all : lines.size() + " schema violations" + all;
    }

    private static void describe(String name, Object error, List<String> lines) {
        if (error instanceof Map<?, ?> map) {
            map.forEach((sub, text) -> lines.add(name + "." + sub + ": " + below(text)));
        } else if (error instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                if (list.get(i) != null) {
                    lines.add(name + "." + (i + 1) + ": " + below(list.get(i)));
                }
            }
        } else {
            lines.add(name + ": " + error);
        }
    }

    private static String below(Object error) {
        return error instanceof String text ? text : LuaText.lines(error, "");
    }

    @Override
    public String toString() {
        return message();
    }
}
