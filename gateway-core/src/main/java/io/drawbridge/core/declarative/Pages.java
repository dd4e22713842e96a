package io.drawbridge.core.declarative;

import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.store.EntityAccess;
import io.drawbridge.core.store.Page;
import io.drawbridge.core.store.PageRequest;
import io.drawbridge.migration.Futures;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/** Reads a store page by page, workspace by workspace. Confined to one transaction. */
final class Pages {
    private final Vertx vertx;
    private final EntityAccess access;

    Pages(Vertx vertx, EntityAccess access) {
        this.vertx = vertx;
        this.access = access;
    }

    /** The ids of all workspaces by name; none if the types have none. */
    Future<Map<String, UUID>> workspaces(List<EntityType> types) {
        Map<String, UUID> ids = new LinkedHashMap<>();
        return Futures.forEach(
                        types.stream()
                                .filter(type -> type.name().equals(Workspaces.TYPE))
                                .toList(),
                        type -> pages(access, type, Workspaces.DEFAULT, (workspace, entities) -> {
                            entities.forEach(each -> ids.put((String) each.get("name"), each.id()));
                            return Future.succeededFuture();
                        }))
                .map(ids);
    }

    /**
     * All entities of a type.
     *
     * @param ids as {@link #workspaces} has them
     * @param names of the workspaces that matter; null: all
     */
    Future<Void> each(EntityType type, Map<String, UUID> ids, Set<String> names, DeclarativeStore.Sink sink) {
        Predicate<String> matters = name -> names == null || names.contains(name);
        Future<Void> first = !type.workspaced() || matters.test(Workspaces.DEFAULT)
                ? pages(access, type, Workspaces.DEFAULT, sink)
                : Future.succeededFuture();
        List<String> others = !type.workspaced()
                ? List.of()
                : ids.keySet().stream()
                        .filter(name -> !name.equals(Workspaces.DEFAULT) && matters.test(name))
                        .toList();
        return first.compose(done ->
                Futures.forEach(others, name -> pages(access.in(ids.get(name)), type, name, sink)));
    }

    private Future<Void> pages(EntityAccess in, EntityType type, String workspace, DeclarativeStore.Sink sink) {
        UUID[] after = new UUID[1];
        return Futures.<Boolean>loop(
                        vertx,
                        () -> in.page(type, new PageRequest(PageRequest.SIZE_MAX, after[0], null, null))
                                .compose((Page page) -> {
                                    after[0] = page.next();
                                    Future<Void> taken = page.entities().isEmpty()
                                            ? Future.succeededFuture()
                                            : sink.take(workspace, page.entities());
                                    return taken.map(done -> page.next() == null ? Boolean.TRUE : null);
                                }))
                .mapEmpty();
    }
}
