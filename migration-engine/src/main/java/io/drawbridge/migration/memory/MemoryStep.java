package io.drawbridge.migration.memory;

import io.drawbridge.migration.Step;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A step on a {@link MemoryDatabase}. Immutable.
 *
 * @param name stable name
 * @param whileOpen see {@link Step#whileOpen()}
 * @param batches how many calls it takes; 1 for all but backfills
 * @param effect changes the data; may run twice
 */
public record MemoryStep(String name, boolean whileOpen, int batches, Consumer<Map<String, String>> effect)
        implements Step {
    public static MemoryStep of(String name, Consumer<Map<String, String>> effect) {
        return new MemoryStep(name, false, 1, effect);
    }

    @Override
    public String describe() {
        return "changes entries in memory";
    }
}
