package io.drawbridge.core.proxy.route;

import io.drawbridge.core.config.Changes;
import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.migration.Release;
import io.vertx.core.MultiMap;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Routes, services and requests as tests write them. */
final class Routes {
    private static final EntityTypes TYPES = EntityTypes.at(Release.of(2, 5));

    private Routes() {}

    static Entity service(Map<String, Object> values) {
        return entity("services", values, Map.of("protocol", "http", "host", "upstream.example", "port", 80L));
    }

    /** @param service may be null */
    static Entity route(Entity service, Map<String, Object> values) {
        Map<String, Object> standard = new HashMap<>();
        standard.put("protocols", List.of("http", "https"));
        standard.put("https_redirect_status_code", 426L);
        standard.put("regex_priority", 0L);
        standard.put("strip_path", true);
        standard.put("path_handling", "v0");
        standard.put("created_at", 1_600_000_000L);
        if (service != null) {
            standard.put("service", Map.of("id", service.id().toString()));
        }
        return entity("routes", values, standard);
    }

    private static Entity entity(String type, Map<String, Object> values, Map<String, Object> standard) {
        Map<String, Object> all = new HashMap<>(standard);
        all.put("id", UUID.randomUUID().toString());
        all.putAll(values);
        return new Entity(TYPES.get(type), all);
    }

    static ConfigSnapshot snapshot(Collection<Entity> entities) {
        return ConfigSnapshot.of(Changes.Position.none(), entities);
    }

    /** A request without SNI. @param url with scheme, host and path, none of which is looked at closely */
    static RouteQuery query(String method, String url, MultiMap headers) {
        String scheme = url.substring(0, url.indexOf(':'));
        String rest = url.substring(scheme.length() + 3);
        int slash = rest.indexOf('/');
        return new RouteQuery(
                scheme, false, method, rest.substring(0, slash), 8000, rest.substring(slash), null, headers);
    }
}
