package io.drawbridge.core.store.memory;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.Field;
import io.drawbridge.core.store.EntityKey;
import io.drawbridge.core.store.EntityStore;
import io.drawbridge.core.store.Page;
import io.drawbridge.core.store.PageRequest;
import io.drawbridge.core.store.StoreException;
import io.drawbridge.migration.Gate;
import io.drawbridge.migration.Release;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** Entities in memory, gated as in a database. Thread-safe: one lock. */
public final class InMemoryEntityStore implements EntityStore {
    /* By id as text: the order of a database's ids is that of their bytes, which is that of their text. */
    private final Map<String, TreeMap<String, Entity>> tables = new TreeMap<>();
    private final Supplier<Gate> gate;
    private final EntityTypes types;
    private final Release release;

    public InMemoryEntityStore(Supplier<Gate> gate, Release release) {
        this.gate = gate;
        this.release = release;
        this.types = EntityTypes.at(release);
    }

    @Override
    public Future<Optional<Entity>> get(EntityType type, EntityKey key) {
        return attempt(() -> find(type, key));
    }

    @Override
    public Future<Page> page(EntityType type, PageRequest request) {
        return attempt(() -> {
            TreeMap<String, Entity> table = table(type.name());
            Map<String, Entity> rest = request.after() == null
                    ? table
                    : table.tailMap(request.after().toString(), false);
            List<Entity> found = rest.values().stream()
                    .filter(entity -> tagged(entity, request.tags()) && child(entity, request.parent()))
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
        return write(() -> {
            if (table(entity.type().name()).containsKey(entity.id().toString())) {
                throw StoreException.duplicate(entity, "id");
            }
            return put(entity);
        });
    }

    @Override
    public Future<Entity> update(EntityType type, EntityKey key, Change change) {
        return write(() -> put(change.apply(find(type, key).orElseThrow(StoreException::notFound))));
    }

    @Override
    public Future<Entity> upsert(Entity entity, EntityKey key) {
        return write(() -> put(find(entity.type(), key)
                .map(old -> entity.with("id", old.get("id")))
                .orElse(entity)));
    }

    @Override
    public Future<Boolean> delete(EntityType type, EntityKey key, PageRequest.Parent parent) {
        return write(() -> {
            Optional<Entity> found = find(type, key).filter(entity -> child(entity, parent));
            found.ifPresent(this::remove);
            return found.isPresent();
        });
    }

    @Override
    public Future<Void> ping() {
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }

    private Entity put(Entity entity) {
        TreeMap<String, Entity> table = table(entity.type().name());
        for (Field field : entity.type().fields()) {
            Object value = entity.get(field.name());
            boolean taken = field.unique()
                    && value != null
                    && table.values().stream()
                            .anyMatch(
                                    other -> !other.id().equals(entity.id()) && value.equals(other.get(field.name())));
            if (taken) {
                throw StoreException.duplicate(entity, field.name());
            }
        }
        for (Field field : entity.type().references()) {
            boolean dangling = entity.get(field.name()) != null
                    && !table(field.reference())
                            .containsKey(entity.reference(field.name()).toString());
            if (dangling) {
                throw StoreException.reference(entity, field.name(), field.reference());
            }
        }
        table.put(entity.id().toString(), entity);
        return entity;
    }

    private void remove(Entity entity) {
        for (EntityType type : types.all()) {
            for (Field field : type.references()) {
                boolean referred = field.reference().equals(entity.type().name())
                        && table(type.name()).values().stream()
                                .anyMatch(other -> entity.id().equals(other.reference(field.name())));
                if (referred) {
                    throw StoreException.referenced(entity.type().name(), type.name());
                }
            }
        }
        table(entity.type().name()).remove(entity.id().toString());
    }

    private Optional<Entity> find(EntityType type, EntityKey key) {
        return key.id() != null
                ? Optional.ofNullable(table(type.name()).get(key.id().toString()))
                : table(type.name()).values().stream()
                        .filter(entity -> key.name().equals(entity.get(type.endpointKey())))
                        .findFirst();
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

    private TreeMap<String, Entity> table(String name) {
        return tables.computeIfAbsent(name, none -> new TreeMap<>());
    }

    private <T> Future<T> write(Callable<T> work) {
        return attempt(() -> {
            Gate now = gate.get();
            Optional<String> refusal = now.refusal(release);
            if (refusal.isPresent()) {
                throw StoreException.pending(now, release, refusal.get());
            }
            return work.call();
        });
    }

    private synchronized <T> Future<T> attempt(Callable<T> work) {
        try {
            return Future.succeededFuture(work.call());
        } catch (Exception failure) {
            return Future.failedFuture(failure);
        }
    }
}
