package io.drawbridge.admin;

import io.drawbridge.core.declarative.DeclarativeException;
import io.drawbridge.core.declarative.Documents;
import io.drawbridge.core.declarative.MemoryConfig;
import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityTypes;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The document that is the configuration of a node without a database: read, and replaced as a whole. Thread-safe. */
final class DocumentResource {
    static final String PATH = "/config";

    private final Vertx vertx;
    private final FlattenedErrors flattened;
    private final MemoryConfig config;

    DocumentResource(Vertx vertx, EntityTypes types, MemoryConfig config) {
        this.vertx = vertx;
        this.flattened = new FlattenedErrors(types);
        this.config = config;
    }

    /** The same URL at a node that has its configuration from a database. */
    static void refused(RouteTable table) {
        RouteTable.Handler refused = request -> Future.succeededFuture(
                Reply.message(400, "this endpoint is only available when Kong is configured to not use a database"));
        table.at(PATH).get(refused).post(refused);
    }

    void routes(RouteTable table) {
        table.at(PATH)
                .get(request -> config.text()
                        .compose(text -> vertx.executeBlocking(() -> Reply.json(200, Map.of("config", text)), false)))
                .post(this::load);
    }

    private Future<Reply> load(AdminRequest request) {
        boolean unlessSame = request.flag("check_hash");
        boolean flatten = request.flag("flatten_errors");
        return vertx.executeBlocking(() -> document(request.body()), false)
                .compose(document -> config.load(document, unlessSame)
                        .compose(this::shown)
                        .recover(failure -> flatten && failure instanceof DeclarativeException wrong
                                ? Future.succeededFuture(flattened.reply(document, wrong))
                                : Future.failedFuture(failure)));
    }

    /** The body itself, or one text in it. */
    private static Map<String, Object> document(AdminRequest.Body body) {
        if (body.values().containsKey("_format_version")) {
            return body.values();
        }
        if (body.values().get("config") instanceof String text) {
            return Documents.parse(text);
        }
        throw new AdminException(Reply.message(400, "expected a declarative configuration"));
    }

    private Future<Reply> shown(Optional<List<Entity>> loaded) {
        return loaded.isEmpty()
                ? Future.succeededFuture(Reply.empty(304))
                : vertx.executeBlocking(() -> Reply.json(201, byType(loaded.get())), false);
    }

    private static Map<String, Object> byType(List<Entity> entities) {
        Map<String, Map<String, Object>> byType = new LinkedHashMap<>();
        entities.stream()
                .filter(MemoryConfig::configured)
                .forEach(entity -> byType.computeIfAbsent(entity.type().name(), none -> new LinkedHashMap<>())
                        .put(entity.id().toString(), entity.values()));
        return new LinkedHashMap<>(byType);
    }
}
