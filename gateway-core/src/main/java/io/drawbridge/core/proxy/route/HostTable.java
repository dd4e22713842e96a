package io.drawbridge.core.proxy.route;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What must be looked for to find a request's host among those that routes name. Filled by one thread, then read by all. */
final class HostTable {
    private final Set<HostPattern> wildcards = new HashSet<>();
    private final LengthTable<HostPattern> left = new LengthTable<>(0);
    private final LengthTable<HostPattern> right = new LengthTable<>(0);
    private boolean ports;

    void add(HostPattern host) {
        ports |= host.port() >= 0;
        if (!host.exact() && wildcards.add(host)) {
            (host.kind() == HostPattern.Kind.LEFT ? left : right).add(host.name(), host);
        }
    }

    void sort() {
        left.sort(HostPattern.ORDER);
        right.sort(HostPattern.ORDER);
        wildcards.clear();
    }

    /** The {@link HostPattern#text texts} of those that match, if they are there, in the order in which routes are looked for. */
    List<String> matching(RequestHost host) {
        List<String> found = new ArrayList<>(2);
        /* A request that names a wildcard has not got an exact host. */
        if (host.name().indexOf('*') < 0) {
            if (ports) {
                found.add(HostPattern.textOf(host.name(), host.port()));
            }
            found.add(host.name());
        }
        if (!left.isEmpty() || !right.isEmpty()) {
            List<HostPattern> matching = new ArrayList<>(2);
            left.ends(host.name(), all -> addMatching(all, host, matching));
            right.starts(host.name(), all -> addMatching(all, host, matching));
            matching.sort(HostPattern.ORDER);
            matching.forEach(each -> found.add(each.text()));
        }
        return found;
    }

    /* Never enough: another may be longer. */
    private static boolean addMatching(List<HostPattern> all, RequestHost host, List<HostPattern> found) {
        for (HostPattern each : all) {
            if (each.matches(host)) {
                found.add(each);
            }
        }
        return false;
    }
}
