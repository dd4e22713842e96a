package io.drawbridge.core.declarative;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.Violations;
import io.drawbridge.core.store.StoreException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A plugin's protocols must be among those of its route, or of one of its service's routes. Confined to one plan. */
final class PluginFit {
    private static final String PROTOCOLS = "protocols";

    private final Map<UUID, Entity> routes = new HashMap<>();
    private final Map<UUID, List<Entity>> byService = new HashMap<>();

    /** @param routes as they will be */
    PluginFit(Collection<Entity> routes) {
        for (Entity route : routes) {
            this.routes.put(route.id(), route);
            UUID service = route.reference("service");
            if (service != null) {
                byService.computeIfAbsent(service, none -> new ArrayList<>()).add(route);
            }
        }
    }

    /** Fails with {@code INVALID}. */
    void require(Entity plugin) {
        UUID route = plugin.reference("route");
        UUID service = plugin.reference("service");
        if (route != null) {
            Entity its = routes.get(route);
            if (its != null && !fits(plugin, its)) {
                throw refused("must match the associated route's protocols");
            }
        } else if (service != null) {
            List<Entity> all = byService.getOrDefault(service, List.of());
            if (!all.isEmpty() && all.stream().noneMatch(each -> fits(plugin, each))) {
                throw refused("must match the protocols of at least one route pointing to this Plugin's service");
            }
        }
    }

    private static boolean fits(Entity plugin, Entity route) {
        return !(plugin.get(PROTOCOLS) instanceof List<?> own)
                || !(route.get(PROTOCOLS) instanceof List<?> its)
                || own.stream().anyMatch(its::contains);
    }

    private static StoreException refused(String why) {
        return StoreException.invalid(Violations.of(PROTOCOLS, why));
    }
}
