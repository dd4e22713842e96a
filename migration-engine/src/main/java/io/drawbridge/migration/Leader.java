package io.drawbridge.migration;

import io.drawbridge.migration.Check.Moment;
import io.drawbridge.migration.MigrationBackend.AuditNote;
import io.drawbridge.migration.MigrationBackend.Blocker;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the holder of the lease does: look, decide, do one thing, until nothing is left. Confined to the caller's context.
 */
final class Leader<S extends Step> {
    private static final Logger LOG = LoggerFactory.getLogger(Leader.class);

    private final Vertx vertx;
    private final MigrationBackend<S> backend;
    private final MigrationPlan<S> plan;
    private final Preflight<S> preflight;
    private final MigrationOptions options;
    private final MigrationListener listener;
    private final BooleanSupplier interrupted;
    private final Progress progress;
    private final LeaderLease.Held held;

    Leader(
            Vertx vertx,
            MigrationBackend<S> backend,
            MigrationPlan<S> plan,
            Preflight<S> preflight,
            MigrationOptions options,
            MigrationListener listener,
            BooleanSupplier interrupted,
            Progress progress,
            LeaderLease.Held held) {
        this.vertx = vertx;
        this.backend = backend;
        this.plan = plan;
        this.preflight = preflight;
        this.options = options;
        this.listener = listener;
        this.interrupted = interrupted;
        this.progress = progress;
        this.held = held;
    }

    /** Does everything that is due; yields the state in which nothing is left. */
    Future<ClusterState> work(Intent intent) {
        return Futures.loop(
                vertx,
                () -> safePoint()
                        .compose(go -> backend.read())
                        .compose(cluster -> perform(cluster, plan.next(cluster, intent))));
    }

    /** Converts again what is still in the old form although its migration is executed. */
    Future<Void> repair() {
        return backend.read().compose(cluster -> Futures.forEach(plan.repairs(cluster.journal()), this::runWhole));
    }

    private Future<Void> safePoint() {
        return interrupted.getAsBoolean()
                ? Future.failedFuture(new MigrationException(
                        MigrationError.INTERRUPTED, "stopped between two steps; run the same command again to go on"))
                : Future.succeededFuture();
    }

    /** Null: look again. */
    private Future<ClusterState> perform(ClusterState cluster, Next<S> next) {
        if (next instanceof Next.Done<S>) {
            return Future.succeededFuture(cluster);
        }
        if (next instanceof Next.Refuse<S> refuse) {
            return Future.failedFuture(refuse.failure());
        }
        return act(cluster, next).mapEmpty();
    }

    private Future<Void> act(ClusterState cluster, Next<S> next) {
        if (next instanceof Next.Move<S> move) {
            return begin(cluster, move);
        }
        if (next instanceof Next.Bootstrap<S> bootstrap) {
            return bootstrap(cluster, bootstrap);
        }
        if (next instanceof Next.Run<S> run) {
            return runWhole(run.action());
        }
        if (next instanceof Next.PrepareFinish<S> prepare) {
            return prepareFinish(cluster, prepare.request());
        }
        if (next instanceof Next.LookBehindFence<S> look) {
            return lookBehindFence(cluster, look.request());
        }
        if (next instanceof Next.PrepareAbort<S> prepare) {
            return prepareAbort(cluster, prepare.request());
        }
        if (next instanceof Next.Close<S> close) {
            return backend.close(
                    held.lease(), close.closed(), note(close.closed().result()));
        }
        throw new IllegalStateException("not decided: " + next);
    }

    private Future<Void> begin(ClusterState cluster, Next.Move<S> move) {
        boolean hop = move.to().state() == Gate.State.EXPANDING;
        Future<Void> clear = hop ? preflight.require(Moment.BEFORE_UP, move.to().target()) : Future.succeededFuture();
        boolean ends =
                cluster.gate().state() == Gate.State.ABORTING && move.to().state() == Gate.State.STEADY;
        Request closing = ends
                ? cluster.request()
                        .map(request -> request.closed(
                                Request.State.DONE,
                                "the cluster stays at release " + move.to().active()))
                        .orElse(null)
                : null;
        return clear.compose(checked -> move(cluster.gate(), move.to(), null, closing, move.reason()));
    }

    private Future<Void> move(Gate from, Gate to, Duration fence, Request closing, String reason) {
        return backend.transition(held.lease(), from, to, fence, closing, note(reason))
                .onSuccess(moved -> {
                    LOG.info("gate moved from={} to={} reason={}", from, to, reason);
                    progress.changed();
                    listener.gateMoved(from, to);
                });
    }

    private Future<Void> bootstrap(ClusterState cluster, Next.Bootstrap<S> bootstrap) {
        held.note("bootstrap");
        return backend.bootstrap(held.lease(), bootstrap.actions(), cluster.gate(), bootstrap.to(), note("bootstrap"))
                .onSuccess(done -> {
                    progress.changed();
                    bootstrap.actions().forEach(action -> moved(action.migration(), action.after()));
                    listener.gateMoved(cluster.gate(), bootstrap.to());
                });
    }

    /** Runs an action to its end, batch by batch. */
    private Future<Void> runWhole(Action<S> action) {
        String what = action.migration().id()
                + (action.step() == null ? "" : ": " + action.step().name());
        held.note(what);
        if (action.step() == null) {
            return backend.apply(held.lease(), action)
                    .onSuccess(entry -> applied(action))
                    .mapEmpty();
        }
        JournalEntry.State phase = action.before().state();
        long start = System.nanoTime();
        LOG.info(
                "step start migration={} phase={} step={}",
                action.migration().id(),
                phase,
                action.step().name());
        listener.stepStarted(action.migration().id(), phase, action.step());
        JournalEntry[] at = {action.before()};
        return Futures.loop(
                        vertx,
                        () -> safePoint()
                                .compose(go -> backend.apply(
                                        held.lease(),
                                        new Action<>(action.migration(), action.step(), at[0], action.after())))
                                .map(entry -> {
                                    boolean complete =
                                            entry.isEmpty() || entry.get().cursor() == null;
                                    entry.ifPresent(now -> {
                                        at[0] = now;
                                        if (now.cursor() != null) {
                                            listener.stepProgress(
                                                    action.migration().id(), action.step(), now);
                                        }
                                    });
                                    return complete ? Boolean.TRUE : null;
                                }))
                .<Void>mapEmpty()
                .onSuccess(done -> {
                    Duration took = Duration.ofNanos(System.nanoTime() - start);
                    LOG.info(
                            "step done migration={} phase={} step={} ms={}",
                            action.migration().id(),
                            phase,
                            action.step().name(),
                            took.toMillis());
                    listener.stepDone(action.migration().id(), phase, action.step(), took);
                    applied(action);
                })
                .recover(failure -> failed(action, at[0], failure));
    }

    private void applied(Action<S> action) {
        progress.changed();
        boolean conversionAgain = action.after() != null && action.after().equals(action.before());
        if (!conversionAgain) {
            moved(action.migration(), action.after());
        }
    }

    private void moved(Migration<S> migration, JournalEntry after) {
        if (after == null
                || after.state() == JournalEntry.State.EXPANDED
                || after.state() == JournalEntry.State.CONTRACTED) {
            progress.moved(migration.id(), after);
            listener.migrationMoved(migration, after);
        }
    }

    private Future<Void> failed(Action<S> action, JournalEntry at, Throwable failure) {
        listener.stepFailed(action.migration().id(), action.before().state(), action.step(), failure);
        if (Retry.passes(failure) || MigrationException.is(failure, MigrationError.INTERRUPTED)) {
            return Future.failedFuture(failure);
        }
        String what = "migration " + action.migration().id() + ", step '"
                + action.step().name() + "' failed: " + failure.getMessage();
        MigrationException known = new MigrationException(MigrationError.STEP_FAILED, what, List.of(), failure);
        return backend.fail(held.lease(), at.failed(failure.getMessage()))
                .transform(noted -> Future.failedFuture(known));
    }

    private Future<Void> prepareFinish(ClusterState cluster, Request request) {
        held.note("finish: checks");
        Gate gate = cluster.gate();
        return preflight.find(Moment.BEFORE_FINISH, gate.target()).compose(findings -> {
            List<String> blocking = Preflight.blocking(findings);
            if (!blocking.isEmpty()) {
                return close(request, Request.State.FAILED, blocking);
            }
            return Futures.forEach(plan.ahead(cluster.journal()), this::runWhole)
                    .compose(converted -> finishBlockers(gate.target(), true))
                    .compose(found -> {
                        List<Blocker> counting = Blockers.counting(found, request.force());
                        return counting.isEmpty()
                                ? move(
                                        gate,
                                        gate.to(Gate.State.FENCED, gate.active(), gate.target()),
                                        options.fenceLimit(),
                                        null,
                                        reason("finish", request))
                                : close(request, Request.State.BLOCKED, names(counting));
                    });
        });
    }

    private Future<Void> lookBehindFence(ClusterState cluster, Request request) {
        held.note("finish: fenced");
        Gate gate = cluster.gate();
        return finishBlockers(gate.target(), false).compose(found -> {
            List<Blocker> counting = Blockers.counting(found, request.force());
            if (counting.isEmpty()) {
                return move(
                        gate,
                        gate.to(Gate.State.CONTRACTING, gate.active(), gate.target()),
                        null,
                        null,
                        reason("finish", request));
            }
            Request closed = request.closed(Request.State.BLOCKED, String.join("\n", names(counting)));
            return move(
                    gate,
                    gate.to(Gate.State.OPEN, gate.active(), gate.target()),
                    null,
                    closed,
                    "finish blocked: " + String.join("; ", names(counting)));
        });
    }

    private Future<Void> prepareAbort(ClusterState cluster, Request request) {
        held.note("abort: looking for nodes of the new release");
        Gate gate = cluster.gate();
        return twoLooks(true).compose(looks -> {
            List<Blocker> counting = Blockers.counting(
                    Blockers.ofAbort(looks.get(0), looks.get(1), gate.target(), options.leaseTtl()), request.force());
            return counting.isEmpty()
                    ? move(
                            gate,
                            gate.to(Gate.State.ABORTING, gate.active(), gate.target()),
                            null,
                            null,
                            reason("abort", request))
                    : close(request, Request.State.BLOCKED, names(counting));
        });
    }

    private Future<List<Blocker>> finishBlockers(Release target, boolean overTime) {
        return twoLooks(overTime)
                .compose(looks -> backend.foreignBlockers().map(foreign -> {
                    List<Blocker> all =
                            new ArrayList<>(Blockers.ofFinish(looks.get(0), looks.get(1), target, options.leaseTtl()));
                    all.addAll(foreign);
                    return all;
                }));
    }

    private Future<List<List<Member>>> twoLooks(boolean overTime) {
        Duration day = Duration.ofDays(1);
        return backend.members(day)
                .compose(first -> overTime
                        ? Futures.pause(vertx, options.heartbeat().plusMillis(50))
                                .compose(waited -> backend.members(day))
                                .map(second -> List.of(first, second))
                        : Future.succeededFuture(List.of(first, first)));
    }

    private Future<Void> close(Request request, Request.State as, List<String> lines) {
        String result = String.join("\n", lines);
        LOG.info("request closed kind={} id={} state={} result={}", request.kind(), request.id(), as, result);
        return backend.close(
                held.lease(),
                request.closed(as, result),
                note(request.kind().name().toLowerCase(java.util.Locale.ROOT) + " " + as + ": " + result));
    }

    private static List<String> names(List<Blocker> blockers) {
        return blockers.stream()
                .map(blocker -> blocker.kind() + ": " + blocker.name())
                .toList();
    }

    private static String reason(String verb, Request request) {
        String forced = request.force().isEmpty() ? "" : " --force " + request.force();
        String why = Optional.ofNullable(request.reason())
                .filter(text -> !text.isBlank())
                .map(text -> ": " + text)
                .orElse("");
        return verb + " asked by " + request.by() + forced + why;
    }

    private AuditNote note(String reason) {
        return new AuditNote(options.member(), options.release(), reason);
    }
}
