package io.drawbridge.core.proxy.route;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Routes in the order in which Kong 2.5 looks for them: those with more attributes first, then by host (exact before wildcards), by number of
 * headers, and by path (expressions before prefixes, longer before shorter). Immutable.
 */
final class RouteTable {
    private final HostTable hosts = new HostTable();
    private final List<Category> categories;

    RouteTable(Collection<CompiledRoute> routes) {
        Map<Integer, Category> found = new TreeMap<>(Comparator.reverseOrder());
        for (CompiledRoute route : routes) {
            route.hosts().forEach(hosts::add);
            found.computeIfAbsent(route.category(), absent -> new Category()).add(route);
        }
        hosts.sort();
        categories = new ArrayList<>(found.values());
        categories.forEach(Category::sort);
    }

    Optional<RouteMatch> find(RouteQuery query) {
        Search search = new Search(query);
        List<String> matching = hosts.matching(RequestHost.of(query.host(), query.encrypted() ? 443 : 80));
        for (Category category : categories) {
            if (category.search(matching, search)) {
                break;
            }
        }
        return search.result();
    }

    /** Routes with the same attributes. */
    private static final class Category {
        private final Map<String, Group> byHost = new HashMap<>();
        private final Group anyHost = new Group();

        void add(CompiledRoute route) {
            if (route.hosts().isEmpty()) {
                route.entries().forEach(anyHost::add);
            }
            for (HostPattern host : route.hosts()) {
                Group group = byHost.computeIfAbsent(host.text(), absent -> new Group());
                route.entries().forEach(group::add);
            }
        }

        void sort() {
            anyHost.sort();
            byHost.values().forEach(Group::sort);
        }

        /** Whether the search is over. */
        boolean search(List<String> hosts, Search search) {
            for (String host : hosts) {
                Group group = byHost.get(host);
                if (group != null && group.search(search)) {
                    return true;
                }
            }
            return anyHost.search(search);
        }
    }
}
