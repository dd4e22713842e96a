package io.drawbridge.core.store;

import io.drawbridge.core.entity.Formats;
import java.util.UUID;

/**
 * Which entity is meant: by id, or by its type's endpoint key. Immutable.
 *
 * @param id null if meant by name
 * @param name null if meant by id
 */
public record EntityKey(UUID id, String name) {
    public EntityKey {
        if ((id == null) == (name == null)) {
            throw new IllegalArgumentException("either an id or a name");
        }
    }

    public static EntityKey of(UUID id) {
        return new EntityKey(id, null);
    }

    public static EntityKey named(String name) {
        return new EntityKey(null, name);
    }

    /** A URL's segment: an id if it looks like one, else a name. */
    public static EntityKey parse(String segment) {
        return Formats.isUuid(segment) ? of(UUID.fromString(segment)) : named(segment);
    }
}
