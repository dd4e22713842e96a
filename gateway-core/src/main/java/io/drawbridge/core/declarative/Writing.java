package io.drawbridge.core.declarative;

import io.drawbridge.core.declarative.Declaration.Declared;
import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.store.EntityAccess;
import io.drawbridge.migration.Futures;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;

/** One attempt to write a document, in a transaction: batch by batch, each compared with what is there. */
final class Writing {
    /* Entities in memory at once. */
    private static final int BATCH = 500;

    private final Vertx vertx;
    private final List<EntityType> order;
    private final Declaration wanted;
    private final List<String> tags;
    private final boolean dryRun;
    private final IntConsumer progress;
    private final EntityAccess access;
    private final Existing existing = new Existing();
    private final PluginFit fit = new PluginFit();
    private final Map<String, Changes.OfType> byType = new LinkedHashMap<>();
    private final Map<String, Changes.Ids> ignored = new LinkedHashMap<>();
    /* Of the document, without the tags that were asked for. */
    private final Set<String> untagged = new HashSet<>();
    private Map<String, UUID> workspaces = Map.of();
    private Removal removal = Removal.NONE;
    private int done;

    /** @param tags only entities with all of these, and what is there with them and not wanted goes; null: nothing goes */
    Writing(
            Vertx vertx,
            List<EntityType> order,
            Declaration wanted,
            List<String> tags,
            boolean dryRun,
            IntConsumer progress,
            EntityAccess access) {
        this.vertx = vertx;
        this.order = order;
        this.wanted = wanted;
        this.tags = tags;
        this.dryRun = dryRun;
        this.progress = progress;
        this.access = access;
    }

    Future<Changes> run() {
        return look().compose(seen -> blocking(this::decide))
                .compose(decided -> delete(removal.first()))
                .compose(freed -> Futures.forEach(order, this::write))
                .compose(written -> delete(removal.last()))
                .map(all -> {
                    Map<String, Changes.OfType> sorted = new LinkedHashMap<>();
                    order.stream()
                            .map(EntityType::name)
                            .filter(byType::containsKey)
                            .forEach(name -> sorted.put(name, byType.get(name)));
                    return new Changes(sorted, ignored, wanted.skipped());
                });
    }

    /** If nothing goes, only workspaces matter, and routes, which say whether plugins fit. */
    private Future<Void> look() {
        Pages pages = new Pages(vertx, access);
        List<EntityType> types = tags != null
                ? order
                : order.stream()
                        .filter(type -> type.name().equals(Workspaces.TYPE)
                                || type.name().equals("routes"))
                        .toList();
        return pages.workspaces(order).compose(ids -> {
            workspaces = new HashMap<>(ids);
            return Futures.forEach(
                    types,
                    type -> pages.each(type, ids, wanted.workspaces(), (workspace, entities) -> {
                        entities.forEach(entity -> {
                            existing.add(workspace, entity, tags == null ? List.of() : tags);
                            fit.add(entity);
                        });
                        return Future.succeededFuture();
                    }));
        });
    }

    private Void decide() {
        if (tags == null) {
            return null;
        }
        if (!tags.isEmpty()) {
            for (EntityType type : order) {
                Declaration.Walk walk = wanted.walk(type);
                for (Declared each = walk.next(); each != null; each = walk.next()) {
                    if (!Existing.tagged(each.entity(), tags)) {
                        String id = each.entity().id().toString();
                        untagged.add(id);
                        ignored.computeIfAbsent(type.name(), none -> new Changes.Ids())
                                .add(id);
                    }
                }
            }
        }
        removal = Removal.of(order, existing, row -> !untagged.contains(row.id()) && wanted.has(row.type(), row.id()));
        for (List<Removal.Gone> part : List.of(removal.first(), removal.last())) {
            part.forEach(gone -> {
                of(gone.type()).deleted().add(gone.id());
                fit.remove(gone);
            });
        }
        return null;
    }

    /** What is to be written of one batch. */
    private record Batch(String workspace, List<Declared> entities) {}

    private Future<Void> write(EntityType type) {
        if (!wanted.has(type)) {
            return Future.succeededFuture();
        }
        Declaration.Walk walk = wanted.walk(type);
        Declared[] next = new Declared[1];
        return Futures.<Boolean>loop(
                        vertx,
                        () -> blocking(() -> batch(walk, next))
                                .compose(batch -> batch.entities().isEmpty()
                                        ? Future.succeededFuture(next[0] == null)
                                        : write(type, batch).map(false))
                                .map(over -> over ? Boolean.TRUE : null))
                .mapEmpty();
    }

    /** @param next what did not fit into the batch before */
    private Batch batch(Declaration.Walk walk, Declared[] next) {
        Declared each = next[0] != null ? next[0] : walk.next();
        String workspace = each == null ? Workspaces.DEFAULT : each.workspace();
        List<Declared> entities = new ArrayList<>();
        while (each != null && entities.size() < BATCH && each.workspace().equals(workspace)) {
            if (!untagged.contains(each.entity().id().toString())) {
                entities.add(inPlace(each));
            }
            each = walk.next();
        }
        next[0] = each;
        return new Batch(workspace, entities);
    }

    /** Every database has its own workspaces, of the same names. */
    private Declared inPlace(Declared declared) {
        Entity entity = declared.entity();
        if (!entity.type().name().equals(Workspaces.TYPE) || !(entity.get("name") instanceof String name)) {
            return declared;
        }
        UUID id = workspaces.computeIfAbsent(name, none -> entity.id());
        return new Declared(declared.workspace(), entity.with("id", id.toString()), declared.given());
    }

    private Future<Void> write(EntityType type, Batch batch) {
        EntityAccess in = in(type, batch.workspace());
        List<UUID> ids = batch.entities().stream()
                .map(each -> each.entity().id())
                .filter(id -> tags == null || existing.has(batch.workspace(), type, id.toString()))
                .toList();
        Future<List<Entity>> there = ids.isEmpty() ? Future.succeededFuture(List.of()) : in.getAll(type, ids);
        return there.compose(before -> blocking(() -> changed(type, batch, before)))
                .compose(changed -> dryRun || changed.isEmpty() ? Future.succeededFuture() : in.upsertAll(changed))
                .onSuccess(written -> {
                    done += batch.entities().size();
                    progress.accept(done);
                });
    }

    private List<Entity> changed(EntityType type, Batch batch, List<Entity> there) {
        Map<UUID, Entity> before = there.stream().collect(Collectors.toMap(Entity::id, entity -> entity));
        Changes.OfType of = of(type);
        List<Entity> changed = new ArrayList<>();
        for (Declared each : batch.entities()) {
            Entity entity = each.entity();
            String id = entity.id().toString();
            Entity old = before.get(entity.id());
            Optional<Entity> write = old == null ? Optional.of(entity) : Difference.of(entity, each.given(), old);
            (old == null ? of.created() : write.isEmpty() ? of.unchanged() : of.updated()).add(id);
            write.ifPresent(changed::add);
            write.ifPresent(fit::add);
        }
        if (type.name().equals("plugins")) {
            changed.forEach(fit::require);
        }
        return changed;
    }

    private Future<Void> delete(List<Removal.Gone> gone) {
        if (dryRun) {
            return Future.succeededFuture();
        }
        List<List<Removal.Gone>> groups = new ArrayList<>();
        for (Removal.Gone each : gone) {
            List<Removal.Gone> last = groups.isEmpty() ? List.of() : groups.get(groups.size() - 1);
            boolean fits = !last.isEmpty()
                    && last.size() < BATCH
                    && last.get(0).type() == each.type()
                    && last.get(0).workspace().equals(each.workspace());
            if (!fits) {
                last = new ArrayList<>();
                groups.add(last);
            }
            last.add(each);
        }
        return Futures.forEach(groups, this::deleteGroup);
    }

    private Future<Void> deleteGroup(List<Removal.Gone> group) {
        Removal.Gone first = group.get(0);
        return in(first.type(), first.workspace())
                .deleteAll(group.stream()
                        .map(gone -> new Entity(gone.type(), Map.of("id", gone.id())))
                        .toList());
    }

    private EntityAccess in(EntityType type, String workspace) {
        if (!type.workspaced() || workspace.equals(Workspaces.DEFAULT)) {
            return access;
        }
        UUID id = workspaces.get(workspace);
        if (id == null) {
            throw DeclarativeException.unreadable(
                    "there is no workspace '" + workspace + "', neither in the document nor in the database");
        }
        return access.in(id);
    }

    private Changes.OfType of(EntityType type) {
        return byType.computeIfAbsent(type.name(), none -> new Changes.OfType());
    }

    private <T> Future<T> blocking(Callable<T> work) {
        return vertx.executeBlocking(work, false);
    }
}
