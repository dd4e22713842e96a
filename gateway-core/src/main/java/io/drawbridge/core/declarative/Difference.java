package io.drawbridge.core.declarative;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.Field;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an entity of a document changes about the one that is there. Pure. */
final class Difference {
    private Difference() {}

    /** What must be written; empty if everything is so already. */
    static Optional<Entity> of(Entity wanted, Map<String, Object> given, Entity before) {
        EntityType type = wanted.type();
        List<Field> fields = type.variant(wanted.values()).fields();
        return before.equals(new Entity(type, kept(fields, given, wanted.values(), before.values(), true)))
                ? Optional.empty()
                : Optional.of(new Entity(type, kept(fields, given, wanted.values(), before.values(), false)));
    }

    /**
     * What a document does not say and nobody can know, such as a random secret, stays as it is; and so does what it
     * says as it is stored, such as a password that was hashed before it was read.
     *
     * @param moments whether the moment of the last change stays too
     */
    private static Map<String, Object> kept(
            List<Field> fields, Map<?, ?> given, Map<?, ?> now, Map<?, ?> before, boolean moments) {
        Map<String, Object> kept = new LinkedHashMap<>();
        now.forEach((name, value) -> kept.put(String.valueOf(name), value));
        for (Field field : fields) {
            String name = field.name();
            Object said = given.get(name);
            boolean unknown = field.auto() != Field.Auto.NONE
                    && said == null
                    && before.get(name) != null
                    && (moments || field.auto() != Field.Auto.UPDATED);
            if (unknown || said != null && said.equals(before.get(name))) {
                kept.put(name, before.get(name));
            } else if (!field.fields().isEmpty()
                    && now.get(name) instanceof Map<?, ?> record
                    && before.get(name) instanceof Map<?, ?> old) {
                Map<?, ?> below = said instanceof Map<?, ?> map ? map : Map.of();
                kept.put(name, kept(field.fields(), below, record, old, moments));
            }
        }
        return kept;
    }
}
