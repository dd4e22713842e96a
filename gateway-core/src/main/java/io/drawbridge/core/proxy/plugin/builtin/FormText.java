package io.drawbridge.core.proxy.plugin.builtin;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** Text like {@code a=1&b=2}, as queries and forms have it. */
final class FormText {
    private FormText() {}

    /** The values of a name; a name without {@code =} has none. */
    static List<String> values(String text, String name) {
        List<String> values = new ArrayList<>(1);
        for (String pair : text.split("&")) {
            int equals = pair.indexOf('=');
            if (equals >= 0 && decoded(pair.substring(0, equals)).equals(name)) {
                values.add(decoded(pair.substring(equals + 1)));
            }
        }
        return values;
    }

    /** The rest as it is; null if nothing is left. */
    static String without(String text, String name) {
        StringJoiner rest = new StringJoiner("&");
        rest.setEmptyValue("");
        boolean some = false;
        for (String pair : text.split("&")) {
            int equals = pair.indexOf('=');
            if (!decoded(equals < 0 ? pair : pair.substring(0, equals)).equals(name)) {
                rest.add(pair);
                some = true;
            }
        }
        return some ? rest.toString() : null;
    }

    private static String decoded(String text) {
        if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
            return text;
        }
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return text;
        }
    }
}
