package io.drawbridge.core.proxy.route;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** All hosts that routes name. Filled by one thread, then read by all. */
final class HostTable {
    private final Set<HostPattern> known = new HashSet<>();
    private final LengthTable<HostPattern> exact = new LengthTable<>();
    private final LengthTable<HostPattern> left = new LengthTable<>();
    private final LengthTable<HostPattern> right = new LengthTable<>();

    void add(HostPattern host) {
        if (known.add(host)) {
            table(host).add(host.name(), host);
        }
    }

    private LengthTable<HostPattern> table(HostPattern host) {
        return switch (host.kind()) {
            case EXACT -> exact;
            case LEFT -> left;
            case RIGHT -> right;
        };
    }

    void sort() {
        exact.sort(HostPattern.ORDER);
        left.sort(HostPattern.ORDER);
        right.sort(HostPattern.ORDER);
        known.clear();
    }

    /** Those that are a request's, in the order in which routes are looked for. */
    List<HostPattern> matching(RequestHost host) {
        List<HostPattern> found = new ArrayList<>(2);
        addMatching(exact.at(host.name()), host, found);
        if (!left.isEmpty() || !right.isEmpty()) {
            left.ends(host.name(), all -> addMatching(all, host, found));
            right.starts(host.name(), all -> addMatching(all, host, found));
            found.sort(HostPattern.ORDER);
        }
        return found;
    }

    private static boolean addMatching(List<HostPattern> all, RequestHost host, List<HostPattern> found) {
        for (HostPattern each : all) {
            if (each.matches(host)) {
                found.add(each);
            }
        }
        return false;
    }
}
