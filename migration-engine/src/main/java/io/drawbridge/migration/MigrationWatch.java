package io.drawbridge.migration;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running node's eye on the cluster: looks at the state each poll interval, completes what an operator asked for or a
 * dead leader left behind where this node may, and notices a database that lost history. Confined to the context that
 * starts it; {@link #latest} and {@link #wentBack} may be called from anywhere, for display, never to decide a write.
 */
public final class MigrationWatch {
    private static final Logger LOG = LoggerFactory.getLogger(MigrationWatch.class);

    private final Vertx vertx;
    private final MigrationBackend<?> backend;
    private final Migrator<?> migrator;
    private final MigrationOptions options;
    private final Consumer<ClusterState> observer;
    private final History history = new History();
    private long timer = -1;
    private boolean looking;
    private boolean resuming;
    private int failures;
    private long resumeAtNanos = System.nanoTime();
    private volatile ClusterState latest;
    private volatile String unreachable = "not looked at yet";
    private volatile String wentBack;

    /** @param observer hears each new look, on the watch's context */
    public MigrationWatch(
            Vertx vertx,
            MigrationBackend<?> backend,
            Migrator<?> migrator,
            MigrationOptions options,
            Consumer<ClusterState> observer) {
        this.vertx = vertx;
        this.backend = backend;
        this.migrator = migrator;
        this.options = options;
        this.observer = observer;
    }

    /** Looks once, then goes on by itself. */
    public Future<Void> start() {
        if (timer < 0) {
            timer = vertx.setPeriodic(Math.max(1, options.pollInterval().toMillis()), tick -> look());
        }
        return look();
    }

    public Future<Void> stop() {
        if (timer >= 0) {
            vertx.cancelTimer(timer);
            timer = -1;
        }
        return Future.succeededFuture();
    }

    /** The cluster as last seen; empty if the last look failed. */
    public Optional<ClusterState> latest() {
        return Optional.ofNullable(unreachable == null ? latest : null);
    }

    /** Why the cluster's state is not known; empty if it is. */
    public Optional<String> unreachable() {
        return Optional.ofNullable(unreachable);
    }

    /** Why this node must not write although the gate may be open: the database lost history. Empty if it did not. */
    public Optional<String> wentBack() {
        return Optional.ofNullable(wentBack);
    }

    private Future<Void> look() {
        if (looking) {
            return Future.succeededFuture();
        }
        looking = true;
        return backend.read()
                .timeout(options.leaseTtl().toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS)
                .compose(this::seen)
                .onFailure(failure -> {
                    if (unreachable == null) {
                        LOG.warn("cluster state unknown reason={}", failure.getMessage());
                    }
                    unreachable = String.valueOf(failure.getMessage());
                })
                .otherwiseEmpty()
                .eventually(() -> {
                    looking = false;
                    return Future.succeededFuture();
                });
    }

    private Future<Void> seen(ClusterState cluster) {
        Optional<String> loss = history.compare(cluster);
        if (loss.isPresent() && wentBack == null) {
            LOG.error("database went back: {}; run 'migrations status --accept-restore' to accept it", loss.get());
        }
        wentBack = loss.orElse(null);
        if (unreachable != null) {
            LOG.info("cluster state known gate={}", cluster.gate());
        }
        latest = cluster;
        unreachable = null;
        observer.accept(cluster);
        if (loss.isEmpty() && mine(cluster)) {
            resume();
        }
        return Future.succeededFuture();
    }

    /** Whether something is under way that only a node of this release completes. */
    private boolean mine(ClusterState cluster) {
        Gate gate = cluster.gate();
        boolean mineToLead = options.release().equals(gate.target());
        boolean leftover = options.release().equals(gate.active())
                && gate.state() == Gate.State.STEADY
                && (cluster.request().isPresent()
                        || cluster.journal().entries().values().stream()
                                .anyMatch(entry -> entry.state() != JournalEntry.State.CONTRACTED));
        boolean shut =
                options.release().equals(gate.active()) && gate.state() == Gate.State.FENCED && gate.deadlinePassed();
        return leftover
                || shut
                || (mineToLead
                        && (gate.state() != Gate.State.OPEN || cluster.request().isPresent()));
    }

    /* Beside the looking, which must go on; after a failure later and later, so that a step that cannot succeed is not
    tried every second. */
    private void resume() {
        if (resuming || System.nanoTime() - resumeAtNanos < 0) {
            return;
        }
        resuming = true;
        migrator.resume().onComplete(answer -> {
            resuming = false;
            failures = answer.succeeded() ? 0 : Math.min(failures + 1, 5);
            long pause = answer.succeeded() ? 0 : options.pollInterval().toNanos() << failures;
            resumeAtNanos = System.nanoTime() + pause;
            if (answer.failed()) {
                LOG.warn(
                        "cannot go on with what is under way reason={}",
                        answer.cause().getMessage());
            }
        });
    }

    /** The highest numbers seen of one database. Confined to the watch. */
    private static final class History {
        private String identity;
        private long epoch;
        private long seq;

        /* The identity is "incarnation server": a person who accepts a restore changes the incarnation. */
        private Optional<String> compare(ClusterState cluster) {
            String now = cluster.identity();
            if (identity == null || !incarnation(now).equals(incarnation(identity))) {
                identity = now;
                epoch = cluster.lease().epoch();
                seq = cluster.gate().seq();
                return Optional.empty();
            }
            boolean known = !server(now).isEmpty() && !server(identity).isEmpty();
            if (known && !now.equals(identity)) {
                return Optional.of("another database server has taken its place");
            }
            if (cluster.lease().epoch() < epoch || cluster.gate().seq() < seq) {
                return Optional.of("epoch " + cluster.lease().epoch() + " and gate "
                        + cluster.gate().seq() + " are behind " + epoch + " and " + seq + " seen before");
            }
            epoch = cluster.lease().epoch();
            seq = cluster.gate().seq();
            return Optional.empty();
        }

        /** Empty if the database does not tell. */
        private static String server(String identity) {
            return identity.substring(identity.indexOf(' ') + 1);
        }

        private static String incarnation(String identity) {
            return identity.substring(0, Math.max(0, identity.indexOf(' ')));
        }
    }
}
