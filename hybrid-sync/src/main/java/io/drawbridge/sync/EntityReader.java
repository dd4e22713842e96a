package io.drawbridge.sync;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.Field;
import io.drawbridge.core.entity.FieldType;
import io.drawbridge.core.entity.Validator;
import io.drawbridge.migration.Release;
import io.drawbridge.sync.SyncException.Code;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes entities of what is on the wire, where a reference is the other's id. Thread-safe. */
final class EntityReader {
    private final EntityTypes types;
    private final Map<String, Map<String, Field>> fields = new HashMap<>();
    /* What Kong sends along and a data plane has no use for. */
    private final Set<String> skipped;
    private final Validator validator = new Validator(InstantSource.system());

    EntityReader(Release release) {
        this.types = EntityTypes.at(release);
        types.all()
                .forEach(type -> fields.put(
                        type.name(), type.fields().stream().collect(Collectors.toMap(Field::name, field -> field))));
        this.skipped = Stream.concat(types.data().stream().map(EntityType::name), Stream.of("parameters"))
                .filter(name -> types.find(name).isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Whether entities of the type are passed over. */
    boolean skipped(String type) {
        return skipped.contains(type);
    }

    /** From one of our own control planes: a digest tells whether it is what was sent, so nothing is judged again. */
    Entity own(String type, Map<?, ?> values) {
        return new Entity(type(type), known(type, values));
    }

    /**
     * From a control plane of Kong: judged as one of Kong's own data planes does.
     *
     * @param nowSeconds when it was sent: it says in how many seconds something ends, an entity says when
     */
    Entity foreign(String type, Map<?, ?> values, long nowSeconds) {
        Validator.Checked checked = validator.createDerived(type(type), known(type, values));
        if (!checked.violations().isEmpty()) {
            throw new SyncException(
                    Code.INVALID,
                    type + "/" + values.get("id"),
                    checked.violations().fields().keySet().iterator().next(),
                    checked.violations().message());
        }
        Entity entity = checked.entity();
        for (Field field : entity.type().fields()) {
            if (field.sqlType().equals(Field.SECONDS_LEFT) && entity.get(field.name()) instanceof Long left) {
                entity = entity.with(field.name(), left + nowSeconds);
            }
        }
        return entity;
    }

    /** Refuses entities that refer to one that is not there. */
    void connected(List<Entity> all) {
        Map<String, Set<UUID>> there = new HashMap<>();
        all.forEach(entity -> there.computeIfAbsent(entity.type().name(), type -> new HashSet<>())
                .add(entity.id()));
        for (Entity entity : all) {
            for (Field field : entity.type().references()) {
                UUID other = entity.reference(field.name());
                if (other != null
                        && !there.getOrDefault(field.reference(), Set.of()).contains(other)) {
                    throw new SyncException(
                            Code.INVALID,
                            entity.toString(),
                            field.name(),
                            "there is no " + field.reference() + " " + other);
                }
            }
        }
    }

    private EntityType type(String name) {
        return types.find(name)
                .orElseThrow(
                        () -> new SyncException(
                                Code.UNKNOWN,
                                name,
                                null,
                                "this release has no such entities; a control plane must not be newer than this data plane in what it sends"));
    }

    private Map<String, Object> known(String type, Map<?, ?> values) {
        Map<String, Field> byName = fields.getOrDefault(type, Map.of());
        Map<String, Object> known = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            Field field = byName.get(name);
            if (field != null) {
                known.put(field.name(), value(field, value));
            } else if (value != null) {
                throw new SyncException(
                        Code.UNKNOWN, type + "/" + values.get("id"), String.valueOf(name), "unknown field");
            }
        });
        return known;
    }

    private static Object value(Field field, Object value) {
        return field.type() == FieldType.FOREIGN && value instanceof String id ? Map.of("id", id) : value;
    }
}
