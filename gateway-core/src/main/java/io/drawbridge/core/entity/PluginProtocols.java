package io.drawbridge.core.entity;

import java.util.List;
import java.util.Optional;

/** A plugin's protocols must be among those of its route, or of one of its service's routes. */
public final class PluginProtocols {
    private static final String PROTOCOLS = "protocols";

    private PluginProtocols() {}

    /** What is wrong with a plugin on the route; empty if nothing. */
    public static Optional<Violations> onRoute(Entity plugin, Entity route) {
        return fits(plugin, route) ? Optional.empty() : wrong("must match the associated route's protocols");
    }

    /** What is wrong with a plugin on a service with these routes; empty if nothing, as while it has none. */
    public static Optional<Violations> onService(Entity plugin, List<Entity> routes) {
        return routes.isEmpty() || routes.stream().anyMatch(route -> fits(plugin, route))
                ? Optional.empty()
                : wrong("must match the protocols of at least one route pointing to this Plugin's service");
    }

    private static boolean fits(Entity plugin, Entity route) {
        return !(plugin.get(PROTOCOLS) instanceof List<?> own)
                || !(route.get(PROTOCOLS) instanceof List<?> its)
                || own.stream().anyMatch(its::contains);
    }

    private static Optional<Violations> wrong(String why) {
        return Optional.of(Violations.of(PROTOCOLS, why));
    }
}
