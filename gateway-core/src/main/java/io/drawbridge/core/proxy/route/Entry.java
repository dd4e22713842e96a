package io.drawbridge.core.proxy.route;

import java.util.Comparator;

/** One way into a route: by one of its paths, or by none if it has none. Immutable. @param path null for any */
record Entry(CompiledRoute route, PathPattern path) {
    /* Among entries of one category and host. */
    private static final Comparator<Entry> RANK = Comparator.<Entry>comparingInt(entry -> -entry.route.headerCount())
            .thenComparing(Entry::prefix)
            .thenComparing(entry -> entry.prefix() ? 0 : -entry.route.regexPriority())
            .thenComparing(entry -> entry.prefix() ? -entry.literal().length() : 0)
            .thenComparing(entry -> !entry.route.exactHosts())
            .thenComparing(entry -> -entry.route.longestPrefix());

    /** As they are tried: of equal ones the older first. */
    static final Comparator<Entry> ORDER = RANK.thenComparing(entry -> entry.route.createdAt())
            .thenComparing(entry -> entry.route.route().id());

    /** Whether only their age, and what they ask of a request beside its path, tells one from the other. */
    boolean isTwinOf(Entry other) {
        return RANK.compare(this, other) == 0
                && (path == null
                        ? other.path == null
                        : other.path != null && path.text().equals(other.path.text()));
    }

    boolean prefix() {
        return path == null || path.prefix();
    }

    /** What every path that it takes starts with. */
    String literal() {
        return path == null ? "" : path.literal();
    }

    /** Whether nobody knows if it matches what starts like it. */
    boolean broken() {
        return path != null && path.broken() != null;
    }

    int end(String text, MatchBudget budget) {
        return path == null ? 0 : path.end(text, budget);
    }
}
