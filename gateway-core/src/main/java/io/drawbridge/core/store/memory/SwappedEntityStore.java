package io.drawbridge.core.store.memory;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.store.EntityKey;
import io.drawbridge.core.store.EntityStore;
import io.drawbridge.core.store.Page;
import io.drawbridge.core.store.PageRequest;
import io.drawbridge.core.store.Tagged;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * A configuration in memory that is replaced as a whole and never written in part: who reads sees the one before or the
 * one after. Thread-safe: one volatile reference to what nobody changes.
 */
public final class SwappedEntityStore implements EntityStore {
    private final EntityTypes types;
    private volatile State state;

    /** A whole configuration that is ready to be put in place. Immutable. */
    public static final class State {
        private final ReadOnly access;
        private final String hash;

        private State(ReadOnly access, String hash) {
            this.access = access;
            this.hash = hash;
        }
    }

    /** @param hash of no entities */
    public SwappedEntityStore(EntityTypes types, String hash) {
        this.types = types;
        this.state = new State(new ReadOnly(new Tables(types)), hash);
    }

    /**
     * Checks and indexes what is to be put in the place of all that is there. Takes its time: not for an event loop.
     *
     * @param entities referenced ones before those that refer to them
     * @param hash by which this configuration is known
     * @throws io.drawbridge.core.store.StoreException with {@code UNIQUE, REFERENCE}
     */
    public State prepare(List<Entity> entities, String hash) {
        return new State(new ReadOnly(Tables.of(types, entities)), hash);
    }

    /** Puts it in the place of all that is there. */
    public void swap(State prepared) {
        state = prepared;
    }

    /** Of the configuration that is there now. */
    public String hash() {
        return state.hash;
    }

    @Override
    public Future<Optional<Entity>> get(EntityType type, EntityKey key) {
        return state.access.get(type, key);
    }

    @Override
    public Future<Page> page(EntityType type, PageRequest request) {
        return state.access.page(type, request);
    }

    @Override
    public Future<Entity> insert(Entity entity) {
        return state.access.insert(entity);
    }

    @Override
    public Future<Entity> update(EntityType type, EntityKey key, Change change) {
        return state.access.update(type, key, change);
    }

    @Override
    public Future<Entity> upsert(Entity entity, EntityKey key) {
        return state.access.upsert(entity, key);
    }

    @Override
    public Future<Void> upsertAll(List<Entity> entities) {
        return state.access.upsertAll(entities);
    }

    @Override
    public Future<Boolean> delete(EntityType type, EntityKey key, PageRequest.Parent parent) {
        return state.access.delete(type, key, parent);
    }

    @Override
    public Future<Void> deleteAll(List<Entity> entities) {
        return state.access.deleteAll(entities);
    }

    @Override
    public <T> Future<T> transact(Work<T> work) {
        return snapshot(work);
    }

    @Override
    public <T> Future<T> snapshot(Work<T> work) {
        return Future.succeededFuture(state.access).compose(work::apply);
    }

    @Override
    public Future<Tagged.Page> tags(String tag, Tagged after, int size) {
        return Future.succeededFuture(state.access.tables().tags(tag, after, size));
    }

    @Override
    public Future<Void> ping() {
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }
}
