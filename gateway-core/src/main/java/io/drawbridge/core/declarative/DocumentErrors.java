package io.drawbridge.core.declarative;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is wrong with a document, and where in it. Confined to one reading. */
final class DocumentErrors {
    private static final String ENTITY = "@entity";

    /* Numbers (of a list's entries, from 1) by size, names by letter. */
    private static final Comparator<Object> ORDER =
            (left, right) -> left instanceof Integer a && right instanceof Integer b
                    ? Integer.compare(a, b)
                    : String.valueOf(left).compareTo(String.valueOf(right));

    /* More are counted, not said. */
    private static final int ERRORS_MAX = 1000;

    private final Map<Object, Object> root = new TreeMap<>(ORDER);
    private int count;

    /** Whether one more may be said. */
    private boolean oneMore() {
        return ++count <= ERRORS_MAX;
    }

    /** @param error a text; or, for values that consist of others, a map of errors or a list with nulls */
    void field(List<Object> path, String name, Object error) {
        if (oneMore()) {
            node(path).putIfAbsent(name, normal(error));
        }
    }

    /** What is wrong with an entry as a whole, and not with one of its fields. */
    void entity(List<Object> path, String text) {
        if (oneMore()) {
            Map<Object, Object> lines = step(node(path), ENTITY);
            lines.put(lines.size() + 1, text);
        }
    }

    void entry(List<Object> path, int number, String text) {
        if (oneMore()) {
            node(path).putIfAbsent(number, text);
        }
    }

    /** Throws a {@link DeclarativeException} if anything is wrong. */
    void throwIfAny() {
        if (count > ERRORS_MAX) {
            int more = count - ERRORS_MAX;
            count = 0;
            entity(List.of(), "and " + more + " errors more");
        }
        if (!root.isEmpty()) {
            throw exception();
        }
    }

    private DeclarativeException exception() {
        List<String> lines = new ArrayList<>();
        describe(root, "", "", lines);
        return new DeclarativeException(String.join("\n", lines), json(root));
    }

    private Map<Object, Object> node(List<Object> path) {
        Map<Object, Object> node = root;
        for (Object each : path) {
            node = step(node, each);
        }
        return node;
    }

    @SuppressWarnings("unchecked")
    private static Map<Object, Object> step(Map<Object, Object> node, Object key) {
        Object below = node.get(key);
        if (!(below instanceof Map<?, ?>)) {
            below = new TreeMap<>(ORDER);
            node.put(key, below);
        }
        return (Map<Object, Object>) below;
    }

    private static Object normal(Object error) {
        Map<Object, Object> below = new TreeMap<>(ORDER);
        if (error instanceof Map<?, ?> map) {
            map.forEach((key, value) -> below.put(key, normal(value)));
        } else if (error instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                if (list.get(i) != null) {
                    below.put(i + 1, normal(list.get(i)));
                }
            }
        } else {
            return String.valueOf(error);
        }
        return below;
    }

    private static void describe(Map<?, ?> node, String list, String indent, List<String> lines) {
        node.forEach((key, error) -> {
            String where = indent
                    + (key instanceof Integer ? "- in entry " + key + " of '" + list + "'" : "in '" + key + "'")
                    + ":";
            if (error instanceof Map<?, ?> below) {
                lines.add(where);
                describe(below, String.valueOf(key), indent + "  ", lines);
            } else {
                lines.add(where + " " + error);
            }
        });
    }

    private static Map<String, Object> json(Map<?, ?> node) {
        Map<String, Object> json = new LinkedHashMap<>();
        node.forEach((key, error) -> json.put(String.valueOf(key), jsonValue(error)));
        return json;
    }

    private static Object jsonValue(Object error) {
        if (!(error instanceof Map<?, ?> map)) {
            return error;
        }
        if (map.keySet().stream().anyMatch(key -> !(key instanceof Integer))) {
            return json(map);
        }
        List<Object> list = new ArrayList<>();
        map.forEach((number, each) -> {
            while (list.size() < (Integer) number - 1) {
                list.add(null);
            }
            list.add(jsonValue(each));
        });
        return list;
    }
}
