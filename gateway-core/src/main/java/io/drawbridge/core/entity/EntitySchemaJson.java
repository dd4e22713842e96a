package io.drawbridge.core.entity;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The documents that tell clients what entities and plugins consist of: {@code {"fields": [{"id": {"type": "string",
 * ...}}, ...]}}, with the limits that have a name. Clients take the defaults from there.
 */
public final class EntitySchemaJson {
    private EntitySchemaJson() {}

    /** Of a type, as {@code /schemas/{entity}} shows it. */
    public static Map<String, Object> of(EntityType type) {
        return document(type.fields().stream());
    }

    /** Of a plugin, as {@code /schemas/plugins/{name}} shows it: what differs from plugins in general. */
    public static Map<String, Object> of(PluginSchema schema) {
        Stream<Field> never = Arrays.stream(PluginSchema.Scope.values())
                .filter(scope -> !schema.scopes().contains(scope))
                .map(scope -> schema.scopeField(scope).build());
        return document(Stream.concat(never, Stream.of(schema.protocolsField().build(), schema.config())));
    }

    /** Of a plugin's configuration alone, as {@code /plugins/schema/{name}} shows it. */
    public static Map<String, Object> ofConfig(PluginSchema schema) {
        return document(schema.config().fields().stream());
    }

    private static Map<String, Object> document(Stream<Field> fields) {
        return Map.of("fields", named(fields));
    }

    private static List<Object> named(Stream<Field> fields) {
        return fields.map(field -> (Object) Map.of(field.name(), describe(field)))
                .toList();
    }

    private static Map<String, Object> describe(Field field) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("type", field.type().name().toLowerCase(Locale.ROOT));
        flags(field, all);
        if (field.standard() != null && field.type() != FieldType.RECORD) {
            all.put("default", Defaults.complete(field, field.standard()));
        }
        field.rules().stream()
                .filter(rule -> !rule.name().equals("custom"))
                .forEach(rule -> all.put(rule.name(), rule.argument()));
        if (field.reference() != null) {
            all.put("reference", field.reference());
            if (field.cascade()) {
                all.put("on_delete", "cascade");
            }
        }
        if (field.keys() != null) {
            all.put("keys", describe(field.keys()));
        }
        if (field.elements() != null) {
            all.put(field.type() == FieldType.MAP ? "values" : "elements", describe(field.elements()));
        }
        if (field.type() == FieldType.RECORD) {
            all.put("fields", named(field.fields().stream()));
        }
        return Collections.unmodifiableMap(all);
    }

    private static void flags(Field field, Map<String, Object> all) {
        Map<String, Boolean> flags = new LinkedHashMap<>();
        flags.put("required", field.required() && field.auto() != Field.Auto.UUID);
        flags.put("unique", field.unique());
        flags.put("uuid", field.type() == FieldType.STRING && field.sqlType().equals("uuid"));
        flags.put("timestamp", field.sqlType().startsWith("timestamp"));
        flags.put("auto", field.auto() != Field.Auto.NONE);
        flags.forEach((name, set) -> {
            if (set) {
                all.put(name, true);
            }
        });
    }
}
