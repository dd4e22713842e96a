package io.drawbridge.core.declarative;

import io.drawbridge.core.declarative.Declaration.Declared;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.Field;
import io.drawbridge.core.entity.FieldType;
import io.drawbridge.core.entity.Validator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Reads documents of the declarative format, versions 1.1 and 2.1: a list per entity type, children within their parents
 * or on their own, references by name or id, and ids that follow from names. Thread-safe.
 */
public final class DeclarativeFile {
    static final String FORMAT_VERSION = "_format_version";
    static final String TRANSFORM = "_transform";

    private static final List<String> VERSIONS = List.of("1.1", "2.1");
    private static final String COMMENT = "_comment";
    private static final String IGNORE = "_ignore";
    /* In exports of other products; here nodes keep them themselves, or nobody does. */
    private static final Set<String> SKIPPED = Set.of(
            "parameters",
            "sessions",
            "acme_storage",
            "oauth2_authorization_codes",
            "tags",
            "clustering_data_planes",
            "ratelimiting_metrics");

    private final EntityTypes types;
    private final List<EntityType> order;
    private final Validator validator;

    public DeclarativeFile(EntityTypes types, Validator validator) {
        this.types = types;
        this.order = Topology.order(types);
        this.validator = validator;
    }

    List<EntityType> order() {
        return order;
    }

    /**
     * The entities of a document that stands for itself.
     *
     * @param document as parsed from JSON or YAML: maps, lists, texts, numbers, booleans, nulls
     * @throws DeclarativeException saying everything that is wrong
     */
    public Declaration read(Map<String, Object> document) {
        return read(document, Known.NOTHING);
    }

    /** @param known what the document may also refer to, and whose ids it takes over where it says none */
    Declaration read(Map<String, Object> document, Known known) {
        return new Reading(known).read(document);
    }

    /** One entry of the document. */
    private static final class Item {
        private final EntityType type;
        private final List<Object> path;
        private final Map<String, Object> values;
        private final Item parent;
        private final String parentField;
        private String id;

        Item(EntityType type, List<Object> path, Map<String, Object> values, Item parent, String parentField) {
            this.type = type;
            this.path = path;
            this.values = values;
            this.parent = parent;
            this.parentField = parentField;
        }
    }

    /** The reading of one document. */
    private final class Reading {
        private final Known known;
        private final DocumentErrors errors = new DocumentErrors();
        private final Map<String, List<Item>> items = new HashMap<>();
        private final Map<String, Map<String, Item>> byId = new HashMap<>();
        private final Map<String, Map<String, Item>> byName = new HashMap<>();
        private final Map<String, Integer> skipped = new TreeMap<>();
        private Preset preset;
        private boolean transform = true;

        Reading(Known known) {
            this.known = known;
        }

        Declaration read(Map<String, Object> document) {
            head(document);
            preset = Preset.of(document, errors);
            document.forEach((name, value) -> {
                Optional<EntityType> type = types.find(name);
                if (type.isPresent()) {
                    entries(type.get(), List.of(), name, value, null, null);
                } else if (SKIPPED.contains(name)) {
                    skipped.put(name, value instanceof List<?> list ? list.size() : 0);
                } else if (!name.startsWith("_")) {
                    errors.field(List.of(), name, "unknown field");
                }
            });
            List<Declared> read = new ArrayList<>();
            for (EntityType type : order) {
                List<Item> all = items.getOrDefault(type.name(), List.of());
                all.forEach(this::identify);
                all.stream().filter(this::kept).forEach(item -> validate(item, read));
            }
            if (!errors.isEmpty()) {
                throw errors.exception();
            }
            return new Declaration(read, preset.tags(), skipped);
        }

        private void head(Map<String, Object> document) {
            Object version = document.get(FORMAT_VERSION);
            if (version == null) {
                errors.field(List.of(), FORMAT_VERSION, "required field missing");
            } else if (!(version instanceof String)) {
                errors.field(List.of(), FORMAT_VERSION, FieldType.STRING.mismatch());
            } else if (!VERSIONS.contains(version)) {
                errors.field(List.of(), FORMAT_VERSION, "expected one of: " + String.join(", ", VERSIONS));
            }
            Object given = document.get(TRANSFORM);
            if (given instanceof Boolean flag) {
                transform = flag;
            } else if (given != null) {
                errors.field(List.of(), TRANSFORM, FieldType.BOOLEAN.mismatch());
            }
            remarks(List.of(), document);
            document.keySet().stream()
                    .filter(name -> name.startsWith("_")
                            && !Set.of(FORMAT_VERSION, TRANSFORM, COMMENT, IGNORE, Preset.INFO, Preset.CONFIGS)
                                    .contains(name))
                    .forEach(name -> errors.field(List.of(), name, "unknown field"));
        }

        private void remarks(List<Object> path, Map<String, Object> values) {
            if (values.get(COMMENT) != null && !(values.get(COMMENT) instanceof String)) {
                errors.field(path, COMMENT, FieldType.STRING.mismatch());
            }
            if (values.get(IGNORE) != null && !(values.get(IGNORE) instanceof List<?>)) {
                errors.field(path, IGNORE, FieldType.ARRAY.mismatch());
            }
        }

        /** @param parentField by which the entries refer to {@code parent}; null with it */
        private void entries(
                EntityType type, List<Object> above, String name, Object value, Item parent, String parentField) {
            if (value == null || value instanceof Map<?, ?> none && none.isEmpty()) {
                return;
            }
            if (!(value instanceof List<?> list)) {
                errors.field(above, name, FieldType.ARRAY.mismatch());
                return;
            }
            List<Object> path = joined(above, name);
            for (int i = 0; i < list.size(); i++) {
                if (list.get(i) instanceof Map<?, ?> map) {
                    entry(type, joined(path, i + 1), map, parent, parentField);
                } else {
                    errors.entry(path, i + 1, FieldType.RECORD.mismatch());
                }
            }
        }

        private void entry(EntityType type, List<Object> path, Map<?, ?> map, Item parent, String parentField) {
            Map<String, Object> values = new LinkedHashMap<>();
            map.forEach((key, value) -> values.put(String.valueOf(key), value));
            remarks(path, values);
            values.remove(COMMENT);
            values.remove(IGNORE);
            preset.complete(type, values, path, errors);
            Item item = new Item(type, path, values, parent, parentField);
            items.computeIfAbsent(type.name(), none -> new ArrayList<>()).add(item);
            for (EntityType child : order) {
                for (Field field : child.references()) {
                    if (field.reference().equals(type.name())) {
                        for (String name : new TreeSet<>(List.of(child.name(), child.nestedPath()))) {
                            if (values.containsKey(name) && type.field(name).isEmpty()) {
                                entries(child, path, name, values.remove(name), item, field.name());
                            }
                        }
                    }
                }
            }
        }

        /** Its references by id, its own id, and what others may refer to it by. */
        private void identify(Item item) {
            Map<String, Object> values = item.values;
            if (item.parent != null) {
                if (values.get(item.parentField) != null) {
                    errors.field(item.path, item.parentField, "value must be null");
                }
                values.put(item.parentField, Map.of("id", item.parent.id));
            }
            for (Field field : item.type.references()) {
                if (values.get(field.name()) != null && !field.name().equals(item.parentField)) {
                    resolve(item, field, values.get(field.name()));
                }
            }
            if (values.get("id") == null) {
                item.id = NaturalKey.of(item.type, values)
                        .map(key -> known.id(item.type, key)
                                .orElseGet(() -> Uuids.of(item.type.name(), key).toString()))
                        .orElseGet(() -> UUID.randomUUID().toString());
                values.put("id", item.id);
            } else {
                item.id = String.valueOf(values.get("id")).toLowerCase(Locale.ROOT);
            }
            register(item);
        }

        private void register(Item item) {
            String type = item.type.name();
            /* An upstream's history of one address: the last one counts. */
            boolean history = type.equals("targets");
            Item other = byId(type).put(item.id, item);
            if (other != null && !history) {
                errors.entity(
                        item.path,
                        "uniqueness violation: '" + type + "' entity with primary key set to '" + item.id
                                + "' already declared");
                return;
            }
            String key = item.type.endpointKey();
            if (key != null
                    && item.values.get(key) instanceof String name
                    && byName.computeIfAbsent(type, none -> new HashMap<>()).put(name, item) != null) {
                errors.entity(
                        item.path,
                        "uniqueness violation: '" + type + "' entity with " + key + " set to '" + name
                                + "' already declared");
            }
        }

        private boolean kept(Item item) {
            return byId(item.type.name()).get(item.id) == item;
        }

        private void resolve(Item item, Field field, Object value) {
            Optional<EntityType> found = types.find(field.reference());
            if (found.isEmpty()) {
                return;
            }
            EntityType target = found.get();
            Object given = value;
            if (value instanceof Map<?, ?> reference) {
                Object id = reference.get("id");
                given = id == null && target.endpointKey() != null ? reference.get(target.endpointKey()) : id;
            }
            if (!(given instanceof String text)) {
                return;
            }
            Item named = byName.getOrDefault(target.name(), Map.of()).get(text);
            String lower = text.toLowerCase(Locale.ROOT);
            Optional<String> id = named != null
                    ? Optional.of(named.id)
                    : byId(target.name()).containsKey(lower) || known.has(target, lower)
                            ? Optional.of(lower)
                            : target.endpointKey() == null ? Optional.empty() : known.id(target, text);
            if (id.isEmpty()) {
                errors.entity(
                        item.path,
                        "invalid reference '" + field.name() + ": " + text + "' (no such entry in '" + target.name()
                                + "')");
            }
            item.values.put(field.name(), Map.of("id", id.orElse(new UUID(0, 0).toString())));
        }

        private void validate(Item item, List<Declared> read) {
            Validator.Checked checked = transform
                    ? validator.create(item.type, item.values)
                    : validator.createDerived(item.type, item.values);
            if (checked.entity() != null) {
                read.add(new Declared(checked.entity(), item.values));
                return;
            }
            checked.violations().fields().forEach((name, error) -> {
                if (name.startsWith("@") && error instanceof List<?> lines) {
                    lines.forEach(line -> errors.entity(item.path, String.valueOf(line)));
                } else {
                    errors.field(item.path, name, error);
                }
            });
        }

        private Map<String, Item> byId(String type) {
            return byId.computeIfAbsent(type, none -> new HashMap<>());
        }
    }

    private static List<Object> joined(List<Object> path, Object step) {
        List<Object> joined = new ArrayList<>(path);
        joined.add(step);
        return List.copyOf(joined);
    }
}
