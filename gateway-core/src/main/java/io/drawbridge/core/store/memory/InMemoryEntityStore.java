package io.drawbridge.core.store.memory;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.store.EntityKey;
import io.drawbridge.core.store.EntityStore;
import io.drawbridge.core.store.Page;
import io.drawbridge.core.store.PageRequest;
import io.drawbridge.core.store.StoreException;
import io.drawbridge.core.store.Tagged;
import io.drawbridge.migration.Gate;
import io.drawbridge.migration.Release;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Entities in memory, gated as in a database. Thread-safe. */
public final class InMemoryEntityStore implements EntityStore {
    private final Supplier<Gate> gate;
    private final Release release;
    private Tables current;
    /* Transactions one after the other. */
    private Future<?> last = Future.succeededFuture();

    public InMemoryEntityStore(Supplier<Gate> gate, Release release) {
        this.gate = gate;
        this.release = release;
        this.current = new Tables(EntityTypes.at(release));
    }

    @Override
    public synchronized Future<Optional<Entity>> get(EntityType type, EntityKey key) {
        return current.get(type, key);
    }

    @Override
    public synchronized Future<Page> page(EntityType type, PageRequest request) {
        return current.page(type, request);
    }

    @Override
    public Future<Entity> insert(Entity entity) {
        return transact(access -> access.insert(entity));
    }

    @Override
    public Future<Entity> update(EntityType type, EntityKey key, Change change) {
        return transact(access -> access.update(type, key, change));
    }

    @Override
    public Future<Entity> upsert(Entity entity, EntityKey key) {
        return transact(access -> access.upsert(entity, key));
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
    public Future<Boolean> delete(EntityType type, EntityKey key, PageRequest.Parent parent) {
        return transact(access -> access.delete(type, key, parent));
    }

    @Override
    public synchronized <T> Future<T> transact(Work<T> work) {
        Future<T> done = last.transform(before -> gated(work));
        last = done;
        return done;
    }

    @Override
    public <T> Future<T> snapshot(Work<T> work) {
        Tables copy = copied();
        return Future.succeededFuture(copy).compose(work::apply);
    }

    @Override
    public synchronized Future<Tagged.Page> tags(String tag, Tagged after, int size) {
        return Future.succeededFuture(current.tags(tag, after, size));
    }

    @Override
    public Future<Void> ping() {
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }

    private <T> Future<T> gated(Work<T> work) {
        Gate now = gate.get();
        Optional<String> refusal = now.refusal(release);
        if (refusal.isPresent()) {
            return Future.failedFuture(StoreException.pending(now, release, refusal.get()));
        }
        Tables copy = copied();
        return Future.succeededFuture(copy).compose(work::apply).compose(keeping(copy));
    }

    private synchronized Tables copied() {
        return current.copy();
    }

    private <T> Function<T, Future<T>> keeping(Tables changed) {
        return value -> {
            synchronized (this) {
                current = changed;
            }
            return Future.succeededFuture(value);
        };
    }
}
