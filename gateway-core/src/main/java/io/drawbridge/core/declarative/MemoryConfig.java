package io.drawbridge.core.declarative;

import io.drawbridge.core.config.Changes;
import io.drawbridge.core.config.ConfigSink;
import io.drawbridge.core.config.ConfigSnapshot;
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
 * The configuration of a node without a database: what one document says, until another takes its place as a whole; or what a
 * control plane says. Thread-safe.
 */
public final class MemoryConfig implements ConfigSink {
    private static final String EMPTY_HASH = "0".repeat(32);
    private static final String SOURCE = "document";

    private final Vertx vertx;
    private final DeclarativeFile file;
    private final DeclarativeStore documents;
    private final SwappedEntityStore store;
    private final EntityTypes types;
    private final int bytesMax;
    private final ConfigSink sink;
    private final AtomicBoolean loading = new AtomicBoolean();
    /* Written by whoever is loading alone. */
    private volatile ConfigSnapshot current = ConfigSnapshot.empty();

    /**
     * Nothing is in it yet.
     *
     * @param bytesMax most bytes that a document may have as JSON; 0: no document is taken, a control plane says what there is
     * @param sink must have taken a configuration before it can be seen here
     */
    public MemoryConfig(Vertx vertx, EntityTypes types, Validator validator, int bytesMax, ConfigSink sink) {
        this.vertx = vertx;
        this.types = types;
        this.sink = sink;
        this.file = new DeclarativeFile(types, validator);
        this.store = new SwappedEntityStore(types, EMPTY_HASH);
        this.documents = new DeclarativeStore(vertx, types, store, validator);
        this.bytesMax = bytesMax;
        store.swap(store.prepare(entities(Map.of(DeclarativeFile.FORMAT_VERSION, "2.1")), EMPTY_HASH));
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
        if (bytesMax == 0) {
            return Future.failedFuture(StoreException.of(
                    StoreError.READ_ONLY, "the configuration of a data plane is its control plane's"));
        }
        if (!loading.compareAndSet(false, true)) {
            return Future.failedFuture(StoreException.of(StoreError.BUSY, "Currently loading previous configuration"));
        }
        return vertx.executeBlocking(() -> prepared(document, unlessSame), false)
                .compose(ready -> ready.isEmpty() ? Future.succeededFuture(Optional.empty()) : taken(ready.get()))
                .onComplete(done -> loading.set(false));
    }

    private record Ready(List<Entity> entities, SwappedEntityStore.State state, ConfigSnapshot snapshot) {}

    private Future<Optional<List<Entity>>> taken(Ready ready) {
        return sink.apply(ready.snapshot())
                .recover(failure -> Future.failedFuture(DeclarativeException.unreadable(failure.getMessage())))
                .map(applied -> {
                    store.swap(ready.state());
                    current = ready.snapshot();
                    return Optional.of(ready.entities());
                });
    }

    /** As a control plane says it. */
    @Override
    public Future<Void> apply(ConfigSnapshot snapshot) {
        return vertx.executeBlocking(() -> store.prepare(ordered(snapshot), snapshot.digest()), false)
                .compose(state -> sink.apply(snapshot).onSuccess(applied -> store.swap(state)));
    }

    private List<Entity> ordered(ConfigSnapshot snapshot) {
        return types.declared().stream()
                .flatMap(type -> snapshot.all(type.name()).stream())
                .toList();
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

    private Optional<Ready> prepared(Map<String, Object> document, boolean unlessSame) {
        Fingerprint fingerprint = Fingerprint.of(document);
        if (unlessSame && fingerprint.hash().equals(store.hash())) {
            return Optional.empty();
        }
        if (fingerprint.bytes() > bytesMax) {
            throw StoreException.of(StoreError.TOO_LARGE, "Configuration does not fit in Kong cache");
        }
        try {
            List<Entity> entities = entities(document);
            return Optional.of(
                    new Ready(entities, store.prepare(entities, fingerprint.hash()), after(current, entities)));
        } catch (StoreException clash) {
            throw new DeclarativeException(clash.getMessage(), Map.of("@entity", List.of(clash.getMessage())));
        }
    }

    /* What is the same stays the same object, so that nobody need look at it again. */
    private static ConfigSnapshot after(ConfigSnapshot before, List<Entity> entities) {
        Changes.Position next = new Changes.Position(SOURCE, before.position().revision() + 1);
        return before.with(next, ConfigSnapshot.of(next, entities).since(before));
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
