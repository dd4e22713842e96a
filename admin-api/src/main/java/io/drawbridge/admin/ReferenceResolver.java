package io.drawbridge.admin;

import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.Field;
import io.drawbridge.core.store.EntityKey;
import io.drawbridge.core.store.EntityStore;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns references by name, {@code {"service":{"name":"x"}}}, into references by id. Thread-safe. */
final class ReferenceResolver {
    private final EntityTypes types;
    private final EntityStore store;

    ReferenceResolver(EntityTypes types, EntityStore store) {
        this.types = types;
        this.store = store;
    }

    /** The input with every reference by name replaced; fails with code 13 if one leads nowhere. */
    Future<Map<String, Object>> resolve(EntityType type, Map<String, Object> input) {
        List<Future<?>> lookups = new ArrayList<>();
        Map<String, Map<String, Object>> missing = new LinkedHashMap<>();
        Map<String, String> missingTypes = new LinkedHashMap<>();
        Map<String, Object> resolved = new LinkedHashMap<>(input);
        for (Field field : type.references()) {
            Optional<EntityType> target = types.find(field.reference());
            String name = target.map(to -> byName(to, input.get(field.name()))).orElse(null);
            if (name != null) {
                lookups.add(store.get(target.get(), EntityKey.named(name)).map(found -> {
                    if (found.isPresent()) {
                        resolved.put(field.name(), Map.of("id", found.get().id().toString()));
                    } else {
                        missing.put(field.name(), Map.of(target.get().endpointKey(), name));
                        missingTypes.put(field.name(), target.get().name());
                    }
                    return null;
                }));
            }
        }
        if (lookups.isEmpty()) {
            return Future.succeededFuture(resolved);
        }
        return Future.all(lookups)
                .compose(done -> missing.isEmpty()
                        ? Future.succeededFuture(resolved)
                        : Future.failedFuture(Problem.unresolved(missing, missingTypes)));
    }

    /** The name if the value refers by name; null if it refers otherwise or not at all. */
    private static String byName(EntityType target, Object value) {
        return target.endpointKey() != null
                        && value instanceof Map<?, ?> reference
                        && reference.get("id") == null
                        && reference.get(target.endpointKey()) instanceof String name
                        && !name.isEmpty()
                ? name
                : null;
    }
}
