package io.drawbridge.migration;

import io.drawbridge.migration.Check.Moment;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/** Asks the catalog's checks. Immutable. */
final class Preflight<S extends Step> {
    private static final int SHOWN = 20;

    private final MigrationBackend<S> backend;
    private final Catalog<S> catalog;
    private final MigrationListener listener;

    Preflight(MigrationBackend<S> backend, Catalog<S> catalog, MigrationListener listener) {
        this.backend = backend;
        this.catalog = catalog;
        this.listener = listener;
    }

    /** Everything that is known to be in the way, the server and the database as a whole included. */
    Future<List<Finding>> look(Moment moment, Release hop) {
        return backend.survey().compose(survey -> {
            List<Finding> findings = new ArrayList<>(survey.environment());
            if (survey.kind() == Survey.Kind.FOREIGN) {
                findings.add(StatusReader.foreign(survey));
            }
            Future<List<Finding>> found = survey.unfilled() ? Future.succeededFuture(List.of()) : find(moment, hop);
            return found.map(more -> {
                findings.addAll(more);
                return List.copyOf(findings);
            });
        });
    }

    /** Fails with {@code PREFLIGHT_BLOCKED} if a finding blocks. */
    Future<Void> require(Moment moment, Release hop) {
        return find(moment, hop).compose(findings -> {
            List<String> blocking = blocking(findings);
            return blocking.isEmpty()
                    ? Future.succeededFuture()
                    : Future.failedFuture(new MigrationException(
                            MigrationError.PREFLIGHT_BLOCKED,
                            "preflight found what would break the upgrade",
                            blocking));
        });
    }

    Future<List<Finding>> find(Moment moment, Release hop) {
        List<Finding> findings = new ArrayList<>();
        List<Check<S>> due = catalog.checks().stream()
                .filter(check -> check.moment() == moment)
                .filter(check -> check.hop() == null || check.hop().equals(hop))
                .toList();
        return Futures.forEach(
                        due,
                        check -> backend.query(check.query()).<Void>map(rows -> {
                            if (!rows.isEmpty()) {
                                findings.add(finding(check, rows));
                            }
                            return null;
                        }))
                .map(asked -> {
                    findings.forEach(listener::finding);
                    return List.copyOf(findings);
                });
    }

    static List<String> blocking(List<Finding> findings) {
        List<String> lines = new ArrayList<>();
        findings.stream().filter(Finding::blocks).forEach(finding -> {
            lines.add(finding.check() + ": " + finding.title());
            finding.rows().forEach(row -> lines.add("  " + row));
            lines.add("  -> " + finding.hint());
        });
        return lines;
    }

    private static Finding finding(Check<?> check, List<String> rows) {
        List<String> shown = new ArrayList<>(rows.subList(0, Math.min(SHOWN, rows.size())));
        if (rows.size() > SHOWN) {
            shown.add("... and " + (rows.size() - SHOWN) + " more");
        }
        return new Finding(check.id(), check.severity(), check.title(), check.hint(), shown);
    }
}
