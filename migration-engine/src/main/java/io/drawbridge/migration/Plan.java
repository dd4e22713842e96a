package io.drawbridge.migration;

import java.util.List;

/**
 * What an operation would do. Immutable.
 *
 * @param from the release that the database is at; null if it is empty
 * @param to this node's release
 * @param steps in the order in which they would run
 */
public record Plan(Release from, Release to, List<PlannedStep> steps) {
    public Plan {
        steps = List.copyOf(steps);
    }

    /**
     * One step. Immutable.
     *
     * @param migration the unit's id
     * @param phase expand, convert or contract
     * @param step its name
     * @param describe the lock that it takes and what it does
     * @param rows how many rows its table has, about; -1 if it has none
     */
    public record PlannedStep(String migration, String phase, String step, String describe, long rows) {}
}
