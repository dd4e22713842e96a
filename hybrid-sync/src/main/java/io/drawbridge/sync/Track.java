package io.drawbridge.sync;

import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.entity.Entity;
import io.drawbridge.migration.Release;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The configurations that data planes of one level were offered, as these see them: the newest, and the last differences that
 * lead to it. A change costs as much as it is large while no entity has to be withheld; else everything is looked at again, so
 * that what is withheld is what is withheld of a whole one. One call at a time, not on an event loop.
 */
final class Track {
    private static final int STEPS_MAX = 64;
    private static final int ROWS_MAX = 10_000;

    private final LevelView view;
    /* Whether data planes of this level have all that this control plane knows. */
    private final boolean plain;
    private final Deque<Step> steps = new ArrayDeque<>();
    private ConfigSnapshot newest = ConfigSnapshot.empty();
    private ConfigSnapshot content = ConfigSnapshot.empty();
    private LevelView.Trimmed report;
    private Payload whole;
    private int rows;

    /* What led from one offer to the next. */
    private record Step(String base, ConfigSnapshot.Delta changes, int rows) {}

    /** @param own release of the control plane */
    Track(LevelView.Level level, Release own) {
        this.view = new LevelView(level);
        this.plain = level.release().equals(own) && level.missing().isEmpty();
    }

    /** The newest is this one from now on. */
    void advance(ConfigSnapshot next) {
        if (next.digest().equals(newest.digest()) && report != null) {
            return;
        }
        if (report == null) {
            begin(next);
        } else {
            ConfigSnapshot.Delta changes = changed(next);
            add(new Step(newest.digest(), changes, size(changes)));
        }
        if (report.blocked().isPresent()) {
            steps.clear();
            rows = 0;
        }
        newest = next;
        whole = null;
    }

    /** As a whole. */
    Payload whole() {
        if (whole == null) {
            whole = new Payload(newest.digest(), OwnFrames.full(newest.digest(), content), report, false, false);
        }
        return whole;
    }

    /** What leads to it from another one; empty: that was too long ago, or never was. */
    Optional<Payload> since(String base) {
        return from(base)
                .map(changes -> new Payload(
                        newest.digest(),
                        OwnFrames.delta(base, newest.digest(), content, changes),
                        report,
                        false,
                        true));
    }

    private void begin(ConfigSnapshot next) {
        LevelView.Trimmed trimmed = view.of(next);
        report = trimmed.report();
        if (plain && report.complete()) {
            content = next;
        } else {
            List<Entity> all = new ArrayList<>();
            trimmed.entities().values().forEach(all::addAll);
            content = ConfigSnapshot.of(next.position(), all);
        }
    }

    private ConfigSnapshot.Delta changed(ConfigSnapshot next) {
        ConfigSnapshot.Delta raw = next.since(newest);
        LevelView.Trimmed now = view.of(raw.written());
        if (report.complete() && now.complete()) {
            ConfigSnapshot.Delta seen = new ConfigSnapshot.Delta(now.entities(), raw.deleted());
            report = report.replacing(view.of(replaced(raw)), now);
            content = plain ? next : content.with(next.position(), seen);
            return seen;
        }
        LevelView.Trimmed trimmed = view.of(next);
        report = trimmed.report();
        ConfigSnapshot.Delta changes = difference(content, trimmed.entities());
        content = content.with(next.position(), changes);
        return changes;
    }

    private Map<String, List<Entity>> replaced(ConfigSnapshot.Delta raw) {
        Map<String, List<Entity>> before = new LinkedHashMap<>();
        for (String type : raw.types()) {
            List<Entity> were = new ArrayList<>();
            raw.written()
                    .getOrDefault(type, List.of())
                    .forEach(entity -> newest.find(type, entity.id()).ifPresent(were::add));
            raw.deleted()
                    .getOrDefault(type, Set.of())
                    .forEach(id -> newest.find(type, id).ifPresent(were::add));
            before.put(type, were);
        }
        return before;
    }

    /* Level views are made anew each time: equal entities are others. */
    private static ConfigSnapshot.Delta difference(ConfigSnapshot before, Map<String, List<Entity>> now) {
        Map<String, List<Entity>> written = new LinkedHashMap<>();
        Map<String, Set<UUID>> deleted = new LinkedHashMap<>();
        Set<String> types = new TreeSet<>(before.types());
        types.addAll(now.keySet());
        for (String type : types) {
            Set<UUID> gone = new TreeSet<>();
            before.all(type).forEach(entity -> gone.add(entity.id()));
            List<Entity> changed = new ArrayList<>();
            for (Entity entity : now.getOrDefault(type, List.of())) {
                gone.remove(entity.id());
                if (!before.find(type, entity.id()).equals(Optional.of(entity))) {
                    changed.add(entity);
                }
            }
            if (!changed.isEmpty()) {
                written.put(type, changed);
            }
            if (!gone.isEmpty()) {
                deleted.put(type, gone);
            }
        }
        return new ConfigSnapshot.Delta(written, deleted);
    }

    private void add(Step step) {
        steps.add(step);
        rows += step.rows();
        while (steps.size() > STEPS_MAX || rows > ROWS_MAX) {
            rows -= steps.remove().rows();
        }
    }

    private Optional<ConfigSnapshot.Delta> from(String base) {
        Iterator<Step> backwards = steps.descendingIterator();
        Deque<Step> due = new ArrayDeque<>();
        while (backwards.hasNext()) {
            Step step = backwards.next();
            due.addFirst(step);
            if (step.base().equals(base)) {
                return Optional.of(merged(due));
            }
        }
        return Optional.empty();
    }

    private static ConfigSnapshot.Delta merged(Iterable<Step> due) {
        Map<String, Map<UUID, Entity>> written = new LinkedHashMap<>();
        Map<String, Set<UUID>> deleted = new LinkedHashMap<>();
        for (Step step : due) {
            step.changes()
                    .deleted()
                    .forEach((type, ids) -> ids.forEach(id -> {
                        written.getOrDefault(type, new LinkedHashMap<>()).remove(id);
                        deleted.computeIfAbsent(type, name -> new TreeSet<>()).add(id);
                    }));
            step.changes()
                    .written()
                    .forEach((type, entities) -> entities.forEach(entity -> {
                        deleted.getOrDefault(type, new TreeSet<>()).remove(entity.id());
                        written.computeIfAbsent(type, name -> new LinkedHashMap<>())
                                .put(entity.id(), entity);
                    }));
        }
        Map<String, List<Entity>> entities = new LinkedHashMap<>();
        written.forEach((type, byId) -> entities.put(type, List.copyOf(byId.values())));
        return new ConfigSnapshot.Delta(entities, deleted);
    }

    private static int size(ConfigSnapshot.Delta changes) {
        return changes.written().values().stream().mapToInt(List::size).sum()
                + changes.deleted().values().stream().mapToInt(Set::size).sum();
    }
}
