package io.drawbridge.core.proxy.route;

import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.entity.Entity;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which route a request takes, by Kong 2.5's rules. Immutable: another configuration is another router. */
public final class Router {
    private static final Logger LOG = LoggerFactory.getLogger(Router.class);
    private static final Router EMPTY = new Router(Map.of(), 0);

    private final Map<Entity, CompiledRoute> routes;
    private final RouteTable table;
    private final int unserved;

    private Router(Map<Entity, CompiledRoute> routes, int unserved) {
        this.routes = routes;
        this.table = new RouteTable(routes.values());
        this.unserved = unserved;
    }

    /** Without routes. */
    public static Router empty() {
        return EMPTY;
    }

    /** For a configuration. Takes from another router what is the same there. Not to be called on an event loop. */
    public static Router of(ConfigSnapshot snapshot, Router before) {
        Collection<Entity> all = snapshot.all("routes");
        Map<Entity, CompiledRoute> routes = new IdentityHashMap<>(all.size());
        boolean same = true;
        int unserved = 0;
        for (Entity route : all) {
            if (!CompiledRoute.isServed(route)) {
                unserved++;
                continue;
            }
            CompiledRoute known = before.routes.get(route);
            boolean kept = known != null && known.isOf(snapshot);
            same &= kept;
            routes.put(route, kept ? known : new CompiledRoute(route, snapshot));
        }
        if (unserved > before.unserved) {
            LOG.warn("routes of streams are not served routes={}", unserved);
        }
        return same && routes.size() == before.routes.size() && unserved == before.unserved
                ? before
                : new Router(routes, unserved);
    }

    /** The route that a request takes; empty if none matches. */
    public Optional<RouteMatch> match(RouteQuery query) {
        return table.find(query);
    }

    /** Routes with paths that cannot be run here, and why: what such a path might match is refused. */
    public Map<UUID, String> unusable() {
        Map<UUID, String> unusable = new TreeMap<>();
        for (CompiledRoute route : routes.values()) {
            for (PathPattern path : route.paths()) {
                if (path.broken() != null) {
                    unusable.put(route.route().id(), path.text() + ": " + path.broken());
                }
            }
        }
        return unusable;
    }
}
