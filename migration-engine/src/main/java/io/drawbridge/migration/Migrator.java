package io.drawbridge.migration;

import static io.drawbridge.migration.Survey.Kind.EMPTY;
import static io.drawbridge.migration.Survey.Kind.FOREIGN;

import io.drawbridge.migration.Check.Moment;
import io.drawbridge.migration.MigrationBackend.AuditNote;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one database to the schema that this release needs, together with every other node that tries the same. This is
 * the library's entry point.
 *
 * <p>Every node of a cluster calls {@link #migrate} when it starts: one leads, the others wait until the work is done, or
 * take over when the leader dies. An operator calls {@link #finish} when the last node of the previous release is gone.
 *
 * <p>One operation at a time; call from one Vert.x context. {@link #interrupt} and {@link #status} may be called from
 * anywhere.
 *
 * @param <S> the kind of step that the backend runs
 */
public final class Migrator<S extends Step> {
    private static final Logger LOG = LoggerFactory.getLogger(Migrator.class);

    private final Vertx vertx;
    private final MigrationBackend<S> backend;
    private final Catalog<S> catalog;
    private final MigrationPlan<S> plan;
    private final Preflight<S> preflight;
    private final MigrationOptions options;
    private final MigrationListener listener;
    private final LeaderLease leadership;
    private final StatusReader<S> statusReader;
    private volatile boolean interrupted;

    /**
     * @param catalog everything that the product knows; cut at {@code options.release()} here
     * @param listener hears what happens; {@link MigrationListener#NONE} if nobody wants to
     */
    public Migrator(
            Vertx vertx,
            MigrationBackend<S> backend,
            Catalog<S> catalog,
            MigrationOptions options,
            MigrationListener listener) {
        this.vertx = vertx;
        this.backend = backend;
        this.catalog = catalog;
        this.plan = new MigrationPlan<>(catalog, options.release());
        this.preflight = new Preflight<>(backend, catalog.until(options.release()), listener);
        this.options = options;
        this.listener = listener;
        this.leadership = new LeaderLease(vertx, backend, MigrationBackend.MIGRATIONS, options, listener);
        this.statusReader = new StatusReader<>(backend, catalog, plan, options);
    }

    /** Everything an operator may ask, read without changing anything; also of a database that is empty or foreign. */
    public Future<MigrationStatus> status() {
        return statusReader.read();
    }

    /**
     * Makes the engine's own tables if they are missing, or takes over what another system made; nothing else. A starting
     * node does this first, then registers with {@link Membership#start}, then calls {@link #migrate}: a node that
     * registers before it reads the gate cannot slip in while a finish looks for nodes of the old release.
     */
    public Future<Void> prepare() {
        Patience patience = new Patience(null);
        return Futures.<Boolean>loop(
                        vertx,
                        () -> interrupted
                                ? Future.failedFuture(stopped())
                                : prepared(Intent.START, null)
                                        .map(done -> Boolean.TRUE)
                                        .recover(failure -> pausedOrFailed(failure, patience)
                                                .mapEmpty()))
                .mapEmpty();
    }

    /**
     * What a starting node does: fills an empty database, or begins or continues the upgrade to this release, or waits
     * while another node does. Waits without limit for a leader or a database that is away; {@link #interrupt} ends it.
     */
    public Future<Outcome> migrate() {
        return drive(Intent.START, new Patience(null), false, null);
    }

    /** Fills an empty database. On one that is filled already it changes nothing. */
    public Future<Outcome> bootstrap() {
        return drive(Intent.BOOTSTRAP, patience(), false, null);
    }

    /** Begins, or continues, the upgrade to this release; leaves it waiting for {@link #finish}. */
    public Future<Outcome> up(UpOptions up) {
        return drive(Intent.UP, patience(), up.force(), up.from());
    }

    /**
     * Completes the open upgrade to this release. Fails with {@code BLOCKED}, having paused nobody, while a live node
     * still runs the old release.
     */
    public Future<Outcome> finish(FinishOptions finish) {
        return prepared(Intent.RESUME, null)
                .compose(ready -> backend.read())
                .compose(cluster -> cluster.gate().upgrading()
                        ? requested(
                                request(
                                        Request.Kind.FINISH,
                                        cluster.gate().target(),
                                        finish.force(),
                                        finish.keepForeignWriters(),
                                        finish.by(),
                                        finish.reason()),
                                finish.repair())
                        : drive(Intent.RESUME, patience(), finish.repair(), null));
    }

    /** Takes back the open upgrade to this release: what was added is dropped, and the hop is put on hold. */
    public Future<Outcome> abort(AbortOptions abort) {
        return prepared(Intent.RESUME, null)
                .compose(ready -> backend.read())
                .compose(cluster -> cluster.gate().upgrading()
                        ? requested(
                                request(
                                        Request.Kind.ABORT,
                                        cluster.gate().target(),
                                        abort.force(),
                                        false,
                                        abort.by(),
                                        abort.reason()),
                                false)
                        : Future.failedFuture(new MigrationException(
                                MigrationError.NOTHING_OPEN, "no upgrade is open: nothing to abort")));
    }

    /**
     * Leaves a durable wish without waiting for it: any leader of the target release fulfils it.
     *
     * @return the request, or an equal one that was open already; fails with {@code CONFLICT} if another kind is open
     */
    public Future<Request> ask(Request.Kind kind, String force, boolean keepForeignWriters, String by, String reason) {
        return backend.read()
                .compose(cluster -> cluster.gate().upgrading()
                        ? ask(request(kind, cluster.gate().target(), force, keepForeignWriters, by, reason))
                        : Future.failedFuture(
                                new MigrationException(MigrationError.NOTHING_OPEN, "no upgrade is open")));
    }

    /** The request as it stands. */
    public Future<Optional<Request>> request(String id) {
        return backend.request(id);
    }

    /** Continues what is under way, if this node may: open requests, half-done phases, leftovers. Begins nothing. */
    public Future<Outcome> resume() {
        return drive(Intent.RESUME, patience(), false, null);
    }

    /** Asks the checks that guard this moment. */
    public Future<List<Finding>> preflight(Moment moment) {
        return backend.survey().compose(survey -> {
            List<Finding> findings = new ArrayList<>(survey.environment());
            if (survey.kind() == FOREIGN) {
                findings.add(StatusReader.foreign(survey));
            }
            if (survey.kind() == EMPTY || survey.kind() == FOREIGN) {
                return Future.succeededFuture(List.copyOf(findings));
            }
            return preflight.find(moment, options.release()).map(found -> {
                findings.addAll(found);
                return List.copyOf(findings);
            });
        });
    }

    /** What {@link #up} and a later {@link #finish} would do. */
    public Future<Plan> plan() {
        return statusReader.plan();
    }

    /** Removes everything that the catalog and the engine made, and nothing else; yields what was removed. */
    public Future<List<String>> reset() {
        return backend.survey().compose(survey -> {
            if (survey.kind() == EMPTY || survey.kind() == FOREIGN) {
                return Future.failedFuture(new MigrationException(
                        MigrationError.NOT_BOOTSTRAPPED, "the database is not bootstrapped, nothing to reset"));
            }
            return prepared(Intent.RESUME, null)
                    .compose(ready -> leading(patience(), held -> backend.reset(held.lease(), catalog.migrations())));
        });
    }

    /** Allows writers that know nothing of the gate, until the next finish, or forbids them. */
    public Future<Void> foreignWrites(boolean on, String by, String reason) {
        return prepared(Intent.RESUME, null)
                .compose(ready -> backend.foreignWrites(on, new AuditNote(by, options.release(), reason)));
    }

    /** Accepts that the database is another than it was: restored, or a replica that lagged. */
    public Future<Void> acceptRestore(String by, String reason) {
        return backend.acceptRestore(new AuditNote(by, options.release(), reason));
    }

    /** The newest audit rows, newest first. */
    public Future<List<AuditEntry>> audit(int limit) {
        return backend.audit(limit);
    }

    /** Has the running operation stop at the next safe point; it fails with {@code INTERRUPTED}. */
    public void interrupt() {
        interrupted = true;
    }

    private Request request(Request.Kind kind, Release target, String force, boolean keep, String by, String reason) {
        return new Request(
                UUID.randomUUID().toString(), kind, target, force, keep, reason, by, Request.State.OPEN, null);
    }

    private Future<Request> ask(Request wish) {
        return backend.ask(wish)
                .compose(open -> open.kind() == wish.kind()
                        ? Future.succeededFuture(open)
                        : Future.failedFuture(new MigrationException(
                                MigrationError.CONFLICT,
                                open.kind() + " " + open.id() + " was asked by " + open.by()
                                        + " and is not done yet")));
    }

    /** Asks, then works or waits until the request is closed. */
    private Future<Outcome> requested(Request wish, boolean repair) {
        Patience patience = patience();
        Progress progress = new Progress();
        return ask(wish)
                .compose(request -> Futures.loop(
                        vertx,
                        () -> drive(Intent.RESUME, patience, false, null, progress)
                                .compose(outcome -> backend.request(request.id()))
                                .compose(now -> now.isEmpty() || !now.get().open()
                                        ? Future.succeededFuture(now.orElse(request))
                                        : waitForLeader(patience, progress).mapEmpty())))
                .compose(Migrator::judged)
                .compose(done -> repair
                        ? drive(Intent.RESUME, patience, true, null, progress)
                        : backend.read().map(cluster -> progress.outcome(cluster.gate())));
    }

    private static Future<Request> judged(Request request) {
        List<String> lines =
                request.result() == null ? List.of() : request.result().lines().toList();
        String kind = request.kind().name().toLowerCase(java.util.Locale.ROOT);
        return switch (request.state()) {
            case OPEN, DONE -> Future.succeededFuture(request);
            case BLOCKED ->
                Future.failedFuture(
                        new MigrationException(MigrationError.BLOCKED, kind + " is blocked; nobody was paused", lines));
            case FAILED ->
                Future.failedFuture(
                        new MigrationException(MigrationError.PREFLIGHT_BLOCKED, kind + " cannot be done", lines));
        };
    }

    private Future<Outcome> drive(Intent intent, Patience patience, boolean repair, Release from) {
        return drive(intent, patience, repair, from, new Progress());
    }

    private Future<Outcome> drive(Intent intent, Patience patience, boolean repair, Release from, Progress progress) {
        return Futures.loop(
                vertx,
                () -> round(intent, patience, repair, from, progress)
                        .recover(failure -> pausedOrFailed(failure, patience)));
    }

    private static MigrationException stopped() {
        return new MigrationException(MigrationError.INTERRUPTED, "stopped; run the same command again to go on");
    }

    /** One try: null to look again. */
    private Future<Outcome> round(Intent intent, Patience patience, boolean repair, Release from, Progress progress) {
        if (interrupted) {
            return Future.failedFuture(stopped());
        }
        return prepared(intent, from).compose(ready -> backend.read()).compose(cluster -> {
            patience.databaseSeen();
            Next<S> next = plan.next(cluster, intent);
            if (next instanceof Next.Refuse<S> refuse) {
                return Future.failedFuture(refuse.failure());
            }
            if (next instanceof Next.Done<S> && !repair) {
                return Future.succeededFuture(progress.outcome(cluster.gate()));
            }
            return leadership
                    .lead(cluster.lease(), held -> lead(held, intent, repair, progress))
                    .compose(led ->
                            led.isPresent() ? Future.succeededFuture(led.get()) : waited(cluster, patience, progress));
        });
    }

    private Future<Outcome> lead(LeaderLease.Held held, Intent intent, boolean repair, Progress progress) {
        Leader<S> leader =
                new Leader<>(vertx, backend, plan, preflight, options, listener, () -> interrupted, progress, held);
        return agree(held, repair)
                .compose(agreed -> leader.work(intent))
                .compose(cluster -> (repair ? leader.repair() : Future.<Void>succeededFuture())
                        .map(done -> progress.outcome(cluster.gate())));
    }

    /** Foreign bookkeeping that lags behind the journal is somebody's mistake: say so, or repair it when told to. */
    private Future<Void> agree(LeaderLease.Held held, boolean repair) {
        return backend.mirrorDifferences(held.lease(), catalog.migrations(), repair)
                .compose(behind -> behind.isEmpty() || repair
                        ? Future.succeededFuture()
                        : Future.failedFuture(new MigrationException(
                                MigrationError.JOURNAL_MISMATCH,
                                "the bookkeeping kept for others lags behind the journal; 'migrations up -f' repairs it",
                                behind)));
    }

    private Future<Outcome> waited(ClusterState cluster, Patience patience, Progress progress) {
        listener.waiting(cluster.lease());
        return waitForLeader(patience, progress).mapEmpty();
    }

    private Future<Void> waitForLeader(Patience patience, Progress progress) {
        progress.waited();
        if (patience.over()) {
            return Future.failedFuture(new MigrationException(
                    MigrationError.LEADER_BUSY,
                    "another node leads and was not done within "
                            + options.lockTimeout().toSeconds() + " s"));
        }
        return pause();
    }

    /** Null after a pause if the failure may pass by itself, else the failure. */
    private Future<Outcome> pausedOrFailed(Throwable failure, Patience patience) {
        if (!Retry.passes(failure) || !patience.endures(failure)) {
            return Future.failedFuture(failure);
        }
        LOG.warn("migration interrupted, trying again reason={}", failure.getMessage());
        return pause().mapEmpty();
    }

    private Future<Void> pause() {
        long millis = options.pollInterval().toMillis();
        long jitter = (long) (Math.random() * millis / 4);
        return Futures.pause(vertx, Duration.ofMillis(millis - millis / 8 + jitter));
    }

    private <T> Future<T> leading(Patience patience, java.util.function.Function<LeaderLease.Held, Future<T>> work) {
        Progress progress = new Progress();
        return Futures.loop(
                vertx,
                () -> backend.read()
                        .compose(cluster -> leadership.lead(cluster.lease(), work))
                        .compose(led -> led.isPresent()
                                ? Future.succeededFuture(led.get())
                                : waitForLeader(patience, progress).mapEmpty()));
    }

    /** Makes the engine's own tables where this intent may, taking over what another system made. */
    private Future<Void> prepared(Intent intent, Release from) {
        return backend.survey().compose(survey -> {
            Optional<MigrationException> unfit = StatusReader.unfit(survey);
            if (unfit.isPresent()) {
                return Future.failedFuture(unfit.get());
            }
            return switch (survey.kind()) {
                case OURS -> Future.<Void>succeededFuture();
                case FOREIGN -> Future.<Void>failedFuture(StatusReader.foreignDatabase(survey));
                case EMPTY ->
                    intent.bootstrap()
                            ? backend.prepare(Gate.empty(), Journal.empty(), note("first contact: empty database"))
                            : Future.<Void>failedFuture(new MigrationException(
                                    MigrationError.NOT_BOOTSTRAPPED, "the database needs bootstrapping"));
                case ADOPTABLE -> takeOver(survey, from);
            };
        });
    }

    private Future<Void> takeOver(Survey survey, Release from) {
        Takeover takeover = Takeover.of(
                catalog, survey.executed(), !survey.othersConnected().isEmpty(), options.release(), from);
        if (!takeover.unknown().isEmpty()) {
            return Future.failedFuture(new MigrationException(
                    MigrationError.PREFLIGHT_BLOCKED,
                    "the database has migrations that this product does not know: a newer release made it",
                    takeover.unknown()));
        }
        String reason = "taken over as " + takeover.gate() + ": its units are those of releases " + takeover.lowest()
                + " to " + takeover.highest() + (from == null ? "" : ", told to assume " + from) + ", "
                + survey.othersConnected().size() + " other connections";
        LOG.info(
                "database taken over state={} lowest={} highest={}",
                takeover.gate(),
                takeover.lowest(),
                takeover.highest());
        return backend.prepare(takeover.gate(), takeover.journal(), note(reason));
    }

    private AuditNote note(String reason) {
        return new AuditNote(options.member(), options.release(), reason);
    }

    private Patience patience() {
        return new Patience(options.lockTimeout());
    }

    /** How long a call waits for others. Confined to the call. */
    private static final class Patience {
        private final Duration limit;
        private final long startNanos = System.nanoTime();
        private boolean databaseSeen;

        /** @param limit null: for ever */
        private Patience(Duration limit) {
            this.limit = limit;
        }

        private void databaseSeen() {
            databaseSeen = true;
        }

        private boolean over() {
            return limit != null && System.nanoTime() - startNanos >= limit.toNanos();
        }

        /** A database that was never there is an error at once, except for a node that waits for it. */
        private boolean endures(Throwable failure) {
            boolean away = MigrationException.is(failure, MigrationError.UNAVAILABLE);
            return limit == null || ((databaseSeen || !away) && !over());
        }
    }
}
