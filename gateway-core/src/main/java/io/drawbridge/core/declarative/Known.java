package io.drawbridge.core.declarative;

import io.drawbridge.core.entity.EntityType;
import java.util.Optional;

/** The entities that are there already: a document may refer to them, and mean them by name. Immutable. */
interface Known {
    /** A document that stands for itself. */
    Known NOTHING = new Known() {
        @Override
        public Optional<String> id(String workspace, EntityType type, String key) {
            return Optional.empty();
        }

        @Override
        public boolean has(String workspace, EntityType type, String id) {
            return false;
        }
    };

    /** Of the entity with that {@link NaturalKey}. */
    Optional<String> id(String workspace, EntityType type, String key);

    boolean has(String workspace, EntityType type, String id);
}
