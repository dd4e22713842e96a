package io.drawbridge.admin;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.Field;
import io.drawbridge.core.entity.Validator;
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

/** What can be done with entities of every type, alone, under a parent, and by way of a reference. Thread-safe. */
final class EntityResource {
    private final EntityTypes types;
    private final EntityStore store;
    private final Inputs inputs;
    private final PluginCheck plugins;

    EntityResource(EntityTypes types, EntityStore store, Inputs inputs) {
        this.types = types;
        this.store = store;
        this.inputs = inputs;
        this.plugins = new PluginCheck(types);
    }

    /** All URLs that derive from a type. */
    void routes(RouteTable table, EntityType type) {
        collection(table, type);
        references(table, type);
    }

    /** The URLs of a type by itself. */
    private void collection(RouteTable table, EntityType type) {
        String one = "/" + type.path() + "/{" + type.name() + "}";
        table.at("/" + type.path())
                .ofMany(type)
                .get(request -> list(type, request, null, "/" + type.path()))
                .post(request -> insert(type, request, Map.of()));
        table.at(one)
                .of(type)
                .get(request -> found(type, request.parameter(0)).map(EntityResource::shown))
                .put(request -> upsert(type, request, request.parameter(0), Map.of()))
                .patch(request -> update(type, request, request.parameter(0), null))
                .delete(request -> store.delete(type, Inputs.key(type, request.parameter(0)), null)
                        .map(gone -> Reply.empty(204)));
    }

    /** The URLs by way of what it refers to; only where the other type is known. */
    private void references(RouteTable table, EntityType type) {
        for (Field field : type.references()) {
            types.find(field.reference()).ifPresent(parent -> references(table, type, field, parent));
        }
    }

    private void references(RouteTable table, EntityType type, Field field, EntityType parent) {
        if (!type.name().equals("snis")) {
            reference(table, type, field, parent);
        }
        children(table, type, field, parent);
    }

    /** What an entity refers to. A server name's certificate has more to it: it is reached under certificates only. */
    private void reference(RouteTable table, EntityType type, Field field, EntityType parent) {
        table.at("/" + type.path() + "/{" + type.name() + "}/" + field.name())
                .of(parent)
                .get(request ->
                        referred(type, field, parent, request.parameter(0)).map(EntityResource::shown))
                .put(request -> putReferred(type, field, parent, request))
                .patch(request -> referred(type, field, parent, request.parameter(0))
                        .compose(other -> update(parent, request, other.id().toString(), null)))
                .delete(request -> referred(type, field, parent, request.parameter(0))
                        .map(other -> Reply.methodNotAllowed("GET, HEAD, OPTIONS, PATCH, PUT")));
    }

    /** What refers to an entity. */
    private void children(RouteTable table, EntityType type, Field field, EntityType parent) {
        String below = "/" + parent.path() + "/{" + parent.name() + "}/" + type.nestedPath();
        table.at(below)
                .ofMany(type)
                .get(request -> parent(parent, field, request)
                        .compose(owner -> list(
                                type,
                                request,
                                owner,
                                "/" + parent.path() + "/" + Percent.encode(request.parameter(0)) + "/"
                                        + type.nestedPath())))
                .post(request ->
                        parent(parent, field, request).compose(owner -> insert(type, request, reference(owner))));
        table.at(below + "/{" + type.name() + "}")
                .of(type)
                .get(request -> parent(parent, field, request)
                        .compose(owner -> found(type, request.parameter(1)).map(entity -> child(entity, owner)))
                        .map(EntityResource::shown))
                .put(request -> parent(parent, field, request)
                        .compose(owner -> upsert(type, request, request.parameter(1), reference(owner))))
                .patch(request -> parent(parent, field, request)
                        .compose(owner -> update(type, request, request.parameter(1), owner)))
                .delete(request -> parent(parent, field, request)
                        .compose(owner -> store.delete(type, Inputs.key(type, request.parameter(1)), owner))
                        .map(gone -> gone ? Reply.empty(204) : Reply.notFound()));
    }

    private Future<Reply> list(EntityType type, AdminRequest request, PageRequest.Parent parent, String path) {
        PageRequest wanted = ListArguments.read(request, type.field("tags").isPresent(), parent);
        String custom = type.name().equals("consumers") ? request.query().get("custom_id") : null;
        if (custom != null) {
            wanted = PageRequest.first(1).with("custom_id", custom);
        }
        return store.page(type, wanted)
                .map(page -> Reply.json(
                        200,
                        ListArguments.listed(
                                page.entities().stream().map(Entity::values).toList(), page.next(), request, path)));
    }

    private Future<Reply> insert(EntityType type, AdminRequest request, Map<String, Object> forced) {
        return inputs.read(type, request, forced)
                .map(input -> inputs.create(type, input))
                .compose(entity -> plugins.check(store, entity))
                .compose(entity -> store.insert(entity))
                .map(entity -> Reply.json(201, entity.values()));
    }

    private Future<Reply> upsert(EntityType type, AdminRequest request, String segment, Map<String, Object> forced) {
        return replaced(type, request, Inputs.key(type, segment), forced).map(EntityResource::shown);
    }

    private Future<Entity> replaced(EntityType type, AdminRequest request, EntityKey key, Map<String, Object> forced) {
        return replacement(type, request, key, forced).compose(entity -> store.upsert(entity, key));
    }

    /** What is to stand in the place that the key names. */
    private Future<Entity> replacement(
            EntityType type, AdminRequest request, EntityKey key, Map<String, Object> forced) {
        Map<String, Object> all = new LinkedHashMap<>(forced);
        if (key.id() != null) {
            all.put("id", key.id().toString());
        } else {
            Field named = type.field(type.endpointKey()).orElseThrow();
            String wrong = Validator.wrong(named, key.name());
            if (wrong != null) {
                return Future.failedFuture(Problem.invalidUnique(named.name(), wrong));
            }
            all.put(named.name(), key.name());
        }
        return inputs.read(type, request, all)
                .map(input -> inputs.create(type, input))
                .compose(entity -> plugins.check(store, entity));
    }

    /** @param owner whose child the entity must be; null: anybody's */
    private Future<Reply> update(EntityType type, AdminRequest request, String segment, PageRequest.Parent owner) {
        EntityKey key = Inputs.key(type, segment);
        return inputs.read(type, request, Map.of())
                .compose(input -> {
                    EntityAccess.Change change =
                            before -> inputs.change(child(before, owner), late(request, before, input));
                    return plugins.judges(type)
                            ? store.transact(access ->
                                    access.update(type, key, change).compose(changed -> plugins.check(access, changed)))
                            : store.update(type, key, change);
                })
                .map(EntityResource::shown);
    }

    /** Replaces what the entity refers to; makes it, and refers to it, if there is none. */
    private Future<Reply> putReferred(EntityType type, Field field, EntityType parent, AdminRequest request) {
        return found(type, request.parameter(0))
                .compose(entity -> {
                    UUID id = entity.reference(field.name());
                    EntityKey key = EntityKey.of(id != null ? id : UUID.randomUUID());
                    return id != null
                            ? replaced(parent, request, key, Map.of())
                            : replacement(parent, request, key, Map.of())
                                    .compose(made -> store.transact(access ->
                                            access.insert(made).compose(kept -> refer(access, entity, field, kept))));
                })
                .map(EntityResource::shown);
    }

    /** A form that changes an entity need not say its name, which decides about the types of some fields. */
    private static Map<String, Object> late(AdminRequest request, Entity before, Map<String, Object> input) {
        return request.body().untyped() ? FormBody.typed(before, input) : input;
    }

    private Future<Entity> refer(EntityAccess access, Entity entity, Field field, Entity made) {
        Map<String, Object> change = Map.of(field.name(), Map.of("id", made.id().toString()));
        return access.update(entity.type(), EntityKey.of(entity.id()), before -> inputs.change(before, change))
                .compose(changed -> plugins.check(access, changed))
                .map(made);
    }

    private Future<Entity> referred(EntityType type, Field field, EntityType parent, String segment) {
        return found(type, segment).compose(entity -> {
            UUID id = entity.reference(field.name());
            return id == null
                    ? Future.failedFuture(StoreException.notFound())
                    : store.get(parent, EntityKey.of(id)).map(EntityResource::orNotFound);
        });
    }

    private Future<PageRequest.Parent> parent(EntityType parent, Field field, AdminRequest request) {
        Future<Entity> named = parent.name().equals("certificates")
                ? CertificateResource.find(types, store, request.parameter(0))
                : found(parent, request.parameter(0));
        return named.map(owner -> new PageRequest.Parent(field.name(), owner.id()));
    }

    private static Map<String, Object> reference(PageRequest.Parent owner) {
        return Map.of(owner.field(), Map.of("id", owner.id().toString()));
    }

    private static Entity child(Entity entity, PageRequest.Parent owner) {
        if (owner != null && !owner.id().equals(entity.reference(owner.field()))) {
            throw StoreException.notFound();
        }
        return entity;
    }

    private Future<Entity> found(EntityType type, String segment) {
        return store.get(type, Inputs.key(type, segment)).map(EntityResource::orNotFound);
    }

    private static Entity orNotFound(Optional<Entity> found) {
        return found.orElseThrow(StoreException::notFound);
    }

    private static Reply shown(Entity entity) {
        return Reply.json(200, entity.values());
    }
}
