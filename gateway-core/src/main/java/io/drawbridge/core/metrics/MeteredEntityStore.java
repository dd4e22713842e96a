package io.drawbridge.core.metrics;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.store.EntityAccess;
import io.drawbridge.core.store.EntityKey;
import io.drawbridge.core.store.EntityStore;
import io.drawbridge.core.store.Page;
import io.drawbridge.core.store.PageRequest;
import io.drawbridge.core.store.StoreException;
import io.drawbridge.core.store.Tagged;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** A store whose calls are timed, and whose writes are told. Thread-safe. */
public final class MeteredEntityStore implements EntityStore {
    private final EntityStore store;
    private final GatewayMetrics metrics;
    private final Consumer<EntityType> written;

    /** @param written hears of every write that was done, e.g. to have it numbered at once; must return quickly */
    public MeteredEntityStore(EntityStore store, GatewayMetrics metrics, Consumer<EntityType> written) {
        this.store = store;
        this.metrics = metrics;
        this.written = written;
    }

    @Override
    public Future<Optional<Entity>> get(EntityType type, EntityKey key) {
        return timed(type, "get", () -> store.get(type, key));
    }

    @Override
    public Future<Page> page(EntityType type, PageRequest request) {
        return timed(type, "page", () -> store.page(type, request));
    }

    @Override
    public Future<Entity> insert(Entity entity) {
        return written(entity.type(), "insert", () -> store.insert(entity));
    }

    @Override
    public Future<Entity> update(EntityType type, EntityKey key, Change change) {
        return written(type, "update", () -> store.update(type, key, change));
    }

    @Override
    public Future<Entity> upsert(Entity entity, EntityKey key) {
        return written(entity.type(), "upsert", () -> store.upsert(entity, key));
    }

    @Override
    public Future<Void> upsertAll(List<Entity> entities) {
        return transact(access -> access.upsertAll(entities));
    }

    @Override
    public Future<Void> deleteAll(List<Entity> entities) {
        return transact(access -> access.deleteAll(entities));
    }

    @Override
    public Future<List<Entity>> getAll(EntityType type, List<UUID> ids) {
        return timed(type, "get", () -> store.getAll(type, ids));
    }

    @Override
    public Future<Boolean> delete(EntityType type, EntityKey key, PageRequest.Parent parent) {
        return written(type, "delete", () -> store.delete(type, key, parent));
    }

    @Override
    public <T> Future<T> transact(Work<T> work) {
        return noting(work, store::transact);
    }

    @Override
    public <T> Future<T> bulk(Work<T> work) {
        return noting(work, store::bulk);
    }

    private <T> Future<T> noting(Work<T> work, Function<Work<T>, Future<T>> transaction) {
        Set<EntityType> touched = new LinkedHashSet<>();
        return transaction
                .apply(access -> work.apply(new Noting(access, touched)))
                .onSuccess(done -> touched.forEach(written));
    }

    @Override
    public <T> Future<T> snapshot(Work<T> work) {
        return store.snapshot(work);
    }

    /** Says which types are written. */
    private record Noting(EntityAccess access, Set<EntityType> touched) implements EntityAccess {
        @Override
        public Future<Optional<Entity>> get(EntityType type, EntityKey key) {
            return access.get(type, key);
        }

        @Override
        public Future<Page> page(EntityType type, PageRequest request) {
            return access.page(type, request);
        }

        @Override
        public Future<Entity> insert(Entity entity) {
            touched.add(entity.type());
            return access.insert(entity);
        }

        @Override
        public Future<Entity> update(EntityType type, EntityKey key, Change change) {
            touched.add(type);
            return access.update(type, key, change);
        }

        @Override
        public Future<Entity> upsert(Entity entity, EntityKey key) {
            touched.add(entity.type());
            return access.upsert(entity, key);
        }

        @Override
        public Future<Void> upsertAll(List<Entity> entities) {
            entities.forEach(entity -> touched.add(entity.type()));
            return access.upsertAll(entities);
        }

        @Override
        public Future<Void> deleteAll(List<Entity> entities) {
            entities.forEach(entity -> touched.add(entity.type()));
            return access.deleteAll(entities);
        }

        @Override
        public Future<List<Entity>> getAll(EntityType type, List<UUID> ids) {
            return access.getAll(type, ids);
        }

        @Override
        public EntityAccess in(UUID workspace) {
            return new Noting(access.in(workspace), touched);
        }

        @Override
        public Future<Boolean> delete(EntityType type, EntityKey key, PageRequest.Parent parent) {
            touched.add(type);
            return access.delete(type, key, parent);
        }
    }

    @Override
    public Future<Tagged.Page> tags(String tag, Tagged after, int size) {
        return store.tags(tag, after, size);
    }

    @Override
    public Future<Void> ping() {
        return store.ping();
    }

    @Override
    public Future<Void> close() {
        return store.close();
    }

    private <T> Future<T> written(EntityType type, String operation, Supplier<Future<T>> call) {
        return timed(type, operation, call).onSuccess(done -> written.accept(type));
    }

    private <T> Future<T> timed(EntityType type, String operation, Supplier<Future<T>> call) {
        long start = System.nanoTime();
        return call.get()
                .onComplete(answer -> metrics.storeCall(
                        type.name(),
                        operation,
                        answer.succeeded() ? "ok" : outcome(answer.cause()),
                        Duration.ofNanos(System.nanoTime() - start)));
    }

    private static String outcome(Throwable failure) {
        return failure instanceof StoreException known ? known.error().name() : "unexpected";
    }
}
