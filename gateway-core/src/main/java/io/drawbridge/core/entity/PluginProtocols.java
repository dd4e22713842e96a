package io.drawbridge.core.entity;

import java.util.List;
import java.util.Optional;

/** A plugin's protocols must be among those of its route, or of one of its service's routes. */
public final class PluginProtocols {
    private static final String PROTOCOLS = "protocols";

    private PluginProtocols() {}

    /**
     * What is wrong with a plugin on a route; empty if nothing.
     *
     * @param route its protocols
     */
    public static Optional<Violations> onRoute(Entity plugin, Object route) {
        return fits(plugin, route) ? Optional.empty() : wrong("must match the associated route's protocols");
    }

    /**
     * What is wrong with a plugin on a service; empty if nothing, as while it has no routes.
     *
     * @param routes the protocols of each of its routes
     */
    public static Optional<Violations> onService(Entity plugin, List<Object> routes) {
        return routes.isEmpty() || routes.stream().anyMatch(route -> fits(plugin, route))
                ? Optional.empty()
                : wrong("must match the protocols of at least one route pointing to this Plugin's service");
    }

    /** A route's, for the methods here. */
    public static Object of(Entity route) {
        return route.get(PROTOCOLS);
    }

    private static boolean fits(Entity plugin, Object route) {
        return !(plugin.get(PROTOCOLS) instanceof List<?> own)
                || !(route instanceof List<?> its)
                || own.stream().anyMatch(its::contains);
    }

    private static Optional<Violations> wrong(String why) {
        return Optional.of(Violations.of(PROTOCOLS, why));
    }
}
