package io.drawbridge.core.entity;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Whether a route's path is a regular expression as the proxies (PCRE) understand it.
 *
 * <p>Judged by {@link PcreRegex}. What only PCRE knows (recursion, conditions, verbs), and what is very long, is let through unjudged:
 * refusing a working route would be worse than accepting a broken one.
 */
final class PathRegex {
    private static final Pattern PLAIN = Pattern.compile("[a-zA-Z0-9._~/%-]*");
    private static final int DEPTH_MAX = 250;
    /* Characters. Java's compiler takes time by their square: 0.2 ms for so many, a second for 64 times as many. */
    private static final int LENGTH_MAX = 1000;

    private PathRegex() {}

    static String check(String text) {
        if (!text.startsWith("/")) {
            return "should start with: /";
        }
        if (text.contains("//")) {
            return "must not have empty segments";
        }
        if (PLAIN.matcher(text).matches()) {
            return Formats.percentEncoding(text);
        }
        String problem = problem(text);
        return problem == null ? null : "invalid regex: '" + text + "' (PCRE returned: " + problem + ")";
    }

    /** What is wrong with a regular expression of any kind, or null. */
    static String problem(String text) {
        if (tooDeep(text)) {
            return "parentheses are too deeply nested";
        }
        if (text.length() > LENGTH_MAX) {
            return null;
        }
        try {
            PcreRegex.compile(text);
            return null;
        } catch (PatternSyntaxException wrong) {
            return wrong.getDescription();
        } catch (IllegalArgumentException unjudged) {
            return null;
        }
    }

    /* Java's compiler recurses per group, alternative and class: bounded here, so that it cannot run out of stack. */
    private static boolean tooDeep(String text) {
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (each == '\\') {
                i++;
            } else if (each == '(' || each == '[') {
                depth++;
            } else if (each == ')' || each == ']') {
                depth--;
            }
            if (depth > DEPTH_MAX) {
                return true;
            }
        }
        return false;
    }
}
