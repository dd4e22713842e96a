package io.drawbridge.core.declarative;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.Validator;
import io.drawbridge.core.store.EntityAccess;
import io.drawbridge.core.store.EntityStore;
import io.drawbridge.migration.Futures;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * Whole documents into a store and out of it, each in one transaction. Futures fail with {@link DeclarativeException} or
 * {@link io.drawbridge.core.store.StoreException}, or with {@link java.io.UncheckedIOException} if there is no room for
 * temporary files; then nothing was changed. Thread-safe.
 *
 * <p>Documents may be large: they are read entry by entry, validated as a whole, then written batch by batch. Of all
 * entities only ids, names and references are in memory.
 */
public final class DeclarativeStore {
    private final Vertx vertx;
    private final DeclarativeFile file;
    private final EntityStore store;

    /** @param types of this node's release, the store's */
    public DeclarativeStore(Vertx vertx, EntityTypes types, EntityStore store, Validator validator) {
        this.vertx = vertx;
        this.file = new DeclarativeFile(types, validator);
        this.store = store;
    }

    /** Writes every entity of the document, by its id; what is there besides stays. Twice is as once. */
    public Future<Changes> load(Map<String, Object> document) {
        return vertx.executeBlocking(() -> file.read(document), false)
                .compose(wanted -> load(wanted, false, many -> {}).onComplete(done -> wanted.close()));
    }

    /**
     * As {@link #load(Map)}, of what was read already.
     *
     * @param dryRun only says what would change; needs no open gate
     * @param progress is told now and then how many entities were dealt with; must return quickly
     */
    public Future<Changes> load(Declaration wanted, boolean dryRun, IntConsumer progress) {
        return written(wanted, null, dryRun, progress);
    }

    /** As {@link #apply(Document, List, boolean)}. */
    public Future<Changes> apply(Map<String, Object> document, List<String> tags, boolean dryRun) {
        return apply(Document.of(document), tags, dryRun);
    }

    /**
     * Makes the document the configuration of the workspaces that it speaks of: what is not in it goes, but for workspaces
     * and tokens. An entity without an id means the one of the same name that is there.
     *
     * @param tags only the part with all of these tags, there and in the document; empty: those that the document says it
     *     stands for, else everything
     * @param dryRun only says what would change; needs no open gate
     */
    public Future<Changes> apply(Document document, List<String> tags, boolean dryRun) {
        /* Nobody waits for the reading of what may not be written. */
        Future<Void> admitted = dryRun ? Future.succeededFuture() : store.transact(access -> Future.succeededFuture());
        return admitted.compose(open -> store.snapshot(this::known))
                .compose(known -> vertx.executeBlocking(() -> file.read(document, known), false))
                .compose(wanted -> written(wanted, tags.isEmpty() ? wanted.tags() : tags, dryRun, many -> {})
                        .onComplete(done -> wanted.close()));
    }

    private Future<Changes> written(Declaration wanted, List<String> tags, boolean dryRun, IntConsumer progress) {
        EntityStore.Work<Changes> work =
                access -> new Writing(vertx, file.order(), wanted, tags, dryRun, progress, access).run();
        return dryRun ? store.snapshot(work) : store.bulk(work);
    }

    /** Takes a part of an export. */
    public interface Sink {
        /**
         * @param workspace the name of the one that the entities are in
         * @param entities of one type, a page of them; the next come when the future is done
         */
        Future<Void> take(String workspace, List<Entity> entities);
    }

    /** Everything as of one moment, all workspaces, in the order in which types are written. */
    public Future<Void> export(Sink sink) {
        return store.snapshot(access -> walk(access, null, file.order(), sink));
    }

    private Future<Existing> known(EntityAccess access) {
        Existing existing = new Existing();
        return walk(access, null, file.order(), (workspace, entities) -> {
                    entities.forEach(entity -> existing.add(workspace, entity, List.of()));
                    return Future.succeededFuture();
                })
                .map(existing);
    }

    /** @param names of the workspaces that matter; null: all */
    private Future<Void> walk(EntityAccess access, Set<String> names, List<EntityType> types, Sink sink) {
        Pages pages = new Pages(vertx, access);
        return pages.workspaces(types)
                .compose(ids -> Futures.forEach(types, type -> pages.each(type, ids, names, sink)));
    }
}
