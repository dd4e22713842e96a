package io.drawbridge.core.node;

import io.drawbridge.migration.ClusterState;
import io.drawbridge.migration.Futures;
import io.drawbridge.migration.Gate;
import io.drawbridge.migration.Membership;
import io.drawbridge.migration.MigrationBackend;
import io.drawbridge.migration.MigrationError;
import io.drawbridge.migration.MigrationException;
import io.drawbridge.migration.MigrationOptions;
import io.drawbridge.migration.MigrationStatus;
import io.drawbridge.migration.MigrationWatch;
import io.drawbridge.migration.Migrator;
import io.drawbridge.migration.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node: registers, migrates or waits, knows the gate, opens its doors, is ready; drains when it is told to stop. What
 * passes by itself (a database that is away, another leader, a lock) it waits for, not ready; what an operator must decide
 * ends its start with a {@link MigrationException} or {@link NodeException}.
 *
 * <p>Confined to the context that starts it.
 */
public final class Node {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);

    private final Vertx vertx;
    private final Migrator<?> migrator;
    private final Migrator<?> watching;
    private final Membership membership;
    private final MigrationWatch watch;
    private final NodeOptions options;
    private final Doors doors;
    private final AutoFinish autoFinish;

    private Duration pause;
    private boolean registered;
    private volatile boolean stopping;
    private Gate.State told;

    /**
     * @param migrator used for the start alone: it is busy as long as the node waits
     * @param watching used by the watch, beside the start
     * @param backend not closed here
     * @param doors makes them, given the eye on the cluster
     */
    public Node(
            Vertx vertx,
            MigrationBackend<?> backend,
            Migrator<?> migrator,
            Migrator<?> watching,
            Membership membership,
            MigrationOptions migration,
            NodeOptions options,
            Function<MigrationWatch, Doors> doors) {
        this.vertx = vertx;
        this.migrator = migrator;
        this.watching = watching;
        this.membership = membership;
        this.options = options;
        this.pause = options.pollInterval();
        this.autoFinish = new AutoFinish(membership, watching, options);
        this.watch = new MigrationWatch(vertx, backend, watching, migration, this::seen);
        this.doors = doors.apply(watch);
    }

    /** The eye on the cluster, for display. */
    public MigrationWatch watch() {
        return watch;
    }

    /** Completes when the node is ready; may take as long as it has to wait. */
    public Future<Void> start() {
        return register()
                .compose(registered -> migrated())
                .compose(migrated -> register())
                .compose(registered -> gateKnown())
                .compose(known -> stopping ? stopped() : doors.open())
                .onSuccess(opened -> LOG.info("node ready member={} release={}", options.member(), options.release()));
    }

    /** Closes the doors, drains, leaves the cluster. Does not fail; may be called at any time. */
    public Future<Void> stop(Duration drain) {
        stopping = true;
        migrator.interrupt();
        watching.interrupt();
        return doors.close(drain)
                .otherwiseEmpty()
                .compose(closed -> watch.stop())
                .compose(stopped -> membership.stop())
                .onSuccess(left -> LOG.info("node stopped member={}", options.member()));
    }

    /* An empty database has no place to register in; migrating makes it, and we come back. */
    private Future<Void> register() {
        return registered
                ? Future.succeededFuture()
                : persistently("register", membership::start)
                        .onSuccess(done -> registered = true)
                        .recover(failure -> MigrationException.is(failure, MigrationError.NOT_BOOTSTRAPPED)
                                ? Future.succeededFuture()
                                : Future.failedFuture(failure));
    }

    private Future<Void> migrated() {
        return switch (options.start()) {
            case AUTO ->
                persistently("migrate", migrator::migrate).onSuccess(this::say).mapEmpty();
            case WAIT -> waitForOthers();
            case CHECK ->
                persistently(
                        "check",
                        () -> migrator.status()
                                .compose(status -> behind(status)
                                        .<Future<Void>>map(Future::failedFuture)
                                        .orElseGet(Future::succeededFuture)));
        };
    }

    private Future<Void> waitForOthers() {
        return Futures.<Boolean>loop(
                        vertx,
                        () -> stopping
                                ? stopped()
                                : persistently("look", migrator::status).compose(status -> {
                                    Optional<RuntimeException> behind = behind(status);
                                    if (behind.isEmpty()) {
                                        return Future.succeededFuture(Boolean.TRUE);
                                    }
                                    if (behind.get() instanceof MigrationException refused) {
                                        return Future.failedFuture(refused);
                                    }
                                    return Futures.pause(vertx, options.pollInterval())
                                            .mapEmpty();
                                }))
                .mapEmpty();
    }

    /** What keeps this node from running on the database as it is; a MigrationException will not pass by waiting. */
    private Optional<RuntimeException> behind(MigrationStatus status) {
        Gate gate = status.gate();
        if (!status.bootstrapped()) {
            return Optional.of(new NodeException(
                    NodeException.Error.NEEDS_BOOTSTRAP,
                    "the database needs bootstrapping: run 'drawbridge migrations bootstrap'"));
        }
        if (!gate.admits(options.release())) {
            return Optional.of(new MigrationException(
                    MigrationError.RELEASE_TOO_OLD,
                    "this is release " + options.release() + ", the database is at " + gate + ": start release "
                            + (gate.target() == null ? gate.active() : gate.target())));
        }
        if (status.hops().size() > 1) {
            return Optional.of(new MigrationException(
                    MigrationError.HOP_MISSING,
                    "the database is at release " + gate.active() + ": go through release "
                            + status.hops().get(0) + " first",
                    status.hops().stream().map(Object::toString).toList()));
        }
        boolean mine = options.release().equals(gate.active())
                || (options.release().equals(gate.target()) && gate.state() != Gate.State.EXPANDING);
        return mine && status.fresh().isEmpty()
                ? Optional.empty()
                : Optional.of(new NodeException(
                        NodeException.Error.NEEDS_UP,
                        "New migrations available; run 'drawbridge migrations up' to proceed"));
    }

    private Future<Void> gateKnown() {
        return Futures.<Boolean>loop(
                        vertx,
                        () -> stopping
                                ? stopped()
                                : (watch.unreachable().isPresent() ? watch.start() : Future.<Void>succeededFuture())
                                        .compose(looked -> watch.latest().isPresent()
                                                ? Future.succeededFuture(Boolean.TRUE)
                                                : Futures.pause(vertx, options.pollInterval())
                                                        .mapEmpty()))
                .compose(known -> {
                    Gate gate = watch.latest().map(ClusterState::gate).orElseThrow();
                    return gate.admits(options.release())
                            ? Future.succeededFuture()
                            : Future.failedFuture(new MigrationException(
                                    MigrationError.RELEASE_TOO_OLD,
                                    "this is release " + options.release() + ", the database is at " + gate));
                });
    }

    /** Tries again, later and later, what may pass; fails with what will not. */
    private <T> Future<T> persistently(String what, java.util.function.Supplier<Future<T>> work) {
        return Futures.<Optional<T>>loop(
                        vertx,
                        () -> stopping
                                ? stopped()
                                : work.get()
                                        .map(Optional::ofNullable)
                                        .recover(failure -> passes(failure) && !stopping
                                                ? again(what, failure)
                                                : Future.failedFuture(failure)))
                .map(result -> result.orElse(null));
    }

    private <T> Future<Optional<T>> again(String what, Throwable failure) {
        LOG.warn(
                "not ready: cannot {} yet, trying again in ms={} reason={}",
                what,
                pause.toMillis(),
                failure.getMessage());
        Duration now = pause;
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(options.retryMax()) > 0 ? options.retryMax() : doubled;
        return Futures.pause(vertx, now).mapEmpty();
    }

    private static boolean passes(Throwable failure) {
        return failure instanceof MigrationException known
                && switch (known.error()) {
                    case STEP_FAILED, LEADER_BUSY, LEASE_LOST, UNAVAILABLE, OUTCOME_UNKNOWN, HELD, CONFLICT -> true;
                    case NOT_BOOTSTRAPPED,
                            FOREIGN_DATABASE,
                            SERVER_TOO_OLD,
                            PRIVILEGE_MISSING,
                            PREFLIGHT_BLOCKED,
                            BLOCKED,
                            RELEASE_TOO_OLD,
                            HOP_MISSING,
                            NOTHING_OPEN,
                            JOURNAL_MISMATCH,
                            DATABASE_WENT_BACK,
                            INTERRUPTED -> false;
                };
    }

    private static <T> Future<T> stopped() {
        return Future.failedFuture(new NodeException(NodeException.Error.STOPPED, "told to stop while starting"));
    }

    private void say(Outcome outcome) {
        pause = options.pollInterval();
        LOG.info(
                "schema ready gate={} executed={} pending={} led_by_other={}",
                outcome.gate(),
                outcome.executed().size(),
                outcome.pending().size(),
                outcome.ledByOther());
    }

    private void seen(ClusterState cluster) {
        Gate gate = cluster.gate();
        if (gate.state() != told) {
            told = gate.state();
            LOG.info(
                    "gate seen state={} writes={}",
                    gate,
                    gate.refusal(options.release()).isEmpty() ? "open" : "closed");
            if (!gate.admits(options.release())) {
                LOG.error(
                        "this node is too old for the cluster release={} gate={}: it serves reads until it is stopped",
                        options.release(),
                        gate);
            }
        }
        if (options.autoFinish()) {
            autoFinish.look(cluster);
        }
    }
}
