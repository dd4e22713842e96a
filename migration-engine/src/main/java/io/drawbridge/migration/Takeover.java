package io.drawbridge.migration;

import io.drawbridge.migration.JournalEntry.State;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a database made by another system is taken over as: the release that its units suggest, and the journal they
 * amount to. A pure function of the catalog and what the bookkeeping says. Immutable.
 *
 * @param gate the state to begin with
 * @param journal the entries to begin with
 * @param lowest the lowest release whose units are all there
 * @param highest the highest release that has no further units
 * @param unknown ids that the catalog does not know although it knows their subsystem: a newer release was here
 */
record Takeover(Gate gate, Journal journal, Release lowest, Release highest, List<String> unknown) {

    static <S extends Step> Takeover of(
            Catalog<S> catalog, Map<String, Boolean> units, boolean othersConnected, Release me, Release from) {
        Journal journal = Journal.empty();
        Release lowest = null;
        boolean pending = false;
        Set<String> subsystems = new HashSet<>();
        units.keySet().forEach(id -> subsystems.add(subsystem(id)));
        for (Migration<S> migration : catalog.migrations()) {
            Boolean executed = units.get(migration.id());
            if (executed != null) {
                journal =
                        journal.with(JournalEntry.of(migration.id(), executed ? State.CONTRACTED : State.EXPANDED, 0));
                pending |= !executed;
                if (lowest == null || migration.since().isNewerThan(lowest)) {
                    lowest = migration.since();
                }
            }
        }
        if (lowest == null) {
            lowest = catalog.line().get(0);
        }
        Release base = complete(catalog, units, subsystems, lowest);
        Release highest = highest(catalog, units, subsystems, base);
        return new Takeover(
                gate(catalog, lowest, base, highest, pending, othersConnected, me, from),
                journal,
                base,
                highest,
                unknown(catalog, units));
    }

    /** The newest release, at most {@code newest}, all of whose units are executed. */
    private static <S extends Step> Release complete(
            Catalog<S> catalog, Map<String, Boolean> units, Set<String> subsystems, Release newest) {
        Release complete = newest;
        for (Migration<S> migration : catalog.migrations()) {
            boolean expected = subsystems.contains(migration.subsystem())
                    && !migration.since().isNewerThan(newest);
            if (expected && !Boolean.TRUE.equals(units.get(migration.id()))) {
                Release before = before(catalog, migration.since());
                complete = before.isOlderThan(complete) ? before : complete;
            }
        }
        return complete;
    }

    private static <S extends Step> Release highest(
            Catalog<S> catalog, Map<String, Boolean> units, Set<String> subsystems, Release base) {
        Release highest = base;
        for (Release release : catalog.line()) {
            if (release.isNewerThan(highest) && !bringsUnits(catalog, units, subsystems, base, release)) {
                highest = release;
            }
        }
        return highest;
    }

    private static <S extends Step> boolean bringsUnits(
            Catalog<S> catalog, Map<String, Boolean> units, Set<String> subsystems, Release base, Release upTo) {
        return catalog.migrations().stream()
                .anyMatch(migration -> subsystems.contains(migration.subsystem())
                        && migration.since().isNewerThan(base)
                        && !migration.since().isNewerThan(upTo)
                        && !units.containsKey(migration.id()));
    }

    private static <S extends Step> Gate gate(
            Catalog<S> catalog,
            Release newest,
            Release base,
            Release highest,
            boolean pending,
            boolean othersConnected,
            Release me,
            Release from) {
        Gate foreign = Gate.empty().withForeignWrites(true, false);
        boolean open = pending || base.isOlderThan(newest);
        if (from != null) {
            return open
                    ? foreign.to(
                            Gate.State.OPEN,
                            from,
                            catalog.hops(from, newest).isEmpty()
                                    ? newest
                                    : catalog.hops(from, newest).get(0))
                    : foreign.to(Gate.State.STEADY, from, null);
        }
        if (open) {
            return foreign.to(Gate.State.OPEN, base, productRelease(catalog, newest));
        }
        boolean inRange = !me.isOlderThan(base) && !me.isNewerThan(highest);
        if (!inRange) {
            return foreign.to(Gate.State.STEADY, me.isOlderThan(base) ? base : highest, null);
        }
        if (!othersConnected) {
            return foreign.to(Gate.State.STEADY, me, null);
        }
        Release below = before(catalog, me);
        return below.isOlderThan(base)
                ? foreign.to(Gate.State.STEADY, me, null)
                : foreign.to(Gate.State.OPEN, below, me);
    }

    /** The first release of the line that is not older. */
    private static <S extends Step> Release productRelease(Catalog<S> catalog, Release release) {
        return catalog.line().stream()
                .filter(each -> !each.isOlderThan(release))
                .findFirst()
                .orElse(release);
    }

    /** The newest release older than the given one, of the line or of any unit. */
    private static <S extends Step> Release before(Catalog<S> catalog, Release release) {
        List<Release> all = new ArrayList<>(catalog.line());
        catalog.migrations().forEach(migration -> all.add(migration.since()));
        return all.stream()
                .filter(each -> each.isOlderThan(release))
                .max(Release::compareTo)
                .orElse(release);
    }

    private static <S extends Step> List<String> unknown(Catalog<S> catalog, Map<String, Boolean> units) {
        Set<String> known = new HashSet<>();
        catalog.migrations().forEach(migration -> known.add(migration.subsystem()));
        return units.keySet().stream()
                .filter(id -> known.contains(subsystem(id)) && catalog.find(id).isEmpty())
                .sorted()
                .toList();
    }

    private static String subsystem(String id) {
        return id.substring(0, Math.max(0, id.indexOf('/')));
    }
}
