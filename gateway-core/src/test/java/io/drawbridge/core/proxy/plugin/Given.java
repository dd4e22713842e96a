package io.drawbridge.core.proxy.plugin;

import io.drawbridge.core.config.Changes;
import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.migration.Release;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Entities and requests for tests of plugins. */
public final class Given {
    private static final EntityTypes TYPES = EntityTypes.at(Release.of(2, 5));

    public static final Entity SERVICE = entity("services", 1, Map.of("name", "orders", "host", "orders.internal"));
    public static final Entity ROUTE = entity("routes", 2, Map.of("name", "main", "service", reference(SERVICE)));
    public static final Entity ALICE = entity("consumers", 3, Map.of("username", "alice", "custom_id", "a-1"));

    private Given() {}

    public static Entity entity(String type, int number, Map<String, Object> values) {
        Map<String, Object> all = new HashMap<>(values);
        all.put("id", id(number).toString());
        return new Entity(TYPES.get(type), all);
    }

    public static Entity plugin(int number, String name, Map<String, Object> values) {
        Map<String, Object> all = new HashMap<>(Map.of(
                "name",
                name,
                "enabled",
                true,
                "config",
                Map.of(),
                "protocols",
                List.of("grpc", "grpcs", "http", "https")));
        all.putAll(values);
        return entity("plugins", number, all);
    }

    public static Entity configured(String name, Map<String, Object> config) {
        return plugin(100, name, Map.of("config", config));
    }

    public static UUID id(int number) {
        return new UUID(0, number);
    }

    public static Map<String, Object> reference(Entity to) {
        return Map.of("id", to.id().toString());
    }

    public static ConfigSnapshot snapshot(Collection<Entity> entities) {
        return ConfigSnapshot.of(new Changes.Position("test", 1), entities);
    }

    public static Exchange exchange(Entity... known) {
        return request().config(known).exchange();
    }

    public static Request request() {
        return new Request();
    }

    /** A request as it arrives; GET http://example.com/ on {@link #ROUTE} if nothing else is said. */
    public static final class Request {
        private final MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        private String method = "GET";
        private String scheme = "http";
        private String path = "/";
        private String query;
        private String client = "192.0.2.7";
        private long nanos = System.nanoTime();
        private Entity route = ROUTE;
        private Entity service = SERVICE;
        private Buffer body = Buffer.buffer();
        private ConfigSnapshot config = ConfigSnapshot.empty();

        public Request method(String other) {
            method = other;
            return this;
        }

        public Request scheme(String other) {
            scheme = other;
            return this;
        }

        public Request path(String other) {
            path = other;
            return this;
        }

        public Request query(String other) {
            query = other;
            return this;
        }

        public Request client(String other) {
            client = other;
            return this;
        }

        public Request arrived(long other) {
            nanos = other;
            return this;
        }

        public Request header(String name, String value) {
            headers.add(name, value);
            return this;
        }

        public Request body(String type, String text) {
            body = Buffer.buffer(text);
            return header("Content-Type", type);
        }

        public Request on(Entity otherRoute, Entity otherService) {
            route = otherRoute;
            service = otherService;
            return this;
        }

        public Request config(Entity... entities) {
            config = snapshot(List.of(entities));
            return this;
        }

        public Exchange exchange() {
            return new Exchange(
                    new Exchange.Incoming(method, scheme, "example.com", path, query, client, "192.0.2.1:8000", nanos),
                    headers,
                    route,
                    service,
                    ConfigData.of(config),
                    () -> Future.succeededFuture(body));
        }
    }

    /** What a plugin answers instead of sending the request on; fails if it lets it through. */
    public static Verdict.Answer answer(Future<Verdict> verdict) {
        return (Verdict.Answer) verdict.result();
    }
}
