package io.drawbridge.core.declarative;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.Validator;
import io.drawbridge.core.store.EntityAccess;
import io.drawbridge.core.store.EntityStore;
import io.drawbridge.core.store.Page;
import io.drawbridge.core.store.PageRequest;
import io.drawbridge.migration.Futures;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/**
 * Whole documents into a store and out of it, each in one transaction. Futures fail with {@link DeclarativeException} or
 * {@link io.drawbridge.core.store.StoreException}, and then nothing was changed. Thread-safe.
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
        return blocking(() -> file.read(document))
                .compose(wanted -> store.transact(access -> existing(access, mentioned(wanted))
                        .compose(existing -> blocking(() -> Plan.additions(file.order(), existing, wanted)))
                        .compose(plan -> written(access, plan))));
    }

    /**
     * Makes the document the configuration: what is not in it goes, but for workspaces and tokens. An entity
     * without an id means the one of the same name that is there.
     *
     * @param tags only the part with all of these tags, there and in the document; empty: those that the document says it
     *     stands for, else everything
     * @param dryRun only says what would change; needs no open gate
     */
    public Future<Changes> apply(Map<String, Object> document, List<String> tags, boolean dryRun) {
        return dryRun
                ? store.snapshot(access -> plan(access, document, tags).map(Plan::changes))
                : store.transact(access -> plan(access, document, tags).compose(plan -> written(access, plan)));
    }

    /**
     * Everything as of one moment, in pieces, in the order in which types are written.
     *
     * @param sink takes one type's entities, at most {@link PageRequest#SIZE_MAX}; the next come when it is done
     */
    public Future<Void> export(Function<List<Entity>, Future<Void>> sink) {
        return store.snapshot(access -> Futures.forEach(file.order(), type -> pages(access, type, sink)));
    }

    private Future<Plan> plan(EntityAccess access, Map<String, Object> document, List<String> tags) {
        return existing(access, file.order())
                .compose(existing -> blocking(() -> {
                    Declaration wanted = file.read(document, existing);
                    return Plan.whole(file.order(), existing, wanted, tags.isEmpty() ? wanted.tags() : tags);
                }));
    }

    /* And routes, which say whether plugins fit. */
    private List<EntityType> mentioned(Declaration wanted) {
        return file.order().stream()
                .filter(type -> type.name().equals("routes")
                        || wanted.entities().stream()
                                .anyMatch(declared ->
                                        declared.entity().type().name().equals(type.name())))
                .toList();
    }

    private Future<Existing> existing(EntityAccess access, List<EntityType> types) {
        Existing existing = new Existing();
        return Futures.forEach(
                        types,
                        type -> pages(access, type, entities -> {
                            entities.forEach(existing::add);
                            return Future.succeededFuture();
                        }))
                .map(existing);
    }

    private Future<Void> pages(EntityAccess access, EntityType type, Function<List<Entity>, Future<Void>> sink) {
        UUID[] after = new UUID[1];
        return Futures.<Boolean>loop(
                        vertx,
                        () -> access.page(type, new PageRequest(PageRequest.SIZE_MAX, after[0], null, null))
                                .compose((Page page) -> {
                                    after[0] = page.next();
                                    Future<Void> taken = page.entities().isEmpty()
                                            ? Future.succeededFuture()
                                            : sink.apply(page.entities());
                                    return taken.map(done -> page.next() == null ? Boolean.TRUE : null);
                                }))
                .mapEmpty();
    }

    private static Future<Changes> written(EntityAccess access, Plan plan) {
        return Futures.forEach(groups(plan.first()), access::deleteAll)
                .compose(freed -> Futures.forEach(groups(plan.writes()), access::upsertAll))
                .compose(done -> Futures.forEach(groups(plan.last()), access::deleteAll))
                .map(plan.changes());
    }

    /** Of one type each, bounded, in the same order. */
    private static List<List<Entity>> groups(List<Entity> entities) {
        List<List<Entity>> groups = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= entities.size(); i++) {
            if (i == entities.size()
                    || i - from == PageRequest.SIZE_MAX
                    || !entities.get(i)
                            .type()
                            .name()
                            .equals(entities.get(from).type().name())) {
                groups.add(entities.subList(from, i));
                from = i;
            }
        }
        return groups;
    }

    private <T> Future<T> blocking(java.util.concurrent.Callable<T> work) {
        return vertx.executeBlocking(work, false);
    }
}
