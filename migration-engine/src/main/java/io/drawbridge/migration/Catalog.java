package io.drawbridge.migration;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All migrations that a release knows, in the order in which they run, and the releases that an upgrade steps through.
 * Immutable.
 *
 * @param <S> the kind of step that the backend runs
 * @param line the releases of the product, ascending; a hop goes from one to the next
 * @param migrations ascending within their subsystem
 * @param checks asked before up and finish
 */
public record Catalog<S extends Step>(List<Release> line, List<Migration<S>> migrations, List<Check<S>> checks) {

    public Catalog {
        line = List.copyOf(line);
        migrations = List.copyOf(migrations);
        checks = List.copyOf(checks);
        Set<String> ids = new HashSet<>();
        for (Migration<S> migration : migrations) {
            if (!ids.add(migration.id())) {
                throw new IllegalArgumentException("migration listed twice: " + migration.id());
            }
        }
        for (int i = 1; i < line.size(); i++) {
            if (!line.get(i - 1).isOlderThan(line.get(i))) {
                throw new IllegalArgumentException("releases out of order: " + line);
            }
        }
    }

    /** The catalog as the given release knew it. */
    public Catalog<S> until(Release release) {
        return new Catalog<>(
                line.stream().filter(each -> !each.isNewerThan(release)).toList(),
                migrations.stream()
                        .filter(migration -> !migration.since().isNewerThan(release))
                        .toList(),
                checks.stream()
                        .filter(check -> check.hop() == null || !check.hop().isNewerThan(release))
                        .toList());
    }

    /** The releases to go through from one to the other, without the first; empty if there is no way. */
    public List<Release> hops(Release from, Release to) {
        return line.stream()
                .filter(each -> each.isNewerThan(from) && !each.isNewerThan(to))
                .toList();
    }

    public Optional<Migration<S>> find(String id) {
        return migrations.stream()
                .filter(migration -> migration.id().equals(id))
                .findFirst();
    }
}
