package io.drawbridge.core.declarative;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** YAML 1.2, its core schema: {@code no} is a text, a key that comes twice is an error, everything is bounded. */
public final class Yaml {
    /** Most characters of a document. */
    public static final int CHARACTERS_MAX = 64 * 1024 * 1024;

    private static final int DEPTH_MAX = 100;
    private static final int ALIASES_MAX = 1000;
    /* Aliases can make much of little. */
    private static final int VALUES_MAX = 2_000_000;

    private Yaml() {}

    /**
     * A document as maps, lists, texts, {@code Long, Double, Boolean} and nulls.
     *
     * @throws DeclarativeException if it is no YAML, no map, or beyond a bound
     */
    public static Map<String, Object> parse(String text) {
        LoadSettings settings = LoadSettings.builder()
                .setSchema(new CoreSchema())
                .setAllowDuplicateKeys(false)
                .setAllowRecursiveKeys(false)
                .setMaxAliasesForCollections(ALIASES_MAX)
                .setCodePointLimit(CHARACTERS_MAX)
                .build();
        Object value;
        try {
            shallow(new Parse(settings).parseString(text));
            value = new Load(settings).loadFromString(text);
        } catch (YamlEngineException wrong) {
            throw DeclarativeException.unreadable("failed parsing declarative configuration: " + text(wrong));
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw DeclarativeException.unreadable("failed parsing declarative configuration: expected an object");
        }
        return new Copy().map(map, 0);
    }

    /* Where it is, but not what stands there, which may be a secret. */
    private static String text(YamlEngineException wrong) {
        return wrong instanceof MarkedYamlEngineException marked
                        && marked.getProblemMark().isPresent()
                ? marked.getProblem() + " (line "
                        + (marked.getProblemMark().get().getLine() + 1) + ", column "
                        + (marked.getProblemMark().get().getColumn() + 1) + ")"
                : wrong.getMessage();
    }

    /** As a block that ends with a line break. */
    static String text(Object value) {
        DumpSettings settings = DumpSettings.builder()
                .setSchema(new CoreSchema())
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setDereferenceAliases(true)
                .setSplitLines(false)
                .build();
        return new Dump(settings).dumpToString(value);
    }

    /* Before anything walks over it by recursion. */
    private static void shallow(Iterable<Event> events) {
        int depth = 0;
        for (Event event : events) {
            if (event instanceof CollectionStartEvent && ++depth > DEPTH_MAX) {
                throw DeclarativeException.unreadable(
                        "failed parsing declarative configuration: nested more than " + DEPTH_MAX + " deep");
            }
            if (event instanceof CollectionEndEvent) {
                depth--;
            }
        }
    }

    /** Counts what it copies. */
    private static final class Copy {
        private int values;

        Map<String, Object> map(Map<?, ?> map, int depth) {
            Map<String, Object> copy = new LinkedHashMap<>();
            map.forEach((key, value) -> copy.put(String.valueOf(key), value(value, depth + 1)));
            return copy;
        }

        private Object value(Object value, int depth) {
            if (++values > VALUES_MAX || depth > DEPTH_MAX) {
                throw DeclarativeException.unreadable(
                        "failed parsing declarative configuration: too large when its aliases are replaced");
            }
            if (value instanceof Map<?, ?> map) {
                return map(map, depth);
            }
            if (value instanceof List<?> list) {
                List<Object> copy = new ArrayList<>(list.size());
                list.forEach(each -> copy.add(value(each, depth + 1)));
                return copy;
            }
            if (value instanceof Integer number) {
                return number.longValue();
            }
            if (value instanceof BigInteger number) {
                return number.doubleValue();
            }
            return value == null || value instanceof Number || value instanceof Boolean ? value : value.toString();
        }
    }
}
