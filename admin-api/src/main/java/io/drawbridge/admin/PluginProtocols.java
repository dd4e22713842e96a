package io.drawbridge.admin;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.Violations;
import io.drawbridge.core.store.EntityAccess;
import io.drawbridge.core.store.EntityKey;
import io.drawbridge.core.store.PageRequest;
import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;

/** A plugin's protocols must be among those of its route, or of one of its service's routes. Thread-safe. */
final class PluginProtocols {
    private static final String PROTOCOLS = "protocols";

    private final EntityType routes;

    PluginProtocols(EntityTypes types) {
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
                    .map(found -> found.isEmpty() || fits(entity, found.get())
                            ? entity
                            : refused("must match the associated route's protocols"));
        }
        UUID service = entity.reference("service");
        return service == null
                ? Future.succeededFuture(entity)
                : access.page(
                                routes,
                                PageRequest.first(PageRequest.SIZE_MAX).of(new PageRequest.Parent("service", service)))
                        .map(
                                page -> page.entities().isEmpty()
                                                || page.entities().stream().anyMatch(each -> fits(entity, each))
                                        ? entity
                                        : refused(
                                                "must match the protocols of at least one route pointing to this Plugin's service"));
    }

    private static boolean fits(Entity plugin, Entity route) {
        return !(plugin.get(PROTOCOLS) instanceof List<?> own)
                || !(route.get(PROTOCOLS) instanceof List<?> its)
                || own.stream().anyMatch(its::contains);
    }

    private static Entity refused(String why) {
        throw Problem.schemaViolation(Violations.of(PROTOCOLS, why));
    }
}
