package io.drawbridge.core.entity;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Regular expressions as PCRE understands them, for Java's engine. What the two write differently is rewritten: named groups and references
 * to them, classes of POSIX, brackets and ampersands in classes. What only PCRE knows is refused: recursion, conditions, verbs.
 */
public final class PcreRegex {
    private static final Pattern NAMED_GROUP =
            Pattern.compile("\\G\\(\\?(?:P?<([A-Za-z_]\\w{0,31})>|'([A-Za-z_]\\w{0,31})')");
    private static final Pattern NAMED_REFERENCE =
            Pattern.compile("\\G(?:\\(\\?P=(\\w+)\\)|\\\\[kg](?:<(\\w+)>|'(\\w+)'|\\{([A-Za-z_]\\w*)\\}))");
    private static final Pattern NUMBERED_REFERENCE = Pattern.compile("\\G\\\\g(?:(\\d{1,2})|\\{(\\d{1,2})\\})");
    private static final Pattern PCRE_ONLY =
            Pattern.compile("\\G(?:\\(\\?(?:R|[+-]?\\d|&|P>|\\(|\\||C)|\\(\\*|\\\\[KGgX]|\\(\\?[a-zA-Z^-]*[JUX])");
    private static final Pattern POSIX_CLASS = Pattern.compile("\\G\\[:(\\^?)([a-z]+):\\]");
    private static final Pattern REPETITION = Pattern.compile("\\G\\{\\d+(?:,\\d*)?\\}");
    /* Quoted text and comments, where a parenthesis is none. */
    private static final Pattern HARD_TO_READ = Pattern.compile("\\\\Q|\\(\\?#|\\(\\?[a-zA-Z]*x");
    /* Java's compiler takes time by the square of the length, and recurses by the depth. */
    private static final int LENGTH_MAX = 4000;

    private final String source;
    private final StringBuilder java = new StringBuilder();
    private final List<String> groups = new ArrayList<>();
    private int at;

    private PcreRegex(String source) {
        this.source = source;
    }

    /** @throws IllegalArgumentException if it cannot be run, with the reason; a {@link PatternSyntaxException} if it is wrong */
    public static Pattern compile(String text) {
        if (text.length() > LENGTH_MAX) {
            throw new IllegalArgumentException("longer than " + LENGTH_MAX + " characters");
        }
        String java = new PcreRegex(text).translate();
        try {
            return Pattern.compile(java, Pattern.UNIX_LINES);
        } catch (StackOverflowError tooDeep) {
            throw new IllegalArgumentException("too deeply nested", tooDeep);
        }
    }

    private String translate() {
        while (at < source.length()) {
            Matcher found;
            if (source.startsWith("\\Q", at)) {
                quoted();
            } else if ((found = here(NAMED_GROUP)) != null) {
                groups.add(first(found));
                java.append("(?<g").append(groups.size()).append("g>");
            } else if ((found = here(NAMED_REFERENCE)) != null) {
                java.append("\\k<g").append(groups.indexOf(first(found)) + 1).append("g>");
            } else if ((found = here(NUMBERED_REFERENCE)) != null) {
                java.append("(?:\\").append(first(found)).append(')');
            } else if (here(PCRE_ONLY) != null) {
                throw new IllegalArgumentException("only PCRE knows what is at character " + at);
            } else if (source.startsWith("\\N", at)) {
                java.append("[^\\n]");
                at += 2;
            } else if (source.charAt(at) == '[') {
                characterClass();
            } else if ((found = here(REPETITION)) != null) {
                java.append(found.group());
            } else if (source.charAt(at) == '{') {
                java.append("\\{");
                at++;
            } else {
                literally(source.charAt(at) == '\\' ? 2 : 1);
            }
        }
        return java.toString();
    }

    private Matcher here(Pattern pattern) {
        Matcher matcher = pattern.matcher(source);
        if (!matcher.find(at)) {
            return null;
        }
        at = matcher.end();
        return matcher;
    }

    private static String first(Matcher found) {
        for (int group = 1; group <= found.groupCount(); group++) {
            if (found.group(group) != null) {
                return found.group(group);
            }
        }
        throw new IllegalStateException("no group took part");
    }

    private void literally(int count) {
        int end = Math.min(source.length(), at + count);
        java.append(source, at, end);
        at = end;
    }

    private void quoted() {
        int end = source.indexOf("\\E", at);
        java.append(Pattern.quote(source.substring(at + 2, end < 0 ? source.length() : end)));
        at = end < 0 ? source.length() : end + 2;
    }

    /* In a class, Java gives '[' and '&&' a meaning that PCRE does not; a ']' that comes first is a character to PCRE. */
    private void characterClass() {
        literally(source.startsWith("[^", at) ? 2 : 1);
        if (at < source.length() && source.charAt(at) == ']') {
            java.append("\\]");
            at++;
        }
        while (at < source.length() && source.charAt(at) != ']') {
            Matcher posix = here(POSIX_CLASS);
            char each = posix == null ? source.charAt(at) : 0;
            if (posix != null) {
                java.append(posix(posix.group(1).isEmpty(), posix.group(2)));
            } else if (each == '[' || each == '&') {
                java.append('\\').append(each);
                at++;
            } else {
                literally(each == '\\' ? 2 : 1);
            }
        }
        literally(1);
    }

    private static String posix(boolean in, String name) {
        String property = switch (name) {
            case "alpha" -> "Alpha";
            case "digit" -> "Digit";
            case "alnum" -> "Alnum";
            case "upper" -> "Upper";
            case "lower" -> "Lower";
            case "punct" -> "Punct";
            case "graph" -> "Graph";
            case "print" -> "Print";
            case "blank" -> "Blank";
            case "cntrl" -> "Cntrl";
            case "xdigit" -> "XDigit";
            case "space" -> "Space";
            case "ascii" -> "ASCII";
            case "word" -> "";
            default -> throw new IllegalArgumentException("unknown class " + name);
        };
        if (property.isEmpty()) {
            return in ? "\\w" : "\\W";
        }
        return (in ? "\\p{" : "\\P{") + property + '}';
    }

    /** What every text that matches starts with, as far as that is plain to see. */
    public static String literal(String text) {
        int end = 0;
        while (end < text.length() && isPlain(text.charAt(end))) {
            end++;
        }
        if (HARD_TO_READ.matcher(text).find() || alternatives(text)) {
            return "";
        }
        /* An operator on the last character may do without it. */
        boolean optional = end < text.length() && "?*{".indexOf(text.charAt(end)) >= 0;
        return text.substring(0, optional ? Math.max(0, end - 1) : end);
    }

    private static boolean isPlain(char each) {
        return each >= 'a' && each <= 'z'
                || each >= 'A' && each <= 'Z'
                || each >= '0' && each <= '9'
                || "/_~%-,:;=@!&".indexOf(each) >= 0;
    }

    /* A bar outside all groups and classes. */
    private static boolean alternatives(String text) {
        int depth = 0;
        for (int at = 0; at < text.length(); at++) {
            char each = text.charAt(at);
            if (each == '\\') {
                at++;
            } else if (each == '[') {
                at = endOfClass(text, at);
            } else if (each == '(') {
                depth++;
            } else if (each == ')') {
                depth--;
            } else if (each == '|' && depth <= 0) {
                return true;
            }
        }
        return false;
    }

    private static int endOfClass(String text, int start) {
        int at = start + (text.startsWith("[^", start) ? 2 : 1);
        at += text.startsWith("]", at) ? 1 : 0;
        while (at < text.length() && text.charAt(at) != ']') {
            int named = text.startsWith("[:", at) ? text.indexOf(":]", at) : -1;
            at = named >= 0 ? named + 2 : text.charAt(at) == '\\' ? at + 2 : at + 1;
        }
        return at;
    }
}
