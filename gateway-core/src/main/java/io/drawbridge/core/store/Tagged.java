package io.drawbridge.core.store;

import java.util.List;
import java.util.UUID;

/**
 * One tag of one entity. Immutable.
 *
 * @param type the entity type's name
 * @param id of the entity
 */
public record Tagged(String type, UUID id, String tag) {
    /**
     * Some of all tags, by id and tag.
     *
     * @param tags at most as many as asked for
     * @param more whether there are others after these
     */
    public record Page(List<Tagged> tags, boolean more) {
        public Page {
            tags = List.copyOf(tags);
        }
    }
}
