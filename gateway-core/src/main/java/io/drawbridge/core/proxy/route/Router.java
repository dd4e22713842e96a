package io.drawbridge.core.proxy.route;

import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.entity.Entity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which route a request takes, by Kong 2.5's rules. Immutable: another configuration is another router. */
public final class Router {
    private static final Logger LOG = LoggerFactory.getLogger(Router.class);
    private static final Router EMPTY = new Router(ConfigSnapshot.empty(), Map.of(), new RouteTable(List.of()), 0);

    private final ConfigSnapshot snapshot;
    private final Map<Entity, CompiledRoute> routes;
    private final RouteTable table;
    private final int unserved;

    private Router(ConfigSnapshot snapshot, Map<Entity, CompiledRoute> routes, RouteTable table, int unserved) {
        this.snapshot = snapshot;
        this.routes = routes;
        this.table = table;
        this.unserved = unserved;
    }

    /** Without routes. */
    public static Router empty() {
        return EMPTY;
    }

    /** For a configuration. Takes from another router what is the same there. Not to be called on an event loop. */
    public static Router of(ConfigSnapshot snapshot, Router before) {
        boolean sameServices = snapshot.sameAs(before.snapshot, "services");
        if (sameServices && snapshot.sameAs(before.snapshot, "routes")) {
            return new Router(snapshot, before.routes, before.table, before.unserved);
        }
        Collection<Entity> all = snapshot.all("routes");
        Map<Entity, CompiledRoute> routes = new IdentityHashMap<>(all.size());
        boolean same = true;
        for (Entity route : all) {
            CompiledRoute known = before.routes.get(route);
            boolean kept = known != null && (sameServices || known.isOf(snapshot));
            if (kept || CompiledRoute.isServed(route)) {
                same &= kept;
                routes.put(route, kept ? known : new CompiledRoute(route, snapshot));
            }
        }
        int unserved = all.size() - routes.size();
        if (unserved > before.unserved) {
            LOG.warn("routes of streams (tcp, tls, udp) are not served routes={}", unserved);
        }
        same &= routes.size() == before.routes.size();
        return new Router(snapshot, routes, same ? before.table : new RouteTable(routes.values()), unserved);
    }

    /** The route that a request takes; empty if none matches. */
    public Optional<RouteMatch> match(RouteQuery query) {
        return table.find(query);
    }

    /** Whether a request takes the same way by another router. False may mean "perhaps". */
    boolean sameAs(Router other) {
        return table == other.table;
    }

    /** What is not done as configured, for people. */
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (unserved > 0) {
            notes.add(unserved + " routes of streams (tcp, tls, udp) are not served");
        }
        for (CompiledRoute route : routes.values()) {
            for (PathPattern path : route.paths()) {
                if (path.broken() != null) {
                    notes.add(route.route() + ": the path " + path.text()
                            + " cannot be run, what it might match is refused: " + path.broken());
                }
            }
        }
        return notes;
    }
}
