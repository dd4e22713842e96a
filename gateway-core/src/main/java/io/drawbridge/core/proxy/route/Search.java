package io.drawbridge.core.proxy.route;

import java.util.List;
import java.util.Optional;

/** The way of one request through the table of routes. Confined to that request. */
final class Search {
    private final RouteQuery query;
    private final RequestPath path;
    private final MatchBudget budget = new MatchBudget();
    private Entry chosen;
    private int end;
    private Refusal refused;

    Search(RouteQuery query) {
        this.query = query;
        this.path = RequestPath.of(query.path());
    }

    /** As routes see it. */
    String path() {
        return path.text();
    }

    /**
     * Takes the first of these that is the request's. One that must refuse it gives way to its twins, so that a path can be served in one
     * way encrypted and in another not; it does not give way to others, so that what is for encrypted requests only is not answered
     * by whatever comes next.
     *
     * @param entries in their order
     * @return whether the search is over
     */
    boolean offer(List<Entry> entries) {
        for (Entry entry : entries) {
            if (chosen != null && !entry.isTwinOf(chosen)) {
                continue;
            }
            if (entry.route().matches(query) && take(entry)) {
                return true;
            }
        }
        return chosen != null;
    }

    private boolean take(Entry entry) {
        int taken = entry.end(path.text(), budget);
        boolean undecided = budget.exceeded() || taken >= 0 && entry.broken();
        if (taken < 0 && !undecided) {
            return false;
        }
        Refusal refusal = undecided ? Refusal.UNDECIDED : entry.route().refusal(query);
        if (chosen == null || refusal == null) {
            chosen = entry;
            end = Math.max(0, taken);
            refused = refusal;
        }
        return refusal == null || undecided;
    }

    Optional<RouteMatch> result() {
        return chosen == null ? Optional.empty() : Optional.of(chosen.route().match(path, end, query.path(), refused));
    }
}
