package io.drawbridge.admin;

import io.drawbridge.core.declarative.DeclarativeException;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is wrong with a document as a list of the entities that are wrong, for clients that made it of parts. Immutable. */
final class FlattenedErrors {
    private static final String ENTITY = "@entity";

    private final EntityTypes types;

    FlattenedErrors(EntityTypes types) {
        this.types = types;
    }

    /** The refusal of a document; its {@code fields} keep what is wrong with no entity. */
    Reply reply(Map<String, Object> document, DeclarativeException wrong) {
        List<Map<String, Object>> flat = new ArrayList<>();
        Map<String, Object> rest = new LinkedHashMap<>(wrong.errors());
        types.declared().forEach(type -> {
            if (wrong.errors().get(type.name()) instanceof List<?> entries) {
                rest.remove(type.name());
                entries(type, document.get(type.name()), entries, flat);
            }
        });
        return Problem.invalidDocument(rest, flat);
    }

    private void entries(EntityType type, Object values, List<?> errors, List<Map<String, Object>> flat) {
        for (int i = 0; i < errors.size(); i++) {
            Object given = values instanceof List<?> list && i < list.size() ? list.get(i) : null;
            if (errors.get(i) instanceof Map<?, ?> error) {
                entry(type, given instanceof Map<?, ?> map ? map : Map.of(), error, flat);
            } else if (errors.get(i) != null) {
                entry(type, Map.of(), Map.of(ENTITY, List.of(errors.get(i))), flat);
            }
        }
    }

    private void entry(EntityType type, Map<?, ?> given, Map<?, ?> errors, List<Map<String, Object>> flat) {
        List<Map<String, Object>> own = new ArrayList<>();
        Map<Object, Object> entity = new LinkedHashMap<>(given);
        List<Map<String, Object>> below = new ArrayList<>();
        given.keySet().forEach(name -> child(type, String.valueOf(name)).ifPresent(child -> entity.remove(name)));
        errors.forEach((key, error) -> {
            String name = String.valueOf(key);
            Optional<EntityType> child = child(type, name);
            if (name.equals(ENTITY) && error instanceof List<?> texts) {
                texts.forEach(text -> own.add(error("entity", null, text)));
            } else if (child.isPresent() && error instanceof List<?> list) {
                entries(child.get(), given.get(name), list, below);
            } else {
                field(name, error, own);
            }
        });
        if (!own.isEmpty()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("entity_type", singular(type));
            put(one, "entity_id", given.get("id"));
            put(one, "entity_name", given.get("name"));
            put(one, "entity_tags", given.get("tags"));
            one.put("entity", entity);
            one.put("errors", own);
            flat.add(one);
        }
        flat.addAll(below);
    }

    private static void field(String path, Object error, List<Map<String, Object>> into) {
        if (error instanceof Map<?, ?> record) {
            record.forEach((name, each) -> field(path + "." + name, each, into));
        } else {
            into.add(error("field", path, error));
        }
    }

    /** @param text one text; or one per element of a list, with nulls where these are right */
    private static Map<String, Object> error(String type, String field, Object text) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("type", type);
        put(error, "field", field);
        error.put(text instanceof List<?> ? "messages" : "message", text);
        return error;
    }

    private static void put(Map<String, Object> map, String name, Object value) {
        if (value != null) {
            map.put(name, value);
        }
    }

    /** The type whose entities may stand under that name within one of the given type. */
    private Optional<EntityType> child(EntityType type, String name) {
        return type.field(name).isPresent()
                ? Optional.empty()
                : types.declared().stream()
                        .filter(child ->
                                (child.name().equals(name) || child.nestedPath().equals(name))
                                        && child.references().stream()
                                                .map(Field::reference)
                                                .anyMatch(type.name()::equals))
                        .findFirst();
    }

    private static String singular(EntityType type) {
        return type.name().endsWith("s") ? type.name().substring(0, type.name().length() - 1) : type.name();
    }
}
