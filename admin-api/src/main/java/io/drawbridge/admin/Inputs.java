package io.drawbridge.admin;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.Field;
import io.drawbridge.core.entity.Validator;
import io.drawbridge.core.store.EntityKey;
import io.drawbridge.core.store.EntityStore;
import io.drawbridge.core.store.StoreException;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Map;

/** What clients send, as entities. Thread-safe. */
final class Inputs {
    private static final String TTL = "ttl";

    private final Validator validator;
    private final ReferenceResolver resolver;

    Inputs(EntityTypes types, EntityStore store, Validator validator) {
        this.validator = validator;
        this.resolver = new ReferenceResolver(types, store);
    }

    /**
     * The body's values, of the types that the fields want, references by id.
     *
     * @param forced take the place of what was sent
     */
    Future<Map<String, Object>> read(EntityType type, AdminRequest request, Map<String, Object> forced) {
        Map<String, Object> values = request.body().untyped()
                ? FormBody.typed(type, request.body().values())
                : new LinkedHashMap<>(request.body().values());
        values.putAll(forced);
        requireTtl(type, values.get(TTL));
        return resolver.resolve(type, values);
    }

    /* For how long an entity lasts is to clients no field of it but an option of the write, refused in the words of options. */
    private static void requireTtl(EntityType type, Object seconds) {
        if (seconds == null) {
            return;
        }
        Field ttl = type.field(TTL)
                .orElseThrow(() -> Problem.invalidOption(TTL, "cannot be used with '" + type.name() + "'"));
        if (Validator.wrong(ttl, seconds) != null) {
            throw Problem.invalidOption(TTL, "must be an integer between 0 and 100000000");
        }
    }

    /** A whole entity. Throws a schema violation. */
    Entity create(EntityType type, Map<String, Object> input) {
        return valid(validator.create(type, input));
    }

    /** The entity with what was sent changed. Throws a schema violation. */
    Entity change(Entity before, Map<String, Object> input) {
        Validator.Checked checked = validator.change(before, input);
        if (checked.entity() == null) {
            throw StoreException.invalid(checked.violations());
        }
        return checked.entity();
    }

    private static Entity valid(Validator.Checked checked) {
        if (checked.entity() == null) {
            throw Problem.schemaViolation(checked.violations());
        }
        return checked.entity();
    }

    /** Which entity a URL's segment means. Throws if it can be none of the type. */
    static EntityKey key(EntityType type, String segment) {
        EntityKey key = EntityKey.parse(segment);
        if (key.id() == null && type.endpointKey() == null) {
            throw Problem.invalidPrimaryKey();
        }
        return key;
    }
}
