package io.drawbridge.admin;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.Field;
import io.drawbridge.core.entity.FieldType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Arguments of a form as nested values: {@code a.b=c}, {@code a[]=x}, {@code a[1]=x}; and texts as the values that a type's
 * fields want.
 */
final class FormBody {
    private static final Pattern PART = Pattern.compile("([^\\[\\]]*)((?:\\[\\d{0,4}\\])?)");
    private static final int DEPTH_MAX = 16;
    private static final Pattern WHOLE = Pattern.compile("[+-]?\\d{1,18}");
    private static final Pattern NUMBER = Pattern.compile("[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d{1,3})?");

    private FormBody() {}

    /** A name as sent, and its value. */
    record Argument(String name, String value) {}

    /** Values of a list on their way, by position. Confined to the parsing. */
    private static final class Positions extends TreeMap<Integer, Object> {
        private static final long serialVersionUID = 1L;

        int next() {
            return isEmpty() ? 1 : lastKey() + 1;
        }
    }

    static Map<String, Object> nested(List<Argument> arguments) {
        if (arguments.size() > AdminRequest.ARGUMENTS_MAX) {
            throw Problem.tooManyArguments();
        }
        Map<String, Object> root = new LinkedHashMap<>();
        arguments.forEach(argument -> put(root, argument));
        return finished(root);
    }

    private static void put(Map<String, Object> root, Argument argument) {
        String[] parts = argument.name().split("\\.", DEPTH_MAX);
        Map<String, Object> map = root;
        for (int i = 0; i < parts.length; i++) {
            Matcher part = PART.matcher(parts[i]);
            String name = part.matches() ? part.group(1) : parts[i];
            String index = part.matches() ? part.group(2) : "";
            boolean last = i == parts.length - 1;
            if (!index.isEmpty()) {
                Positions list = map.get(name) instanceof Positions known ? known : new Positions();
                map.put(name, list);
                int position =
                        index.length() == 2 ? list.next() : Integer.parseInt(index.substring(1, index.length() - 1));
                if (last) {
                    list.put(position, argument.value());
                    return;
                }
                map = child(list.get(position), made -> list.put(position, made));
            } else if (last) {
                add(map, name, argument.value());
            } else {
                Map<String, Object> parent = map;
                map = child(parent.get(name), made -> parent.put(name, made));
            }
        }
    }

    /** A name given again makes a list. */
    private static void add(Map<String, Object> map, String name, String value) {
        Object before = map.get(name);
        if (before instanceof Positions list) {
            list.put(list.next(), value);
        } else if (before instanceof String first) {
            Positions list = new Positions();
            list.put(1, first);
            list.put(2, value);
            map.put(name, list);
        } else {
            map.put(name, value);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> child(Object before, Consumer<Map<String, Object>> keep) {
        if (before instanceof Map<?, ?> known && !(before instanceof Positions)) {
            return (Map<String, Object>) known;
        }
        Map<String, Object> made = new LinkedHashMap<>();
        keep.accept(made);
        return made;
    }

    private static Map<String, Object> finished(Map<?, ?> map) {
        Map<String, Object> finished = new LinkedHashMap<>();
        map.forEach((name, value) -> finished.put(String.valueOf(name), value(value)));
        return finished;
    }

    private static Object value(Object value) {
        if (value instanceof Positions list) {
            List<Object> values = new ArrayList<>();
            list.values().forEach(each -> values.add(value(each)));
            return values;
        }
        return value instanceof Map<?, ?> map ? finished(map) : value;
    }

    /** The values with texts turned into what the type's fields hold, where they can be. */
    static Map<String, Object> typed(EntityType type, Map<String, Object> values) {
        return typed(type.variant(values).fields(), values);
    }

    /** As {@link #typed(EntityType, Map)}, where only the entity itself may tell which fields its type has. */
    static Map<String, Object> typed(Entity before, Map<String, Object> values) {
        Map<String, Object> after = new LinkedHashMap<>(before.values());
        after.putAll(values);
        return typed(before.type().variant(after).fields(), values);
    }

    private static Map<String, Object> typed(List<Field> fields, Map<?, ?> values) {
        Map<String, Object> typed = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            Field field = fields.stream()
                    .filter(each -> each.name().equals(name) || each.aliases().contains(name))
                    .findFirst()
                    .orElse(null);
            typed.put(String.valueOf(name), field != null ? typed(field, value) : "".equals(value) ? null : value);
        });
        return typed;
    }

    private static Object typed(Field field, Object value) {
        if (value == null || "".equals(value)) {
            return null;
        }
        if (field.type().isList()) {
            List<?> list = value instanceof List<?> given ? given : List.of(value);
            List<Object> elements = new ArrayList<>();
            list.forEach(each -> elements.add(typed(field.elements(), each)));
            return elements;
        }
        if (value instanceof String text) {
            return scalar(field.type(), text);
        }
        if (value instanceof Map<?, ?> map && field.type() == FieldType.MAP) {
            Map<String, Object> typed = new LinkedHashMap<>();
            map.forEach((name, each) -> typed.put(String.valueOf(name), typed(field.elements(), each)));
            return typed;
        }
        return value instanceof Map<?, ?> map && field.type() == FieldType.RECORD ? typed(field.fields(), map) : value;
    }

    private static Object scalar(FieldType type, String text) {
        return switch (type) {
            case BOOLEAN -> text.equals("true") ? (Object) true : text.equals("false") ? (Object) false : text;
            case INTEGER, NUMBER ->
                WHOLE.matcher(text).matches()
                        ? (Object) Long.valueOf(text)
                        : NUMBER.matcher(text).matches() ? (Object) Double.valueOf(text) : text;
            default -> text;
        };
    }
}
