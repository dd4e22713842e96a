package io.drawbridge.core.store;

import io.drawbridge.core.entity.Entity;
import java.util.List;
import java.util.UUID;

/**
 * A part of a collection. Immutable.
 *
 * @param entities in the order of their ids
 * @param next what to ask for the page after this one; null if this is the last
 */
public record Page(List<Entity> entities, UUID next) {
    public Page {
        entities = List.copyOf(entities);
    }
}
