package io.drawbridge.core.declarative;

import io.drawbridge.core.declarative.Entries.Entry;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.Field;
import io.drawbridge.core.entity.Validator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Gives a document's entries ids, leads references to what they mean, and validates each. Ids and names of all entries are
 * in memory, the rest one entry at a time. Confined to one reading.
 */
final class Resolution {
    private final EntityTypes types;
    private final Validator validator;
    private final Known known;
    private final DocumentErrors errors;
    private final Entries entries;
    private final Declaration read;
    private final Preset preset;
    /* By type: ids in the order of entries; the workspace of each id; ids by scope and name. */
    private final Map<String, List<String>> ids = new HashMap<>();
    private final Map<String, Map<String, String>> workspaces = new HashMap<>();
    private final Map<String, Map<String, String>> names = new HashMap<>();

    Resolution(
            EntityTypes types,
            Validator validator,
            Known known,
            DocumentErrors errors,
            Entries entries,
            Declaration read) {
        this.types = types;
        this.validator = validator;
        this.known = known;
        this.errors = errors;
        this.entries = entries;
        this.read = read;
        this.preset = entries.preset();
        read.tags(preset.tags());
    }

    /** @param order referenced types before those that refer to them */
    void run(List<EntityType> order) {
        for (EntityType type : order) {
            Spool.Records records = entries.records(type);
            if (records != null) {
                for (Entry entry = Entries.next(records); entry != null; entry = Entries.next(records)) {
                    one(type, entry);
                }
            }
        }
        if (!entries.workspace().equals(Workspaces.DEFAULT)) {
            requireWorkspace(List.of(), entries.workspace());
        }
    }

    private void one(EntityType type, Entry entry) {
        Map<String, Object> values = entry.values();
        preset.complete(type, values, entry.path(), errors);
        String workspace = entry.workspace() == null ? entries.workspace() : entry.workspace();
        if (entry.workspace() != null && type.workspaced()) {
            requireWorkspace(entry.path(), workspace);
        }
        if (entry.parentField() != null) {
            if (values.get(entry.parentField()) != null) {
                errors.field(entry.path(), entry.parentField(), "value must be null");
            }
            String parent = type.field(entry.parentField()).orElseThrow().reference();
            values.put(entry.parentField(), Map.of("id", ids.get(parent).get(entry.parent())));
        }
        for (Field field : type.references()) {
            if (values.get(field.name()) != null && !field.name().equals(entry.parentField())) {
                resolve(entry, workspace, field);
            }
        }
        String id = identify(type, workspace, values);
        ids.computeIfAbsent(type.name(), none -> new ArrayList<>()).add(id);
        if (register(type, workspace, id, entry)) {
            validate(type, workspace, entry);
        }
    }

    private void requireWorkspace(List<Object> path, String workspace) {
        EntityType type = types.get(Workspaces.TYPE);
        /* Which ones there are besides is seen when it is written. */
        boolean there = known == Known.NOTHING
                || workspace.equals(Workspaces.DEFAULT)
                || names("", type).containsKey(workspace)
                || known.id("", type, workspace).isPresent();
        if (!there) {
            errors.field(path, Workspaces.MEMBER, "no such entry in '" + Workspaces.TYPE + "'");
        }
    }

    private String identify(EntityType type, String workspace, Map<String, Object> values) {
        if (values.get("id") != null) {
            return String.valueOf(values.get("id")).toLowerCase(Locale.ROOT);
        }
        String id = NaturalKey.of(type, values)
                .map(key -> known.id(workspace, type, key)
                        .orElseGet(() -> Uuids.of(type.name(), Workspaces.key(workspace, type, key))
                                .toString()))
                .orElseGet(() -> UUID.randomUUID().toString());
        values.put("id", id);
        return id;
    }

    /** Whether the entry may stand for its id. */
    private boolean register(EntityType type, String workspace, String id, Entry entry) {
        /* An upstream's history of one address: the last one counts. */
        boolean history = type.name().equals("targets");
        boolean taken =
                workspaces.computeIfAbsent(type.name(), none -> new HashMap<>()).put(id, workspace) != null;
        if (taken && !history) {
            errors.entity(
                    entry.path(),
                    "uniqueness violation: '" + type.name() + "' entity with primary key set to '" + id
                            + "' already declared");
            return false;
        }
        String key = type.endpointKey();
        String name = key != null && entry.values().get(key) instanceof String text ? text : null;
        String other = name == null ? null : names(workspace, type).put(name, id);
        if (other != null && !(history && other.equals(id))) {
            errors.entity(
                    entry.path(),
                    "uniqueness violation: '" + type.name() + "' entity with "
                            + (secretlyNamed(type) ? "the same " + key : key + " set to '" + name + "'")
                            + " already declared");
        }
        return true;
    }

    private void resolve(Entry entry, String workspace, Field field) {
        Optional<EntityType> found = types.find(field.reference());
        if (found.isEmpty()) {
            return;
        }
        EntityType target = found.get();
        Object given = entry.values().get(field.name());
        if (given instanceof Map<?, ?> reference) {
            Object id = reference.get("id");
            given = id == null && target.endpointKey() != null ? reference.get(target.endpointKey()) : id;
        }
        if (!(given instanceof String text)) {
            return;
        }
        String lower = text.toLowerCase(Locale.ROOT);
        String named = names(workspace, target).get(text);
        boolean declared = workspace.equals(
                workspaces.getOrDefault(target.name(), Map.of()).get(lower));
        Optional<String> id = named != null
                ? Optional.of(named)
                : declared || known.has(workspace, target, lower)
                        ? Optional.of(lower)
                        : target.endpointKey() == null ? Optional.empty() : known.id(workspace, target, text);
        if (id.isEmpty()) {
            errors.entity(
                    entry.path(),
                    "invalid reference '" + field.name() + (secretlyNamed(target) ? "" : ": " + text)
                            + "' (no such entry in '" + target.name() + "')");
        }
        entry.values().put(field.name(), Map.of("id", id.orElse(new UUID(0, 0).toString())));
    }

    private static boolean secretlyNamed(EntityType type) {
        return type.endpointKey() != null
                && type.field(type.endpointKey()).orElseThrow().secret();
    }

    private void validate(EntityType type, String workspace, Entry entry) {
        Validator.Checked checked = entries.transform()
                ? validator.create(type, entry.values())
                : validator.createDerived(type, entry.values());
        if (checked.entity() != null) {
            read.add(workspace, checked.entity(), entry.values());
            return;
        }
        checked.violations().fields().forEach((name, error) -> {
            if (name.startsWith("@") && error instanceof List<?> lines) {
                lines.forEach(line -> errors.entity(entry.path(), String.valueOf(line)));
            } else {
                errors.field(entry.path(), name, error);
            }
        });
    }

    private Map<String, String> names(String workspace, EntityType type) {
        return names.computeIfAbsent(type.name() + "/" + Workspaces.scope(workspace, type), none -> new HashMap<>());
    }
}
