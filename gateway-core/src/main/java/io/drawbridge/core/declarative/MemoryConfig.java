package io.drawbridge.core.declarative;

import io.drawbridge.core.declarative.Declaration.Declared;
import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.Validator;
import io.drawbridge.core.store.StoreError;
import io.drawbridge.core.store.StoreException;
import io.drawbridge.core.store.memory.SwappedEntityStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The configuration of a node without a database: what one document says, until another takes its place as a whole.
 * Thread-safe.
 */
public final class MemoryConfig {
    private static final String EMPTY_HASH = "0".repeat(32);

    private final Vertx vertx;
    private final DeclarativeFile file;
    private final DeclarativeStore documents;
    private final SwappedEntityStore store;
    private final int bytesMax;
    private final AtomicBoolean loading = new AtomicBoolean();

    /**
     * Nothing is in it yet.
     *
     * @param bytesMax most bytes that a document may have as JSON
     */
    public MemoryConfig(Vertx vertx, EntityTypes types, Validator validator, int bytesMax) {
        this.vertx = vertx;
        this.file = new DeclarativeFile(types, validator);
        this.store = new SwappedEntityStore(types, EMPTY_HASH);
        this.documents = new DeclarativeStore(vertx, types, store, validator);
        this.bytesMax = bytesMax;
        store.replace(entities(Map.of(DeclarativeFile.FORMAT_VERSION, "2.1")), EMPTY_HASH);
    }

    /** Where the entities can be read; every write is refused with {@code READ_ONLY}. */
    public SwappedEntityStore store() {
        return store;
    }

    /** Of the document that was loaded last: 32 hexadecimal digits, all zero if there was none. */
    public String hash() {
        return store.hash();
    }

    /**
     * Makes the document the configuration; if it cannot be, nothing changes. Fails with {@link DeclarativeException}, or
     * {@link StoreException} with {@code BUSY, TOO_LARGE}.
     *
     * @param unlessSame whether to leave everything as it is if this very document was loaded last
     * @return its entities, referenced ones first; empty if nothing was done
     */
    public Future<Optional<List<Entity>>> load(Map<String, Object> document, boolean unlessSame) {
        if (!loading.compareAndSet(false, true)) {
            return Future.failedFuture(StoreException.of(StoreError.BUSY, "Currently loading previous configuration"));
        }
        return vertx.executeBlocking(() -> loaded(document, unlessSame), false).onComplete(done -> loading.set(false));
    }

    /** As YAML that {@link #load} takes. */
    public Future<String> text() {
        DeclarativeText text = new DeclarativeText();
        StringBuilder whole = new StringBuilder(DeclarativeText.head());
        return documents
                .export((workspace, entities) -> configured(entities.get(0))
                        ? vertx.executeBlocking(() -> whole.append(text.next(entities)), false)
                                .mapEmpty()
                        : Future.succeededFuture())
                .map(done -> whole.toString());
    }

    /** Whether the entity is part of what a document is for; nodes without a database know one workspace. */
    public static boolean configured(Entity entity) {
        return !entity.type().name().equals(Workspaces.TYPE);
    }

    private Optional<List<Entity>> loaded(Map<String, Object> document, boolean unlessSame) {
        Fingerprint fingerprint = Fingerprint.of(document);
        if (unlessSame && fingerprint.hash().equals(store.hash())) {
            return Optional.empty();
        }
        if (fingerprint.bytes() > bytesMax) {
            throw StoreException.of(StoreError.TOO_LARGE, "Configuration does not fit in Kong cache");
        }
        try {
            List<Entity> entities = entities(document);
            store.replace(entities, fingerprint.hash());
            return Optional.of(entities);
        } catch (StoreException clash) {
            throw new DeclarativeException(clash.getMessage(), Map.of("@entity", List.of(clash.getMessage())));
        }
    }

    private List<Entity> entities(Map<String, Object> document) {
        Map<String, Object> whole = new LinkedHashMap<>(document);
        whole.put(Workspaces.TYPE, withDefault(document.get(Workspaces.TYPE)));
        try (Declaration wanted = file.read(whole)) {
            List<Entity> entities = new ArrayList<>();
            PluginFit fit = new PluginFit();
            for (Declared each : wanted.entities()) {
                if (!each.workspace().equals(Workspaces.DEFAULT)) {
                    throw DeclarativeException.unreadable(
                            "a node without a database has one workspace, '" + Workspaces.DEFAULT + "'");
                }
                entities.add(each.entity());
                fit.add(each.entity());
            }
            entities.stream()
                    .filter(entity -> entity.type().name().equals("plugins"))
                    .forEach(fit::require);
            return entities;
        }
    }

    /** The workspace that everything is in is always there. What is no list stays, to be refused. */
    private static Object withDefault(Object workspaces) {
        List<Object> all = new ArrayList<>();
        if (workspaces instanceof List<?> given) {
            all.addAll(given);
        } else if (workspaces != null && !Map.of().equals(workspaces)) {
            return workspaces;
        }
        if (all.stream()
                .noneMatch(each -> each instanceof Map<?, ?> one && Workspaces.DEFAULT.equals(one.get("name")))) {
            all.add(Map.of("name", Workspaces.DEFAULT));
        }
        return all;
    }
}
