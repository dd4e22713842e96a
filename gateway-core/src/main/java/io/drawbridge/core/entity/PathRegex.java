package io.drawbridge.core.entity;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Whether a route's path is a regular expression as the proxies (PCRE) understand it.
 *
 * <p>Judged with Java's engine after rewriting what both know under different names. What only PCRE knows (recursion,
 * conditions, verbs), and what is very long, is let through unjudged: refusing a working route would be worse than accepting a broken one.
 */
final class PathRegex {
    private static final Pattern PLAIN = Pattern.compile("[a-zA-Z0-9._~/%-]*");
    private static final Pattern NAMED_GROUP =
            Pattern.compile("\\(\\?P?(?:<(?![=!])[A-Za-z_]\\w{0,31}>|'[A-Za-z_]\\w{0,31}')");
    private static final Pattern NAMED_BACK_REFERENCE =
            Pattern.compile("\\(\\?P=\\w+\\)|\\\\k(?:<\\w+>|'\\w+'|\\{\\w+\\})");
    private static final Pattern PCRE_ONLY =
            Pattern.compile("\\(\\?(?:R|[+-]?\\d|&|P>|\\(|\\||C)|\\(\\*|\\\\[KgGNoX]|\\\\Q|\\(\\?[a-zA-Z^-]*[JUX]");
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
        if (text.length() > LENGTH_MAX || PCRE_ONLY.matcher(text).find()) {
            return null;
        }
        String known = NAMED_BACK_REFERENCE
                .matcher(NAMED_GROUP.matcher(text).replaceAll("("))
                .replaceAll("");
        try {
            Pattern.compile(known);
            return null;
        } catch (PatternSyntaxException wrong) {
            return wrong.getDescription();
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
