package io.drawbridge.core.proxy.route;

import java.util.Comparator;

/** One way into a route: by one of its paths, or by none if it has none. Immutable. @param path null for any */
record Entry(CompiledRoute route, PathPattern path) {
    /** Among entries of one category and host. Equal are those of which a request must take either. */
    static final Comparator<Entry> RANK = Comparator.<Entry>comparingInt(entry -> -entry.route.headerCount())
            .thenComparing(Entry::prefix)
            .thenComparing(entry -> entry.prefix() ? 0 : -entry.route.regexPriority())
            .thenComparing(entry -> entry.path == null ? 0 : -entry.path.text().length())
            .thenComparing(entry -> !entry.route.exactHosts())
            .thenComparing(entry -> -entry.route.longestPath());

    /** As they are tried: of equal ones the older first. */
    static final Comparator<Entry> ORDER = RANK.thenComparing(entry -> entry.route.createdAt())
            .thenComparing(entry -> entry.route.route().id());

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
