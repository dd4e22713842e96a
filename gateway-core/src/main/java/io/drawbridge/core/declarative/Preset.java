package io.drawbridge.core.declarative;

import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.FieldType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a document says once for many of its entries, as decK's files do: values for what entries leave out, tags that all
 * entries have, and configurations that plugins share. Immutable.
 *
 * @param standard by the type's name
 * @param tags of every entry; the document then stands for what has them all
 * @param configs by the name under which plugins ask for them
 */
record Preset(Map<String, Map<?, ?>> standard, List<String> tags, Map<String, Map<?, ?>> configs) {
    static final String INFO = "_info";
    static final String CONFIGS = "_plugin_configs";

    private static final String CONFIG = "config";
    private static final String ASKED = "_config";
    private static final String TAGS = "tags";

    static Preset of(Map<String, Object> document, DocumentErrors errors) {
        Map<?, ?> info = map(document, INFO, List.of(), errors);
        Map<String, Map<?, ?>> standard = new LinkedHashMap<>();
        map(info, "defaults", List.of(INFO), errors)
                .keySet()
                .forEach(type -> standard.put(
                        type + "s", map((Map<?, ?>) info.get("defaults"), type, List.of(INFO, "defaults"), errors)));
        Map<?, ?> shared = map(document, CONFIGS, List.of(), errors);
        Map<String, Map<?, ?>> configs = new LinkedHashMap<>();
        shared.keySet().forEach(name -> configs.put(String.valueOf(name), map(shared, name, List.of(CONFIGS), errors)));
        return new Preset(standard, tags(info, errors), configs);
    }

    private static List<String> tags(Map<?, ?> info, DocumentErrors errors) {
        Object given = info.get("select_tags");
        List<String> tags = new ArrayList<>();
        if (given instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
            list.forEach(tag -> tags.add(String.valueOf(tag)));
        } else if (given != null) {
            errors.field(List.of(INFO), "select_tags", FieldType.ARRAY.mismatch());
        }
        return tags;
    }

    private static Map<?, ?> map(Map<?, ?> in, Object name, List<Object> path, DocumentErrors errors) {
        Object value = in.get(name);
        if (value != null && !(value instanceof Map<?, ?>)) {
            errors.field(path, String.valueOf(name), FieldType.RECORD.mismatch());
        }
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    /** Adds to an entry what it leaves out. */
    void complete(EntityType type, Map<String, Object> entry, List<Object> path, DocumentErrors errors) {
        fill(entry, standard.getOrDefault(type.name(), Map.of()));
        if (!tags.isEmpty() && type.field(TAGS).isPresent()) {
            entry.put(TAGS, tagged(entry.get(TAGS)));
        }
        Object asked = type.name().equals("plugins") ? entry.remove(ASKED) : null;
        if (asked == null) {
            return;
        }
        Map<?, ?> shared = asked instanceof String name ? configs.get(name) : null;
        if (shared == null) {
            errors.field(path, ASKED, "no such entry in '" + CONFIGS + "'");
        } else if (entry.get(CONFIG) == null) {
            entry.put(CONFIG, shared);
        } else if (entry.get(CONFIG) instanceof Map<?, ?> own) {
            Map<Object, Object> both = new LinkedHashMap<>(shared);
            both.putAll(own);
            entry.put(CONFIG, both);
        }
    }

    /* Records within are filled as well. */
    private static <K> void fill(Map<K, Object> entry, Map<?, ?> standard) {
        standard.forEach((key, value) -> {
            @SuppressWarnings("unchecked")
            K name = (K) key;
            Object own = entry.get(name);
            if (own == null) {
                entry.put(name, value);
            } else if (own instanceof Map<?, ?> record && value instanceof Map<?, ?> more) {
                Map<Object, Object> filled = new LinkedHashMap<>(record);
                fill(filled, more);
                entry.put(name, filled);
            }
        });
    }

    private Object tagged(Object own) {
        if (own != null && !(own instanceof List<?>)) {
            return own;
        }
        Set<Object> all = new LinkedHashSet<>(own instanceof List<?> list ? list : List.of());
        all.addAll(tags);
        return List.copyOf(all);
    }
}
