package io.drawbridge.migration;

import io.drawbridge.migration.JournalEntry.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides what happens next from the catalog and one look at the cluster alone, so that every decision can be printed and
 * tested without a database. A leader repeats: look, decide, do one thing. That makes taking over after a crash the same
 * as going on. Immutable.
 */
final class MigrationPlan<S extends Step> {
    private final Catalog<S> catalog;
    private final Release me;

    MigrationPlan(Catalog<S> catalog, Release me) {
        this.catalog = catalog.until(me);
        this.me = me;
    }

    Next<S> next(ClusterState cluster, Intent intent) {
        Gate gate = cluster.gate();
        return switch (gate.state()) {
            case EMPTY ->
                intent.bootstrap()
                        ? new Next.Move<>(gate.to(Gate.State.BOOTSTRAPPING, me, null), "bootstrap")
                        : refuse(MigrationError.NOT_BOOTSTRAPPED, "the database needs bootstrapping");
            case BOOTSTRAPPING -> bootstrap(cluster, intent);
            case STEADY -> steady(cluster, intent);
            case EXPANDING, OPEN -> open(cluster);
            case FENCED -> fenced(cluster);
            case CONTRACTING -> contracting(cluster);
            case ABORTING -> aborting(cluster);
        };
    }

    private Next<S> bootstrap(ClusterState cluster, Intent intent) {
        Gate gate = cluster.gate();
        if (!intent.bootstrap()) {
            return refuse(MigrationError.NOT_BOOTSTRAPPED, "the database is being bootstrapped");
        }
        if (!gate.active().equals(me)) {
            return cluster.journal().entries().isEmpty()
                    ? new Next.Move<>(gate.to(Gate.State.BOOTSTRAPPING, me, null), "bootstrap")
                    : refuse(MigrationError.CONFLICT, "release " + gate.active() + " is bootstrapping this database");
        }
        List<Action<S>> actions = new ArrayList<>();
        Journal journal = cluster.journal();
        for (Migration<S> migration : catalog.migrations()) {
            for (Optional<Action<S>> due = forward(migration, journal, State.CONTRACTED);
                    due.isPresent();
                    due = forward(migration, journal, State.CONTRACTED)) {
                actions.add(due.get());
                journal = journal.with(due.get().after());
            }
        }
        return new Next.Bootstrap<>(actions, gate.to(Gate.State.STEADY, me, null));
    }

    private Next<S> steady(ClusterState cluster, Intent intent) {
        Gate gate = cluster.gate();
        if (me.isOlderThan(gate.active())) {
            return tooOld(gate.active());
        }
        Optional<Action<S>> leftover = firstDue(
                cluster.journal(), migration -> converted(migration, cluster.journal()) ? State.CONTRACTED : null);
        if (leftover.isPresent()) {
            return new Next.Run<>(leftover.get());
        }
        if (cluster.request().isPresent()) {
            return new Next.Close<>(settled(cluster.request().get(), gate));
        }
        if (me.equals(gate.active())) {
            return firstDue(cluster.journal(), migration -> State.CONTRACTED)
                    .<Next<S>>map(Next.Run::new)
                    .orElseGet(() -> new Next.Done<>("the database is up-to-date"));
        }
        return hop(gate, intent);
    }

    private Next<S> hop(Gate gate, Intent intent) {
        List<Release> hops = path(gate.active());
        if (hops.size() > 1) {
            return new Next.Refuse<>(new MigrationException(
                    MigrationError.HOP_MISSING,
                    "the database is at release " + gate.active() + ", this is " + me + ": go through release "
                            + hops.get(0) + " first, each finished before the next",
                    hops.stream().map(Release::toString).toList()));
        }
        if (!intent.hop()) {
            return new Next.Done<>("new migrations are available");
        }
        if (me.equals(gate.held()) && !intent.overHold()) {
            return refuse(
                    MigrationError.HELD,
                    "the upgrade to " + me + " was aborted and is on hold: run 'migrations up' to begin it again");
        }
        return new Next.Move<>(gate.holding(null).to(Gate.State.EXPANDING, gate.active(), me), "up");
    }

    /** The releases to go through, this one last. */
    List<Release> path(Release from) {
        List<Release> hops = new ArrayList<>(catalog.hops(from, me));
        if (me.isNewerThan(from) && !hops.contains(me)) {
            hops.add(me);
        }
        return List.copyOf(hops);
    }

    private Next<S> open(ClusterState cluster) {
        Gate gate = cluster.gate();
        Optional<Next<S>> notMine = notMine(gate);
        if (notMine.isPresent()) {
            return notMine.get();
        }
        if (cluster.request().isPresent() && cluster.request().get().kind() == Request.Kind.ABORT) {
            return new Next.PrepareAbort<>(cluster.request().get());
        }
        Optional<Action<S>> due = firstDue(cluster.journal(), migration -> State.EXPANDED);
        if (due.isPresent()) {
            return new Next.Run<>(due.get());
        }
        if (gate.state() == Gate.State.EXPANDING) {
            return new Next.Move<>(gate.to(Gate.State.OPEN, gate.active(), gate.target()), "up");
        }
        return cluster.request()
                .<Next<S>>map(Next.PrepareFinish::new)
                .orElseGet(() -> new Next.Done<>("the upgrade waits for finish"));
    }

    private Next<S> fenced(ClusterState cluster) {
        Gate gate = cluster.gate();
        Optional<Next<S>> notMine = notMine(gate);
        boolean shut = gate.deadlinePassed() && me.equals(gate.active());
        if (notMine.isPresent() && !shut) {
            return notMine.get();
        }
        boolean asked = cluster.request().isPresent() && cluster.request().get().kind() == Request.Kind.FINISH;
        if (gate.deadlinePassed() || !asked) {
            return new Next.Move<>(
                    gate.to(Gate.State.OPEN, gate.active(), gate.target()), "the fence stood too long: reopened");
        }
        return new Next.LookBehindFence<>(cluster.request().get());
    }

    private Next<S> contracting(ClusterState cluster) {
        Gate gate = cluster.gate();
        Optional<Next<S>> notMine = notMine(gate);
        if (notMine.isPresent()) {
            return notMine.get();
        }
        Optional<Action<S>> due = firstDue(cluster.journal(), migration -> State.CONVERTED);
        if (due.isPresent()) {
            return new Next.Run<>(due.get());
        }
        boolean keep = gate.foreignWritesKept()
                || cluster.request().map(Request::keepForeignWriters).orElse(false);
        Gate steady =
                gate.to(Gate.State.STEADY, gate.target(), null).withForeignWrites(gate.foreignWrites() && keep, keep);
        return new Next.Move<>(steady, "finish");
    }

    private Next<S> aborting(ClusterState cluster) {
        Gate gate = cluster.gate();
        Optional<Next<S>> notMine = notMine(gate);
        if (notMine.isPresent()) {
            return notMine.get();
        }
        List<Migration<S>> newest = new ArrayList<>(catalog.migrations());
        java.util.Collections.reverse(newest);
        for (Migration<S> migration : newest) {
            Optional<JournalEntry> entry = cluster.journal().entry(migration.id());
            if (entry.isPresent() && migration.since().isNewerThan(gate.active())) {
                return new Next.Run<>(backward(migration, entry.get()));
            }
        }
        return new Next.Move<>(gate.to(Gate.State.STEADY, gate.active(), null).holding(gate.target()), "abort");
    }

    /** Conversions that may run before the fence, in order. */
    List<Action<S>> ahead(Journal journal) {
        List<Action<S>> actions = new ArrayList<>();
        for (Migration<S> migration : catalog.migrations()) {
            Optional<JournalEntry> entry = journal.entry(migration.id());
            if (entry.isPresent() && entry.get().state() == State.EXPANDED) {
                addConversions(actions, migration, entry.get(), true);
            }
        }
        return actions;
    }

    /** Conversions of everything that is executed, again: they touch only rows that still have the old form. */
    List<Action<S>> repairs(Journal journal) {
        List<Action<S>> actions = new ArrayList<>();
        for (Migration<S> migration : catalog.migrations()) {
            Optional<JournalEntry> entry = journal.entry(migration.id());
            if (entry.isPresent() && entry.get().state() == State.CONTRACTED) {
                addConversions(actions, migration, entry.get(), false);
            }
        }
        return actions;
    }

    private void addConversions(
            List<Action<S>> actions, Migration<S> migration, JournalEntry entry, boolean onlyWhileOpen) {
        JournalEntry unmoved = entry.at(null, 0, 0);
        for (S step : migration.convert()) {
            if (step.whileOpen() || !onlyWhileOpen) {
                actions.add(new Action<>(migration, step, unmoved, unmoved));
            }
        }
    }

    private interface Goal<S extends Step> {
        /** How far the migration should be now; null: leave it alone. */
        State of(Migration<S> migration);
    }

    private Optional<Action<S>> firstDue(Journal journal, Goal<S> goal) {
        for (Migration<S> migration : catalog.migrations()) {
            State wanted = goal.of(migration);
            Optional<Action<S>> due = wanted == null ? Optional.empty() : forward(migration, journal, wanted);
            if (due.isPresent()) {
                return due;
            }
        }
        return Optional.empty();
    }

    /** The next action of one migration on its way to {@code goal}; empty if it is there or beyond. */
    private Optional<Action<S>> forward(Migration<S> migration, Journal journal, State goal) {
        JournalEntry entry = journal.entry(migration.id()).orElse(null);
        if (entry == null) {
            return Optional.of(phase(migration, null, migration.expand(), State.EXPANDING, expanded(migration)));
        }
        return switch (entry.state()) {
            case EXPANDING, UNDOING ->
                Optional.of(phase(migration, entry, migration.expand(), State.EXPANDING, expanded(migration)));
            case EXPANDED, CONVERTING ->
                goal == State.EXPANDED
                        ? Optional.empty()
                        : Optional.of(phase(
                                migration,
                                entry,
                                migration.convert(),
                                State.CONVERTING,
                                migration.contract().isEmpty() ? State.CONTRACTED : State.CONVERTED));
            case CONVERTED, CONTRACTING ->
                goal == State.CONTRACTED
                        ? Optional.of(
                                phase(migration, entry, migration.contract(), State.CONTRACTING, State.CONTRACTED))
                        : Optional.empty();
            case CONTRACTED -> Optional.empty();
        };
    }

    private static State expanded(Migration<?> migration) {
        return migration.twoPhase() ? State.EXPANDED : State.CONTRACTED;
    }

    private Action<S> phase(Migration<S> migration, JournalEntry entry, List<S> steps, State during, State done) {
        int at = entry != null && entry.state() == during ? entry.stepsDone() : 0;
        JournalEntry before =
                entry != null && entry.state() == during ? entry : JournalEntry.of(migration.id(), during, 0);
        if (at >= steps.size()) {
            return new Action<>(migration, null, before, JournalEntry.of(migration.id(), done, 0));
        }
        JournalEntry after = at + 1 == steps.size()
                ? JournalEntry.of(migration.id(), done, 0)
                : JournalEntry.of(migration.id(), during, at + 1);
        return new Action<>(migration, steps.get(at), before, after);
    }

    private Action<S> backward(Migration<S> migration, JournalEntry entry) {
        int at = entry.state() == State.UNDOING ? entry.stepsDone() : 0;
        JournalEntry before =
                entry.state() == State.UNDOING ? entry : JournalEntry.of(migration.id(), State.UNDOING, 0);
        List<S> steps = migration.undo();
        if (at >= steps.size()) {
            return new Action<>(migration, null, before, null);
        }
        JournalEntry after = at + 1 == steps.size() ? null : JournalEntry.of(migration.id(), State.UNDOING, at + 1);
        return new Action<>(migration, steps.get(at), before, after);
    }

    private boolean converted(Migration<S> migration, Journal journal) {
        return journal.entry(migration.id())
                .map(entry -> entry.state().converted())
                .orElse(false);
    }

    /** A node of the old release has nothing to do in an upgrade; one of a third release must not touch it. */
    private Optional<Next<S>> notMine(Gate gate) {
        if (me.equals(gate.target())) {
            return Optional.empty();
        }
        if (me.isOlderThan(gate.active())) {
            return Optional.of(tooOld(gate.active()));
        }
        if (me.equals(gate.active())) {
            return Optional.of(
                    gate.admits(me)
                            ? new Next.Done<>("the upgrade to " + gate.target() + " is led by nodes of that release")
                            : tooOld(gate.target()));
        }
        return Optional.of(refuse(
                MigrationError.CONFLICT,
                "the upgrade from " + gate.active() + " to " + gate.target()
                        + " is open: finish or abort it with release " + gate.target() + " first"));
    }

    private static Request settled(Request request, Gate gate) {
        boolean finished = request.target().equals(gate.active());
        boolean fulfilled = (request.kind() == Request.Kind.FINISH) == finished;
        return fulfilled
                ? request.closed(Request.State.DONE, "the cluster runs release " + gate.active())
                : request.closed(Request.State.FAILED, "no upgrade to " + request.target() + " is open");
    }

    private Next<S> tooOld(Release needed) {
        return refuse(
                MigrationError.RELEASE_TOO_OLD,
                "this is release " + me + ", the database needs " + needed + ": start release " + needed);
    }

    private Next<S> refuse(MigrationError error, String message) {
        return new Next.Refuse<>(new MigrationException(error, message));
    }
}
