package io.drawbridge.core.declarative;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.PluginProtocols;
import io.drawbridge.core.entity.Violations;
import io.drawbridge.core.store.StoreException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Whether plugins fit the routes that a plan leads to. Confined to one plan. */
final class PluginFit {
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
        Optional<Violations> wrong = Optional.empty();
        if (route != null) {
            wrong = Optional.ofNullable(routes.get(route)).flatMap(its -> PluginProtocols.onRoute(plugin, its));
        } else if (service != null) {
            wrong = PluginProtocols.onService(plugin, byService.getOrDefault(service, List.of()));
        }
        if (wrong.isPresent()) {
            throw StoreException.invalid(wrong.get());
        }
    }
}
