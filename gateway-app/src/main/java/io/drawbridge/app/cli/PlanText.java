package io.drawbridge.app.cli;

import io.drawbridge.migration.Catalog;
import io.drawbridge.migration.Migration;
import io.drawbridge.migration.Plan;
import io.drawbridge.migration.Plan.PlannedStep;
import io.drawbridge.migration.Release;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@code up --dry-run} prints: the steps in the order of running, by hop and phase, and what they come to. */
final class PlanText {
    /** In the order in which a hop runs them. */
    private static final Map<String, String> PHASES = phases();

    /** PostgreSQL's, the strongest first. */
    private static final List<String> LOCKS = List.of(
            "ACCESS EXCLUSIVE",
            "EXCLUSIVE",
            "SHARE ROW EXCLUSIVE",
            "SHARE",
            "SHARE UPDATE EXCLUSIVE",
            "ROW EXCLUSIVE",
            "ROW SHARE",
            "ACCESS SHARE");

    private PlanText() {}

    private static Map<String, String> phases() {
        Map<String, String> phases = new LinkedHashMap<>();
        phases.put("expand", "up");
        phases.put("convert", "finish, before the gate opens");
        phases.put("contract", "finish, after the gate has opened");
        return phases;
    }

    static List<String> of(Plan plan, Catalog<?> catalog) {
        List<String> lines = new ArrayList<>();
        lines.add("From release " + plan.from() + " to " + plan.to() + ": "
                + plan.steps().size() + " steps");
        for (Release hop : catalog.line()) {
            PHASES.forEach((phase, title) -> {
                List<PlannedStep> steps = plan.steps().stream()
                        .filter(step -> step.phase().equals(phase) && hop.equals(hop(step, plan, catalog)))
                        .toList();
                if (!steps.isEmpty()) {
                    lines.add("");
                    lines.add("release " + hop + ", " + title + ":");
                    steps.forEach(step -> lines.add("  " + line(step)));
                }
            });
        }
        lines.add("");
        lines.add(summary(plan, catalog));
        return lines;
    }

    private static String line(PlannedStep step) {
        return step.migration() + "  " + step.step() + "  [" + step.describe() + "]"
                + (step.rows() < 0 ? "" : "  " + step.rows() + " rows");
    }

    /** With what release of the line the step runs; what is left of earlier ones runs with the one that is active. */
    private static Release hop(PlannedStep step, Plan plan, Catalog<?> catalog) {
        Optional<Release> since = catalog.find(step.migration()).map(Migration::since);
        return catalog.line().stream()
                .filter(release -> plan.from() == null || !release.isOlderThan(plan.from()))
                .filter(release -> since.isEmpty() || !release.isOlderThan(since.get()))
                .findFirst()
                .orElse(plan.to());
    }

    private static String summary(Plan plan, Catalog<?> catalog) {
        long hops = plan.steps().stream()
                .map(step -> hop(step, plan, catalog))
                .distinct()
                .count();
        long rows = plan.steps().stream()
                .mapToLong(PlannedStep::rows)
                .filter(each -> each > 0)
                .sum();
        String locks = LOCKS.stream()
                .filter(lock -> count(plan, lock) > 0)
                .findFirst()
                .map(lock -> "; the strongest lock is " + lock + ", in " + count(plan, lock) + " of them")
                .orElse("");
        return "In all: " + plan.steps().size() + " steps of " + hops + (hops == 1 ? " release" : " releases")
                + ", which read about " + rows + " rows" + locks;
    }

    private static long count(Plan plan, String lock) {
        return plan.steps().stream()
                .filter(step -> step.describe().startsWith(lock + " "))
                .count();
    }
}
