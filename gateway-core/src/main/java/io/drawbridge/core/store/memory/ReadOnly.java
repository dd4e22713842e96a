package io.drawbridge.core.store.memory;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.store.EntityAccess;
import io.drawbridge.core.store.EntityKey;
import io.drawbridge.core.store.Page;
import io.drawbridge.core.store.PageRequest;
import io.drawbridge.core.store.StoreError;
import io.drawbridge.core.store.StoreException;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Tables that only answer. What is asked of them is checked as ever; what would be written is refused. Thread-safe. */
record ReadOnly(Tables tables) implements EntityAccess {
    private static final String SET = "create or update";

    @Override
    public Future<Optional<Entity>> get(EntityType type, EntityKey key) {
        return tables.get(type, key);
    }

    @Override
    public Future<Page> page(EntityType type, PageRequest request) {
        return tables.page(type, request);
    }

    @Override
    public Future<Entity> insert(Entity entity) {
        return refused("create", entity.type());
    }

    @Override
    public Future<Entity> update(EntityType type, EntityKey key, Change change) {
        return tables.get(type, key).compose(found -> {
            found.ifPresent(change::apply);
            return refused("update", type);
        });
    }

    @Override
    public Future<Entity> upsert(Entity entity, EntityKey key) {
        return refused(SET, entity.type());
    }

    @Override
    public Future<Void> upsertAll(List<Entity> entities) {
        return entities.isEmpty()
                ? Future.succeededFuture()
                : refused(SET, entities.get(0).type());
    }

    @Override
    public Future<Boolean> delete(EntityType type, EntityKey key, PageRequest.Parent parent) {
        return refused("delete", type);
    }

    @Override
    public Future<Void> deleteAll(List<Entity> entities) {
        return entities.isEmpty()
                ? Future.succeededFuture()
                : refused("delete", entities.get(0).type());
    }

    /** Everything is in one workspace. */
    @Override
    public EntityAccess in(UUID workspace) {
        return new ReadOnly(tables.none());
    }

    private static <T> Future<T> refused(String what, EntityType type) {
        return Future.failedFuture(StoreException.of(
                StoreError.READ_ONLY, "cannot " + what + " '" + type.name() + "' entities when not using a database"));
    }
}
