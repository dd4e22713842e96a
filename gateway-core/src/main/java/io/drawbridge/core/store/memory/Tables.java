package io.drawbridge.core.store.memory;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.Field;
import io.drawbridge.core.store.EntityAccess;
import io.drawbridge.core.store.EntityKey;
import io.drawbridge.core.store.Page;
import io.drawbridge.core.store.PageRequest;
import io.drawbridge.core.store.StoreException;
import io.drawbridge.core.store.Tagged;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * Entities in maps, with the constraints that a database has. Answers at once; not thread-safe, but once nobody writes any
 * more, any thread may read.
 */
final class Tables implements EntityAccess {
    /* By id as text: the order of a database's ids is that of their bytes, which is that of their text. */
    private final Map<String, TreeMap<String, Entity>> byType = new TreeMap<>();
    private static final Comparator<Tagged> BY_ID =
            Comparator.comparing((Tagged each) -> each.id().toString()).thenComparing(Tagged::tag);

    private final EntityTypes types;
    private final Map<UUID, Tables> workspaces = new HashMap<>();
    /* Who has what only one may have: by type, field and value. */
    private final Map<List<Object>, Entity> claims = new HashMap<>();

    Tables(EntityTypes types) {
        this.types = types;
    }

    /** @param entities referenced ones before those that refer to them */
    static Tables of(EntityTypes types, List<Entity> entities) {
        Tables tables = new Tables(types);
        entities.forEach(tables::put);
        return tables;
    }

    /** With the same types and nothing in it. */
    Tables none() {
        return new Tables(types);
    }

    Tables copy() {
        Tables copy = new Tables(types);
        byType.forEach((type, entities) -> copy.byType.put(type, new TreeMap<>(entities)));
        workspaces.forEach((id, tables) -> copy.workspaces.put(id, tables.copy()));
        copy.claims.putAll(claims);
        return copy;
    }

    @Override
    public EntityAccess in(UUID workspace) {
        return workspaces.computeIfAbsent(workspace, none -> new Tables(types));
    }

    @Override
    public Future<Optional<Entity>> get(EntityType type, EntityKey key) {
        return attempt(() -> find(type, key));
    }

    @Override
    public Future<Page> page(EntityType type, PageRequest request) {
        return attempt(() -> {
            NavigableMap<String, Entity> table = table(type.name());
            Map<String, Entity> rest = request.after() == null
                    ? table
                    : table.tailMap(request.after().toString(), false);
            List<Entity> found = rest.values().stream()
                    .filter(entity -> tagged(entity, request.tags())
                            && child(entity, request.parent())
                            && matches(entity, request.match()))
                    .limit(request.size() + 1L)
                    .toList();
            if (found.size() <= request.size()) {
                return new Page(found, null);
            }
            List<Entity> page = found.subList(0, request.size());
            return new Page(page, page.get(page.size() - 1).id());
        });
    }

    @Override
    public Future<Entity> insert(Entity entity) {
        return attempt(() -> {
            if (table(entity.type().name()).containsKey(entity.id().toString())) {
                throw StoreException.duplicate(entity, "id");
            }
            return put(entity);
        });
    }

    @Override
    public Future<Entity> update(EntityType type, EntityKey key, Change change) {
        return attempt(() -> put(change.apply(find(type, key).orElseThrow(StoreException::notFound))));
    }

    @Override
    public Future<Entity> upsert(Entity entity, EntityKey key) {
        return attempt(() -> put(find(entity.type(), key)
                .map(old -> entity.with("id", old.get("id")))
                .orElse(entity)));
    }

    @Override
    public Future<Void> upsertAll(List<Entity> entities) {
        return attempt(() -> {
            entities.forEach(this::put);
            return null;
        });
    }

    @Override
    public Future<Void> deleteAll(List<Entity> entities) {
        return attempt(() -> {
            entities.forEach(
                    entity -> find(entity.type(), EntityKey.of(entity.id())).ifPresent(this::remove));
            return null;
        });
    }

    @Override
    public Future<Boolean> delete(EntityType type, EntityKey key, PageRequest.Parent parent) {
        return attempt(() -> {
            Optional<Entity> found = find(type, key).filter(entity -> child(entity, parent));
            found.ifPresent(this::remove);
            return found.isPresent();
        });
    }

    Tagged.Page tags(String tag, Tagged after, int size) {
        List<Tagged> all = byType.values().stream()
                .flatMap(table -> table.values().stream())
                .flatMap(entity -> entity.type().field("tags").isPresent() && entity.get("tags") instanceof List<?> tags
                        ? tags.stream().map(each -> new Tagged(entity.type().name(), entity.id(), (String) each))
                        : Stream.<Tagged>empty())
                .filter(each -> tag == null || tag.equals(each.tag()))
                .sorted(BY_ID)
                .filter(each -> after == null || BY_ID.compare(each, after) > 0)
                .limit(size + 1L)
                .toList();
        return new Tagged.Page(all.subList(0, Math.min(size, all.size())), all.size() > size);
    }

    private Entity put(Entity entity) {
        EntityType type = entity.type();
        for (Field field : type.fields()) {
            if (field.unique() && entity.get(field.name()) != null && taken(claim(entity, field), entity)) {
                throw StoreException.duplicate(entity, field.name());
            }
        }
        if (!type.together().isEmpty() && taken(together(entity), entity)) {
            throw StoreException.duplicateTogether(entity);
        }
        for (Field field : type.references()) {
            if (entity.get(field.name()) != null
                    && !table(field.reference())
                            .containsKey(entity.reference(field.name()).toString())) {
                throw StoreException.reference(entity, field.name(), field.reference());
            }
        }
        unclaim(writable(type.name()).put(entity.id().toString(), entity));
        claims(entity).forEach(claim -> claims.put(claim, entity));
        return entity;
    }

    private void unclaim(Entity before) {
        if (before != null) {
            claims(before).forEach(claims::remove);
        }
    }

    private boolean taken(List<Object> claim, Entity by) {
        Entity other = claims.get(claim);
        return other != null && !other.id().equals(by.id());
    }

    private static List<List<Object>> claims(Entity entity) {
        List<List<Object>> claims = new ArrayList<>();
        for (Field field : entity.type().fields()) {
            if (field.unique() && entity.get(field.name()) != null) {
                claims.add(claim(entity, field));
            }
        }
        if (!entity.type().together().isEmpty()) {
            claims.add(together(entity));
        }
        return claims;
    }

    private static List<Object> claim(Entity entity, Field field) {
        return List.of(entity.type().name(), field.name(), entity.get(field.name()));
    }

    private static List<Object> together(Entity entity) {
        return List.of(entity.type().name(), "", entity.type().cacheKey(entity));
    }

    private void remove(Entity entity) {
        for (EntityType type : types.declared()) {
            for (Field field : type.references()) {
                if (field.reference().equals(entity.type().name())) {
                    List<Entity> referring = table(type.name()).values().stream()
                            .filter(other -> entity.id().equals(other.reference(field.name())))
                            .toList();
                    if (!referring.isEmpty() && !field.cascade()) {
                        throw StoreException.referenced(entity.type().name(), type.name());
                    }
                    referring.forEach(this::remove);
                }
            }
        }
        unclaim(writable(entity.type().name()).remove(entity.id().toString()));
    }

    private Optional<Entity> find(EntityType type, EntityKey key) {
        if (key.id() != null) {
            return Optional.ofNullable(table(type.name()).get(key.id().toString()));
        }
        return Optional.ofNullable(type.endpointKey())
                .map(field -> claims.get(List.of(type.name(), field, key.name())));
    }

    private static boolean tagged(Entity entity, PageRequest.Tags wanted) {
        if (wanted == null) {
            return true;
        }
        List<?> has = entity.get("tags") instanceof List<?> list ? list : List.of();
        return wanted.all()
                ? has.containsAll(wanted.tags())
                : wanted.tags().stream().anyMatch(has::contains);
    }

    private static boolean child(Entity entity, PageRequest.Parent parent) {
        return parent == null || parent.id().equals(entity.reference(parent.field()));
    }

    private static boolean matches(Entity entity, PageRequest.Match match) {
        return match == null || match.value().equals(entity.get(match.field()));
    }

    private NavigableMap<String, Entity> table(String name) {
        return byType.containsKey(name) ? byType.get(name) : Collections.emptyNavigableMap();
    }

    private NavigableMap<String, Entity> writable(String name) {
        return byType.computeIfAbsent(name, none -> new TreeMap<>());
    }

    private static <T> Future<T> attempt(Callable<T> work) {
        try {
            return Future.succeededFuture(work.call());
        } catch (Exception failure) {
            return Future.failedFuture(failure);
        }
    }
}
