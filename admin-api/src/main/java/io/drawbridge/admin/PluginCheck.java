package io.drawbridge.admin;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.PluginProtocols;
import io.drawbridge.core.entity.Violations;
import io.drawbridge.core.store.EntityAccess;
import io.drawbridge.core.store.EntityKey;
import io.drawbridge.core.store.PageRequest;
import io.drawbridge.core.store.StoreException;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.UUID;

/** Whether a plugin fits the routes that it is for. Thread-safe. */
final class PluginCheck {
    private final EntityType routes;

    PluginCheck(EntityTypes types) {
        this.routes = types.get("routes");
    }

    boolean judges(EntityType type) {
        return type.name().equals("plugins");
    }

    /** Yields the entity, or fails with a schema violation. Entities that are no plugins pass. */
    Future<Entity> check(EntityAccess access, Entity entity) {
        if (!judges(entity.type())) {
            return Future.succeededFuture(entity);
        }
        UUID route = entity.reference("route");
        if (route != null) {
            return access.get(routes, EntityKey.of(route))
                    .map(found -> passed(
                            entity, found.flatMap(its -> PluginProtocols.onRoute(entity, PluginProtocols.of(its)))));
        }
        UUID service = entity.reference("service");
        PageRequest.Parent parent = new PageRequest.Parent("service", service);
        return service == null
                ? Future.succeededFuture(entity)
                : access.page(routes, PageRequest.first(PageRequest.SIZE_MAX).of(parent))
                        .map(page -> passed(
                                entity,
                                PluginProtocols.onService(
                                        entity,
                                        page.entities().stream()
                                                .map(PluginProtocols::of)
                                                .toList())));
    }

    private static Entity passed(Entity entity, Optional<Violations> wrong) {
        if (wrong.isPresent()) {
            throw StoreException.invalid(wrong.get());
        }
        return entity;
    }
}
