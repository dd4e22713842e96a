package io.drawbridge.core.proxy.route;

import io.drawbridge.core.entity.PcreRegex;
import java.util.regex.Pattern;

/**
 * A path that a route names: a prefix, or a regular expression for the start of a request's path. Immutable.
 *
 * @param text as requests are compared with it
 * @param literal what every path that matches starts with
 * @param regex null if it is a prefix, or if it cannot be run
 * @param broken why it cannot be run, null if it can: whether such a path matches, nobody knows
 */
record PathPattern(String text, String literal, Pattern regex, String broken) {
    private static final Pattern PLAIN = Pattern.compile("[a-zA-Z0-9._~/%-]*");

    static PathPattern of(String configured) {
        if (PLAIN.matcher(configured).matches()) {
            String text = RequestPath.normal(configured);
            return new PathPattern(text, text, null, null);
        }
        String text = RequestPath.decoded(configured, true);
        try {
            return new PathPattern(text, PcreRegex.literal(text), PcreRegex.compile(text), null);
        } catch (IllegalArgumentException unknown) {
            return new PathPattern(text, PcreRegex.literal(text), null, unknown.getMessage());
        }
    }

    boolean prefix() {
        return regex == null && broken == null;
    }

    /** How many characters of a path it takes, -1 if it does not match. */
    int end(String path, MatchBudget budget) {
        if (!path.startsWith(literal)) {
            return -1;
        }
        return regex == null ? literal.length() : budget.end(regex, path);
    }
}
