package io.drawbridge.migration;

import io.drawbridge.migration.Check.Moment;
import io.drawbridge.migration.MigrationBackend.AuditNote;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

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
    private final Vertx vertx;
    private final MigrationBackend<S> backend;
    private final Catalog<S> catalog;
    private final MigrationOptions options;
    private final Preflight<S> preflight;
    private final StatusReader<S> statusReader;
    private final Driver<S> driver;

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
        this.options = options;
        this.preflight = new Preflight<>(backend, catalog.until(options.release()), listener);
        MigrationPlan<S> plan = new MigrationPlan<>(catalog, options.release());
        this.statusReader = new StatusReader<>(backend, catalog, plan, options);
        this.driver = new Driver<>(vertx, backend, catalog, plan, preflight, options, listener);
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
        return driver.prepare();
    }

    /**
     * What a starting node does: fills an empty database, or begins or continues the upgrade to this release, or waits
     * while another node does. Waits without limit for a leader or a database that is away; {@link #interrupt} ends it.
     */
    public Future<Outcome> migrate() {
        return drive(Intent.START, Patience.forEver(), false, null);
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
        return upgrading()
                .compose(open -> open.isPresent()
                        ? requested(
                                request(
                                        Request.Kind.FINISH,
                                        open.get(),
                                        finish.force(),
                                        finish.keepForeignWriters(),
                                        finish.by(),
                                        finish.reason()),
                                finish.repair())
                        : drive(Intent.RESUME, patience(), finish.repair(), null));
    }

    /** Takes back the open upgrade to this release: what was added is dropped, and the hop is put on hold. */
    public Future<Outcome> abort(AbortOptions abort) {
        return upgrading()
                .compose(open -> open.isPresent()
                        ? requested(
                                request(
                                        Request.Kind.ABORT,
                                        open.get(),
                                        abort.force(),
                                        false,
                                        abort.by(),
                                        abort.reason()),
                                false)
                        : Future.failedFuture(new MigrationException(
                                MigrationError.NOTHING_OPEN, "no upgrade is open: nothing to abort")));
    }

    /** The release to which an upgrade is open. */
    private Future<Optional<Release>> upgrading() {
        return driver.prepared()
                .compose(ready -> backend.read())
                .map(cluster ->
                        cluster.gate().upgrading() ? Optional.of(cluster.gate().target()) : Optional.empty());
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
        return preflight.look(moment, options.release());
    }

    /** What {@link #up} and a later {@link #finish} would do. */
    public Future<Plan> plan() {
        return statusReader.plan();
    }

    /** Removes everything that the catalog and the engine made, and nothing else; yields what was removed. */
    public Future<List<String>> reset() {
        return backend.survey().compose(survey -> {
            if (survey.unfilled()) {
                return Future.failedFuture(new MigrationException(
                        MigrationError.NOT_BOOTSTRAPPED, "the database is not bootstrapped, nothing to reset"));
            }
            return driver.prepared()
                    .compose(ready ->
                            driver.lead(patience(), held -> backend.reset(held.lease(), catalog.migrations())));
        });
    }

    /** Allows writers that know nothing of the gate, until the next finish, or forbids them. */
    public Future<Void> foreignWrites(boolean on, String by, String reason) {
        return driver.prepared()
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

    /**
     * Has the running operation stop, within about a second: a step under way is cancelled and taken back, which is always
     * safe. The operation fails with {@code INTERRUPTED}.
     */
    public void interrupt() {
        driver.interrupt();
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
                        () -> driver.drive(Intent.RESUME, patience, false, null, progress)
                                .compose(outcome -> backend.request(request.id()))
                                .compose(now -> now.isEmpty() || !now.get().open()
                                        ? Future.succeededFuture(now.orElse(request))
                                        : driver.waitForLeader(patience, progress)
                                                .mapEmpty())))
                .compose(Migrator::judged)
                .compose(done -> repair
                        ? driver.drive(Intent.RESUME, patience, true, null, progress)
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
        return driver.drive(intent, patience, repair, from, new Progress());
    }

    private Patience patience() {
        return Patience.of(options.lockTimeout());
    }
}
