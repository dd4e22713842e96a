package io.drawbridge.core.proxy.route;

import java.util.Comparator;
import java.util.Locale;

/**
 * A host that a route names: exact, or with a wildcard for its leftmost or rightmost labels; for any port or for one. Immutable.
 *
 * @param text as configured, in lower case: two are the same if their texts are
 * @param name without port; with a wildcard, what comes after it or before it
 * @param port -1 for any
 */
record HostPattern(String text, Kind kind, String name, int port) {
    /** The order in which they are tried: with a port first, then the longer. */
    static final Comparator<HostPattern> ORDER = Comparator.<HostPattern, Boolean>comparing(
                    each -> each.kind != Kind.EXACT)
            .thenComparing(each -> each.port < 0)
            .thenComparing(each -> -each.text.length())
            .thenComparing(HostPattern::text);

    enum Kind {
        EXACT,
        /** {@code *.example.com}: the name is {@code .example.com}. */
        LEFT,
        /** {@code example.*}: the name is {@code example.}. */
        RIGHT
    }

    static HostPattern of(String configured) {
        RequestHost parts = RequestHost.of(configured.toLowerCase(Locale.ROOT), -1);
        String name = parts.name();
        String text = textOf(name, parts.port());
        if (name.startsWith("*")) {
            return new HostPattern(text, Kind.LEFT, name.substring(1), parts.port());
        }
        if (name.endsWith("*")) {
            return new HostPattern(text, Kind.RIGHT, name.substring(0, name.length() - 1), parts.port());
        }
        return new HostPattern(text, Kind.EXACT, name, parts.port());
    }

    /** What a pattern with a name and a port is called. @param port -1 for any */
    static String textOf(String name, int port) {
        return port < 0 ? name : name + ':' + port;
    }

    boolean exact() {
        return kind == Kind.EXACT;
    }

    boolean matches(RequestHost host) {
        if (port >= 0 && port != host.port()) {
            return false;
        }
        String asked = host.name();
        return switch (kind) {
            case EXACT -> asked.equals(name);
            case LEFT -> asked.length() > name.length() && asked.endsWith(name);
            case RIGHT -> asked.length() > name.length() && asked.startsWith(name);
        };
    }
}
