package io.drawbridge.core.declarative;

import io.drawbridge.core.entity.Entity;
import java.util.List;
import java.util.Map;

/**
 * A document that was found valid. Immutable; not to be printed, for entities hold secrets.
 *
 * @param entities referenced ones before those that refer to them, no id twice
 * @param tags of all entities: the document stands for what has them; empty: for everything
 * @param skipped how many entries were left out because nodes keep such entities themselves, by the type's name
 */
public record Declaration(List<Declared> entities, List<String> tags, Map<String, Integer> skipped) {
    public Declaration {
        entities = List.copyOf(entities);
        tags = List.copyOf(tags);
        skipped = Map.copyOf(skipped);
    }

    /**
     * One entity of it.
     *
     * @param given what the document says of it: the rest are defaults, or made up
     */
    record Declared(Entity entity, Map<String, Object> given) {
        @Override
        public String toString() {
            return entity.toString();
        }
    }

    @Override
    public String toString() {
        return entities.size() + " entities";
    }
}
