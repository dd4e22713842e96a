package io.drawbridge.core.proxy.route;

import io.drawbridge.core.entity.Entity;
import java.util.Optional;

/**
 * The route that a request takes. Immutable.
 *
 * @param service null if the route has none
 * @param upstreamPath where the request goes at the service, without query
 * @param strippedPath what was taken off the request's path, null if nothing
 * @param refused null if the request may go on; else what it is answered instead
 */
public record RouteMatch(Entity route, Entity service, String upstreamPath, String strippedPath, Refusal refused) {
    public Optional<Refusal> refusal() {
        return Optional.ofNullable(refused);
    }
}
