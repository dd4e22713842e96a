package io.drawbridge.migration;

import java.util.List;

/**
 * What an operation came to. Immutable.
 *
 * @param gate the cluster's state afterwards
 * @param executed ids of the migrations that this call brought to their end, in order
 * @param pending ids of the migrations that this call expanded and that wait for {@code finish}, in order
 * @param changed whether this call changed anything
 * @param ledByOther whether another node did (part of) the work while this one waited
 */
public record Outcome(Gate gate, List<String> executed, List<String> pending, boolean changed, boolean ledByOther) {
    public Outcome {
        executed = List.copyOf(executed);
        pending = List.copyOf(pending);
    }
}
