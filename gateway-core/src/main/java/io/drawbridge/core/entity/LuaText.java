package io.drawbridge.core.entity;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Values as the messages of this API show them: {@code {id="...",name=null}}. */
public final class LuaText {
    private LuaText() {}

    /** On one line, keys sorted, no spaces. */
    public static String of(Object value) {
        StringBuilder text = new StringBuilder();
        write(value, text);
        return text.toString();
    }

    private static void write(Object value, StringBuilder text) {
        if (value instanceof Map<?, ?> map) {
            text.append('{');
            String separator = "";
            for (Map.Entry<String, Object> entry : sorted(map).entrySet()) {
                text.append(separator).append(entry.getKey()).append('=');
                write(entry.getValue(), text);
                separator = ",";
            }
            text.append('}');
        } else if (value instanceof List<?> list) {
            text.append('{');
            String separator = "";
            for (Object element : list) {
                text.append(separator);
                write(element, text);
                separator = ",";
            }
            text.append('}');
        } else if (value instanceof String string) {
            text.append('"').append(string).append('"');
        } else {
            text.append(value);
        }
    }

    /** Over several lines, as messages show what is wrong three levels down. */
    static String lines(Object value, String indent) {
        if (value instanceof Map<?, ?> map) {
            StringBuilder text = new StringBuilder("{\n");
            sorted(map)
                    .forEach((key, element) -> text.append(indent)
                            .append("  ")
                            .append(key.startsWith("@") ? "[\"" + key + "\"]" : key)
                            .append(" = ")
                            .append(lines(element, indent + "  "))
                            .append('\n'));
            return text.append(indent).append('}').toString();
        }
        if (value instanceof List<?> list) {
            StringBuilder text = new StringBuilder("{\n");
            for (Object element : list) {
                text.append(indent)
                        .append("  ")
                        .append(lines(element, indent + "  "))
                        .append('\n');
            }
            return text.append(indent).append('}').toString();
        }
        return value instanceof String string ? '"' + string + '"' : String.valueOf(value);
    }

    private static Map<String, Object> sorted(Map<?, ?> map) {
        Map<String, Object> sorted = new TreeMap<>();
        map.forEach((key, value) -> sorted.put(String.valueOf(key), value));
        return sorted;
    }
}
