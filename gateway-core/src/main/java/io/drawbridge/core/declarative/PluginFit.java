package io.drawbridge.core.declarative;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.PluginProtocols;
import io.drawbridge.core.entity.Violations;
import io.drawbridge.core.store.StoreException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Whether plugins fit the routes that a document leads to. Confined to one writing. */
final class PluginFit {
    private static final String ROUTES = "routes";

    private final Map<UUID, Route> routes = new HashMap<>();
    /* Most routes have the same few. */
    private final Map<Object, Object> protocols = new HashMap<>();
    private Map<UUID, Set<Object>> byService;

    private record Route(UUID service, Object protocols) {}

    /** Remembers a route; anything else says nothing. */
    void add(Entity entity) {
        if (entity.type().name().equals(ROUTES)) {
            Object own = PluginProtocols.of(entity);
            routes.put(
                    entity.id(), new Route(entity.reference("service"), protocols.computeIfAbsent(own, same -> own)));
        }
    }

    void remove(Removal.Gone gone) {
        if (gone.type().name().equals(ROUTES)) {
            routes.remove(UUID.fromString(gone.id()));
        }
    }

    /** Fails with {@code INVALID}; no route may be added any more. */
    void require(Entity plugin) {
        UUID route = plugin.reference("route");
        UUID service = plugin.reference("service");
        Optional<Violations> wrong = Optional.empty();
        if (route != null) {
            wrong = Optional.ofNullable(routes.get(route))
                    .flatMap(its -> PluginProtocols.onRoute(plugin, its.protocols()));
        } else if (service != null) {
            wrong = Optional.ofNullable(ofServices().get(service))
                    .flatMap(all -> PluginProtocols.onService(plugin, List.copyOf(all)));
        }
        if (wrong.isPresent()) {
            throw StoreException.invalid(wrong.get());
        }
    }

    private Map<UUID, Set<Object>> ofServices() {
        if (byService == null) {
            byService = new HashMap<>();
            routes.values().stream()
                    .filter(route -> route.service() != null && route.protocols() != null)
                    .forEach(route -> byService
                            .computeIfAbsent(route.service(), none -> new HashSet<>())
                            .add(route.protocols()));
        }
        return byService;
    }
}
