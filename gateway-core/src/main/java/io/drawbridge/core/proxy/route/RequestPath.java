package io.drawbridge.core.proxy.route;

/**
 * The path of a request as routes see it (RFC 3986 section 6.2.2): what need not be percent-encoded is not, the other triplets are in
 * capitals, no dot segments, no empty ones. Immutable.
 */
final class RequestPath {
    private final String raw;
    private final String normal;
    private final boolean dots;

    private RequestPath(String raw, String normal, boolean dots) {
        this.raw = raw;
        this.normal = normal;
        this.dots = dots;
    }

    static RequestPath of(String raw) {
        if (isNormal(raw)) {
            return new RequestPath(raw, raw, false);
        }
        String decoded = decoded(raw, false);
        boolean dots = decoded.contains("/.");
        String merged = merged(decoded);
        String normal = dots ? withoutDots(merged) : merged;
        /* "/.hidden" is no dot segment. */
        return new RequestPath(raw, normal, dots && !normal.equals(merged));
    }

    /** The whole, as routes see it. */
    String text() {
        return normal;
    }

    /**
     * What is sent on, after the first so many characters of {@link #text}: as it came. With dot segments it is as routes see it, so that what
     * is sent cannot climb out of where the route leads.
     */
    String from(int end) {
        return raw.equals(normal) || dots ? normal.substring(end) : raw.substring(rawIndex(end));
    }

    private int rawIndex(int end) {
        int at = 0;
        for (int done = 0; done < end; done++) {
            char each = raw.charAt(at);
            if (each == '%' && isTriplet(raw, at)) {
                boolean kept = !isUnreserved(triplet(raw, at));
                done += kept ? 2 : 0;
                at += 3;
            } else {
                at++;
                while (each == '/' && at < raw.length() && raw.charAt(at) == '/') {
                    at++;
                }
            }
        }
        return at;
    }

    /** A path without percent-encoding where none is needed. @param regex what is decoded is marked as no operator */
    static String decoded(String path, boolean regex) {
        if (path.indexOf('%') < 0) {
            return path;
        }
        StringBuilder decoded = new StringBuilder(path.length());
        for (int at = 0; at < path.length(); at++) {
            char each = path.charAt(at);
            if (each != '%' || !isTriplet(path, at)) {
                decoded.append(each);
                continue;
            }
            char value = triplet(path, at);
            if (isUnreserved(value)) {
                decoded.append(regex && (value == '.' || value == '-') ? "\\" : "")
                        .append(value);
            } else {
                decoded.append('%')
                        .append(Character.toUpperCase(path.charAt(at + 1)))
                        .append(Character.toUpperCase(path.charAt(at + 2)));
            }
            at += 2;
        }
        return decoded.toString();
    }

    private static boolean isNormal(String path) {
        char before = 0;
        for (int at = 0; at < path.length(); at++) {
            char each = path.charAt(at);
            if (each == '%' || before == '/' && (each == '/' || each == '.')) {
                return false;
            }
            before = each;
        }
        return true;
    }

    private static boolean isTriplet(String path, int at) {
        return at + 2 < path.length()
                && Character.digit(path.charAt(at + 1), 16) >= 0
                && Character.digit(path.charAt(at + 2), 16) >= 0;
    }

    private static char triplet(String path, int at) {
        return (char) (Character.digit(path.charAt(at + 1), 16) * 16 + Character.digit(path.charAt(at + 2), 16));
    }

    private static boolean isUnreserved(char each) {
        return each >= 'a' && each <= 'z'
                || each >= 'A' && each <= 'Z'
                || each >= '0' && each <= '9'
                || each == '-'
                || each == '.'
                || each == '_'
                || each == '~';
    }

    private static String merged(String path) {
        StringBuilder merged = new StringBuilder(path.length());
        for (int at = 0; at < path.length(); at++) {
            char each = path.charAt(at);
            if (each != '/' || at == 0 || path.charAt(at - 1) != '/') {
                merged.append(each);
            }
        }
        return merged.toString();
    }

    private static String withoutDots(String path) {
        StringBuilder kept = new StringBuilder(path.length());
        int at = 0;
        while (at < path.length()) {
            int next = path.indexOf('/', at + 1);
            int end = next < 0 ? path.length() : next;
            String segment = path.substring(at, end);
            if (segment.equals("/..")) {
                kept.setLength(Math.max(0, kept.lastIndexOf("/")));
            } else if (!segment.equals("/.")) {
                kept.append(segment);
            }
            if (next < 0 && (segment.equals("/..") || segment.equals("/."))) {
                kept.append('/');
            }
            at = end;
        }
        return kept.toString();
    }

    /** A configured path that is no regular expression, as {@link #text} of a request. */
    static String normal(String path) {
        return of(path).text();
    }
}
