package io.drawbridge.admin;

import io.drawbridge.core.declarative.Document;
import io.vertx.core.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A request as handlers see it. Immutable.
 *
 * @param id for the log
 * @param method HEAD comes as GET
 * @param parameters the path's parameters, decoded, in order
 * @param rawQuery as sent, never null
 * @param query decoded; of repeated names the first
 * @param body what the client sent; empty if nothing
 * @param remote the client's address
 */
record AdminRequest(
        String id,
        HttpMethod method,
        List<String> parameters,
        String rawQuery,
        Map<String, String> query,
        Body body,
        String remote) {
    static final int ARGUMENTS_MAX = 1000;

    /**
     * What was sent. Immutable.
     *
     * @param values by name; nested as maps and lists
     * @param untyped whether it came as a form, where everything is text
     * @param document what may be larger than memory, then without values; null: none
     */
    record Body(Map<String, Object> values, boolean untyped, Document document) {
        static final Body NONE = new Body(Map.of(), false);

        Body(Map<String, Object> values, boolean untyped) {
            this(values, untyped, null);
        }

        Body(Document document) {
            this(Map.of(), false, document);
        }
    }

    String parameter(int index) {
        return parameters.get(index);
    }

    /** A setting of an action, from the body or the query; null if not given. */
    String setting(String name) {
        Object given = body.values().get(name);
        return given != null ? String.valueOf(given) : query.get(name);
    }

    /** Whether a setting is on; one that is given without a value is. */
    boolean flag(String name) {
        String given = setting(name);
        return given != null
                && switch (given) {
                    case "", "true", "1", "on" -> true;
                    case "false", "0", "off" -> false;
                    default ->
                        throw new AdminException(
                                Reply.message(400, name + " must be true or false, not '" + shortened(given) + "'"));
                };
    }

    private static String shortened(String given) {
        return given.length() > 50 ? given.substring(0, 50) + "..." : given;
    }

    /** The raw value of a query argument; null if not given. */
    static String rawArgument(String rawQuery, String name) {
        for (String pair : rawQuery.split("&")) {
            int equals = pair.indexOf('=');
            if (name.equals(equals < 0 ? pair : pair.substring(0, equals))) {
                return equals < 0 ? "" : pair.substring(equals + 1);
            }
        }
        return null;
    }

    /** Decoded; of repeated names the first. Throws if there are too many. */
    static Map<String, String> arguments(String rawQuery) {
        Map<String, String> arguments = new LinkedHashMap<>();
        if (rawQuery.isEmpty()) {
            return arguments;
        }
        String[] pairs = rawQuery.split("&", ARGUMENTS_MAX + 1);
        if (pairs.length > ARGUMENTS_MAX) {
            throw Problem.tooManyArguments();
        }
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            String name = Percent.decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : Percent.decode(pair.substring(equals + 1));
            if (name != null) {
                /* What is no text becomes a space, which is wrong wherever it matters: filter, size, offset. */
                arguments.putIfAbsent(name, value == null ? " " : value);
            }
        }
        return arguments;
    }
}
