package io.drawbridge.app.cli;

import io.drawbridge.app.ExitCode;
import io.drawbridge.migration.Gate;
import io.drawbridge.migration.MigrationStatus;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.Survey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What {@code migrations list} says of a database. Immutable.
 *
 * @param lines to print
 * @param warning for standard error; null for none
 * @param after to print after the warning
 * @param exit what the command ends with
 */
record StatusText(List<String> lines, String warning, List<String> after, ExitCode exit) {

    static StatusText of(MigrationStatus status) {
        if (status.kind() == Survey.Kind.FOREIGN) {
            List<String> lines = new ArrayList<>();
            lines.add("The database '" + status.database() + "' holds relations that are in the way:");
            status.inTheWay().forEach(relation -> lines.add("  " + relation));
            return new StatusText(lines, null, List.of(), ExitCode.PREFLIGHT);
        }
        if (!status.bootstrapped()) {
            return new StatusText(
                    List.of(Words.NEEDS_BOOTSTRAP.stripTrailing(), ""), null, List.of(), ExitCode.NEEDS_BOOTSTRAP);
        }
        return bootstrapped(status);
    }

    private static StatusText bootstrapped(MigrationStatus status) {
        List<String> lines = new ArrayList<>();
        if (!status.executed().isEmpty()) {
            lines.add("Executed migrations:");
            lines.addAll(table(status.executed()));
        }
        Gate gate = status.gate();
        Release release = status.release();
        if (!gate.admits(release)) {
            lines.add("");
            lines.add("This is release " + release + ", the database is at " + gate + ": use release "
                    + (gate.target() == null ? gate.active() : gate.target()));
            return new StatusText(lines, null, List.of(), ExitCode.RELEASE_TOO_OLD);
        }
        boolean halfUp = gate.state() == Gate.State.EXPANDING && release.equals(gate.target());
        boolean pending = !halfUp && (!status.pending().isEmpty() || gate.upgrading());
        boolean fresh = !status.fresh().isEmpty() && !release.equals(gate.active())
                || !status.fresh().isEmpty() && !gate.upgrading()
                || !gate.upgrading() && release.isNewerThan(gate.active())
                || halfUp;
        if (!status.pending().isEmpty()) {
            blank(lines);
            lines.add("Pending migrations:");
            lines.addAll(table(status.pending()));
        }
        if (fresh) {
            blank(lines);
            lines.add("New migrations available:");
            lines.addAll(table(status.fresh()));
            if (status.fresh().isEmpty() && !halfUp) {
                lines.add("(release " + release + " changes nothing in the schema)");
            }
        }
        if (pending && fresh) {
            return new StatusText(
                    lines,
                    "Database has pending migrations from a previous upgrade, and new migrations from this upgrade"
                            + " (version " + release + ")",
                    List.of(
                            "",
                            Words.FINISH_WHEN_READY + " to complete pending migrations (postgres database will be"
                                    + " incompatible with the previous release)"),
                    ExitCode.PENDING);
        }
        if (pending) {
            blank(lines);
            lines.add(upgrade(gate));
            lines.add(Words.FINISH_WHEN_READY);
            return new StatusText(lines, null, List.of(), ExitCode.PENDING);
        }
        if (fresh) {
            blank(lines);
            lines.addAll(hops(status));
            if (halfUp) {
                lines.add("The upgrade from release " + gate.active() + " to " + gate.target() + " has begun");
            }
            lines.add(status.hops().size() > 1 ? Words.RUN_UP_THROUGH : Words.RUN_UP);
            return new StatusText(lines, null, List.of(), ExitCode.NEW_MIGRATIONS);
        }
        return new StatusText(lines, null, List.of(), ExitCode.OK);
    }

    private static String upgrade(Gate gate) {
        return gate.upgrading()
                ? "The upgrade from release " + gate.active() + " to " + gate.target() + " is open (state "
                        + gate.state() + ")"
                : "Migrations wait for their second phase (release " + gate.active() + ")";
    }

    private static List<String> hops(MigrationStatus status) {
        if (status.hops().size() < 2) {
            return List.of();
        }
        return List.of("The database is at release " + status.gate().active() + ": go through "
                + String.join(
                        ", ", status.hops().stream().map(Release::toString).toList())
                + ", each finished before the next");
    }

    private static void blank(List<String> lines) {
        if (!lines.isEmpty()) {
            lines.add("");
        }
    }

    /** One line per subsystem, its name right-aligned. */
    static List<String> table(Map<String, List<String>> bySubsystem) {
        int width = bySubsystem.keySet().stream().mapToInt(String::length).max().orElse(0);
        List<String> lines = new ArrayList<>();
        bySubsystem.forEach((subsystem, names) ->
                lines.add(" ".repeat(width - subsystem.length()) + subsystem + ": " + String.join(", ", names)));
        return lines;
    }
}
