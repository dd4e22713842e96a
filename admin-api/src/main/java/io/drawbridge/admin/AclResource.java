package io.drawbridge.admin;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.store.EntityAccess;
import io.drawbridge.core.store.EntityKey;
import io.drawbridge.core.store.EntityStore;
import io.drawbridge.core.store.PageRequest;
import io.drawbridge.core.store.StoreException;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** One group of a consumer, named by id or by the group. Thread-safe. */
final class AclResource {
    private static final String CONSUMER = "consumer";
    private static final String GROUP = "group";

    private final EntityStore store;
    private final Inputs inputs;
    private final EntityType consumers;
    private final EntityType acls;

    AclResource(EntityTypes types, EntityStore store, Inputs inputs) {
        this.store = store;
        this.inputs = inputs;
        this.consumers = types.get("consumers");
        this.acls = types.get("acls");
    }

    void routes(RouteTable table) {
        table.at("/consumers/{consumers}/acls/{acls}")
                .of(acls)
                .get(request -> parent(request)
                        .compose(owner -> find(store, owner, request.parameter(1)))
                        .map(found -> shown(found.orElseThrow(StoreException::notFound))))
                .put(this::upsert)
                .patch(this::update)
                .delete(request -> parent(request)
                        .compose(owner -> store.transact(access -> find(access, owner, request.parameter(1))
                                .compose(found -> access.delete(
                                        acls,
                                        EntityKey.of(found.orElseThrow(StoreException::notFound)
                                                .id()),
                                        owner))))
                        .map(gone -> Reply.empty(204)));
    }

    private Future<PageRequest.Parent> parent(AdminRequest request) {
        return store.get(consumers, Inputs.key(consumers, request.parameter(0)))
                .map(found -> new PageRequest.Parent(
                        CONSUMER, found.orElseThrow(StoreException::notFound).id()));
    }

    private Future<Optional<Entity>> find(EntityAccess access, PageRequest.Parent owner, String segment) {
        EntityKey key = EntityKey.parse(segment);
        return key.id() != null
                ? access.get(acls, key)
                        .map(found -> found.filter(acl -> owner.id().equals(acl.reference(CONSUMER))))
                : access.page(acls, PageRequest.first(1).of(owner).with(GROUP, segment))
                        .map(page -> page.entities().stream().findFirst());
    }

    private Future<Reply> upsert(AdminRequest request) {
        String segment = request.parameter(1);
        return parent(request)
                .compose(owner -> inputs.read(
                                acls,
                                request,
                                Map.of(CONSUMER, Map.of("id", owner.id().toString())))
                        .compose(input -> store.transact(access -> find(access, owner, segment)
                                .compose(found -> {
                                    EntityKey named = EntityKey.parse(segment);
                                    UUID id = found.map(Entity::id)
                                            .orElse(named.id() != null ? named.id() : UUID.randomUUID());
                                    Map<String, Object> whole = new LinkedHashMap<>(input);
                                    whole.put("id", id.toString());
                                    if (named.id() == null) {
                                        whole.putIfAbsent(GROUP, segment);
                                    }
                                    return access.upsert(inputs.create(acls, whole), EntityKey.of(id));
                                }))))
                .map(AclResource::shown);
    }

    private Future<Reply> update(AdminRequest request) {
        return parent(request)
                .compose(owner -> inputs.read(acls, request, Map.of())
                        .compose(input -> store.transact(access -> find(access, owner, request.parameter(1))
                                .compose(found -> access.update(
                                        acls,
                                        EntityKey.of(found.orElseThrow(StoreException::notFound)
                                                .id()),
                                        before -> inputs.change(before, input))))))
                .map(AclResource::shown);
    }

    private static Reply shown(Entity entity) {
        return Reply.json(200, entity.values());
    }
}
