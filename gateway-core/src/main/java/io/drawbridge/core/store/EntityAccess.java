package io.drawbridge.core.store;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.migration.Futures;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Reading and writing entities. Futures fail with {@link StoreException} only.
 *
 * <p>The types given must be those of this node's release; see {@link io.drawbridge.core.entity.EntityTypes#at}.
 */
public interface EntityAccess {
    Future<Optional<Entity>> get(EntityType type, EntityKey key);

    Future<Page> page(EntityType type, PageRequest request);

    /** Yields the entity as it is kept now. Fails with {@code UNIQUE, PRIMARY_KEY, REFERENCE}. */
    Future<Entity> insert(Entity entity);

    /** Reads, changes and writes in one transaction. Fails with {@code NOT_FOUND} and as {@link #insert}. */
    Future<Entity> update(EntityType type, EntityKey key, Change change);

    /**
     * Puts the entity in the place of the one that the key names, or inserts it. By name, an entity that is there keeps
     * its id.
     */
    Future<Entity> upsert(Entity entity, EntityKey key);

    /**
     * Puts each entity in the place of the one with its id, or inserts it: all or none.
     *
     * @param entities of one type, at most {@link PageRequest#SIZE_MAX}
     */
    Future<Void> upsertAll(List<Entity> entities);

    /**
     * Removes the entity if it is there; yields whether it was. Fails with {@code REFERENCED}.
     *
     * @param parent only if it refers to this; null: in any case
     */
    Future<Boolean> delete(EntityType type, EntityKey key, PageRequest.Parent parent);

    /**
     * Removes those that are there: all or none. Fails with {@code REFERENCED}.
     *
     * @param entities of one type, at most {@link PageRequest#SIZE_MAX}; their ids count
     */
    Future<Void> deleteAll(List<Entity> entities);

    /**
     * Those of the entities that are there, in no order.
     *
     * @param ids at most {@link PageRequest#SIZE_MAX}
     */
    default Future<List<Entity>> getAll(EntityType type, List<UUID> ids) {
        List<Entity> found = new ArrayList<>();
        return Futures.forEach(
                        ids,
                        id -> get(type, EntityKey.of(id))
                                .onSuccess(one -> one.ifPresent(found::add))
                                .mapEmpty())
                .map(found);
    }

    /**
     * The same of another workspace; what is given otherwise is of the one named {@code default}. Only within a
     * transaction or snapshot.
     */
    default EntityAccess in(UUID workspace) {
        throw new IllegalStateException("only within a transaction");
    }

    /** Makes the new entity from the old one. May be called again; throws {@link StoreException} to refuse. */
    interface Change {
        Entity apply(Entity before);
    }
}
