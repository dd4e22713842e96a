package io.drawbridge.core.store;

import java.util.List;
import java.util.UUID;

/**
 * Which part of a collection is wanted; the order is that of ids. Immutable.
 *
 * @param size most entities, 1 to 1000
 * @param after the last id of the page before; null: from the beginning
 * @param tags null: whatever their tags
 * @param parent null: whatever they refer to
 * @param match null: whatever their values
 */
public record PageRequest(int size, UUID after, Tags tags, Parent parent, Match match) {
    public static final int SIZE_MAX = 1000;

    public PageRequest {
        if (size < 1 || size > SIZE_MAX) {
            throw new IllegalArgumentException("size must be between 1 and " + SIZE_MAX);
        }
    }

    public PageRequest(int size, UUID after, Tags tags, Parent parent) {
        this(size, after, tags, parent, null);
    }

    public static PageRequest first(int size) {
        return new PageRequest(size, null, null, null);
    }

    /** Of these, only those whose field has the value. */
    public PageRequest with(String field, Object value) {
        return new PageRequest(size, after, tags, parent, new Match(field, value));
    }

    /** Of these, only those that refer to the entity. */
    public PageRequest of(Parent owner) {
        return new PageRequest(size, after, tags, owner, match);
    }

    /** Entities whose field has this value. */
    public record Match(String field, Object value) {}

    /** Entities with all of the tags, or with any of them. */
    public record Tags(boolean all, List<String> tags) {
        public Tags {
            tags = List.copyOf(tags);
        }
    }

    /** Entities whose field refers to this id. */
    public record Parent(String field, UUID id) {}
}
