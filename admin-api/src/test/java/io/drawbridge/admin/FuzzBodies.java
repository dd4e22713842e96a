package io.drawbridge.admin;

import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.Field;
import io.drawbridge.core.entity.PluginSchema;
import io.drawbridge.core.entity.PluginSchemas;
import io.drawbridge.core.entity.Rule;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** Bodies that are nearly right: made from what the fields want, then spoiled here and there. Confined to its thread. */
final class FuzzBodies {
    private static final List<String> WORDS = List.of(
            "a",
            "b",
            "c-1",
            "example.com",
            "*.example.com",
            "h.example.com:81",
            "/p",
            "/(a|b)+",
            "10.0.0.1",
            "10.0.0.0/8",
            "::1",
            "GET",
            "x-h",
            "http://h.example.com:1/p",
            "return 1",
            "\u00e9\u4e2d\ud83d\ude00",
            "00000000-0000-0000-0000-00000000000A");
    /* Stand in a text for what no JSON library would write. */
    private static final String MARK = "@@raw@@";
    private static final List<String> RAW = List.of(
            "1e999",
            "-1e400",
            "1e-999",
            "9".repeat(900),
            "9".repeat(1500),
            "9223372036854775808",
            "-0",
            "0.1",
            "2147483648",
            "NaN",
            "nul",
            "'a'",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"\\udc00x\"",
            "\"\\u007f\\u2028\"",
            "\"" + "x".repeat(70_000) + "\"",
            "[".repeat(10_000),
            "[".repeat(10_000) + "]".repeat(10_000),
            "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000),
            "[".repeat(60) + "]".repeat(60),
            "{\"id\":1,\"id\":{\"id\":[]}}",
            "{\"\":{\"\":null}}",
            "[null]",
            "[[],{},null,1]");

    private final Random random;
    private final List<PluginSchema> plugins;
    private final Examples examples;

    FuzzBodies(Random random, PluginSchemas plugins, Examples examples) {
        this.random = random;
        this.plugins = plugins.all();
        this.examples = examples;
    }

    /** A body for a URL; where it takes entities, of that type. */
    Map<String, Object> values(EntityType type, String pattern) {
        Map<String, Object> values = new JsonObject(examples.body(pattern).replace('\'', '"')).getMap();
        if (type == null) {
            return spoiled(values);
        }
        if (type.name().equals("plugins") && random.nextInt(4) > 0) {
            PluginSchema plugin = plugins.get(random.nextInt(plugins.size()));
            values.put("name", plugin.name());
            values.put("config", value(plugin.config()));
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            Field field = type.fields().get(random.nextInt(type.fields().size()));
            values.put(field.name(), value(field));
        }
        if (type.endpointKey() != null && random.nextBoolean()) {
            values.put(type.endpointKey(), word());
        }
        return random.nextInt(5) < 3 ? values : spoiled(values);
    }

    private Object value(Field field) {
        if (random.nextInt(12) == 0) {
            return null;
        }
        for (Rule rule : field.rules()) {
            if (rule.name().equals("one_of")) {
                List<?> allowed = (List<?>) rule.argument();
                return allowed.get(random.nextInt(allowed.size()));
            }
            if (rule.name().equals("between")) {
                List<?> bounds = (List<?>) rule.argument();
                return bounds.get(random.nextInt(bounds.size()));
            }
        }
        return switch (field.type()) {
            case STRING ->
                field.sqlType().equals("uuid")
                        ? UUID.nameUUIDFromBytes(bytes(4)).toString()
                        : word();
            case INTEGER -> random.nextInt(300);
            case NUMBER -> random.nextInt(1000) / 8.0;
            case BOOLEAN -> random.nextBoolean();
            case ARRAY, SET -> some(field.elements());
            case MAP -> new LinkedHashMap<>(Map.of(word(), given(field.elements())));
            case RECORD -> record(field.fields());
            case FOREIGN -> reference(field);
        };
    }

    private Object given(Field field) {
        Object value = value(field);
        return value == null ? "a" : value;
    }

    private List<Object> some(Field elements) {
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            list.add(given(elements));
        }
        return list;
    }

    private Map<String, Object> record(List<Field> fields) {
        Map<String, Object> record = new LinkedHashMap<>();
        fields.stream()
                .filter(field -> field.required() && field.standard() == null || random.nextInt(4) == 0)
                .forEach(field -> record.put(field.name(), value(field)));
        return record;
    }

    private Object reference(Field field) {
        String known = examples.names().get(field.reference());
        return new LinkedHashMap<>(
                known == null || random.nextInt(3) == 0
                        ? Map.of("id", UUID.nameUUIDFromBytes(bytes(1)).toString())
                        : known.length() == 36 ? Map.of("id", known) : Map.of("name", known));
    }

    String word() {
        return random.nextInt(4) == 0
                ? "w" + random.nextInt(100_000)
                : WORDS.get(random.nextInt(WORDS.size())) + (random.nextInt(3) == 0 ? random.nextInt(50) : "");
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private Map<String, Object> spoiled(Map<String, Object> values) {
        for (int i = random.nextInt(2); i >= 0; i--) {
            spoil(values);
        }
        return values;
    }

    @SuppressWarnings("unchecked")
    private void spoil(Map<String, Object> map) {
        List<String> names = new ArrayList<>(map.keySet());
        String name = names.isEmpty() || random.nextInt(8) == 0 ? word() : names.get(random.nextInt(names.size()));
        if (map.get(name) instanceof Map<?, ?> below && random.nextInt(4) > 0) {
            spoil((Map<String, Object>) below);
        } else if (map.get(name) instanceof List<?> list && !list.isEmpty() && random.nextBoolean()) {
            List<Object> other = new ArrayList<>(list);
            other.set(random.nextInt(other.size()), wrong());
            map.put(name, other);
        } else {
            map.put(name, wrong());
        }
    }

    private Object wrong() {
        return switch (random.nextInt(9)) {
            case 0 -> null;
            case 1 -> random.nextInt(100_000) - 50_000;
            case 2 -> "";
            case 3 -> word();
            case 4 -> random.nextBoolean();
            case 5 -> List.of();
            case 6 -> new LinkedHashMap<>();
            default -> MARK + random.nextInt(RAW.size());
        };
    }

    /** As JSON, with what no library would write in the places that were chosen for it. */
    static String json(Map<String, Object> values) {
        String text = new JsonObject(values).encode();
        for (int i = RAW.size() - 1; i >= 0; i--) {
            text = text.replace("\"" + MARK + i + "\"", RAW.get(i));
        }
        return text;
    }

    /** As the arguments of a form. */
    List<FormBody.Argument> arguments(Map<String, Object> values) {
        List<FormBody.Argument> arguments = new ArrayList<>();
        values.forEach((name, value) -> flatten(name, value, arguments));
        return arguments;
    }

    private void flatten(String name, Object value, List<FormBody.Argument> arguments) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((below, each) -> flatten(name + "." + below, each, arguments));
        } else if (value instanceof List<?> list) {
            String style = List.of("", "[]", "[#]").get(random.nextInt(3));
            for (int i = 0; i < list.size(); i++) {
                flatten(name + style.replace("#", String.valueOf(i + 1)), list.get(i), arguments);
            }
        } else if (value instanceof String text && text.startsWith(MARK)) {
            arguments.add(new FormBody.Argument(name, RAW.get(Integer.parseInt(text.substring(MARK.length())))));
        } else {
            arguments.add(new FormBody.Argument(name, value == null ? "" : String.valueOf(value)));
        }
    }
}
