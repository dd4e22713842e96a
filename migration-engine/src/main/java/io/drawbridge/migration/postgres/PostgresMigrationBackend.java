package io.drawbridge.migration.postgres;

import io.drawbridge.migration.Action;
import io.drawbridge.migration.AuditEntry;
import io.drawbridge.migration.ClusterState;
import io.drawbridge.migration.Futures;
import io.drawbridge.migration.Gate;
import io.drawbridge.migration.Journal;
import io.drawbridge.migration.JournalEntry;
import io.drawbridge.migration.Lease;
import io.drawbridge.migration.LeaseView;
import io.drawbridge.migration.Member;
import io.drawbridge.migration.Migration;
import io.drawbridge.migration.MigrationBackend;
import io.drawbridge.migration.MigrationError;
import io.drawbridge.migration.MigrationException;
import io.drawbridge.migration.Request;
import io.drawbridge.migration.Survey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The engine on PostgreSQL 12 or newer. Time is the server's clock; every effect is fenced by a key-share lock on the lease
 * row in its own transaction. Works behind PgBouncer in transaction mode. Thread-safe.
 */
public final class PostgresMigrationBackend implements MigrationBackend<PgStep> {
    private static final Duration WHOLE_LOCK_LIMIT = Duration.ofSeconds(30);
    /* Above the default heartbeat, so that a live connection is not dropped as it renews; below the default lease. */
    private static final Duration LEASE_LIMIT = Duration.ofSeconds(8);

    private final Vertx vertx;
    private final Pool pool;
    private final Pool leasePool;
    private final StepConnections stepConnections;
    private final Transactions transactions;
    private final LeaseTable leases;
    private final JournalTable journal;
    private final GateTable gates;
    private final MemberTable members;
    private final Bookkeeping bookkeeping;
    private final DatabaseSurvey surveyor;
    private final StepRunner steps;
    private final MirrorLock mirrorLock;
    private final Layout layout;
    private final JournalMirror mirror;
    private final PostgresMigrationOptions options;

    private PostgresMigrationBackend(
            Vertx vertx,
            PgConnectOptions connect,
            EngineTables tables,
            JournalMirror mirror,
            PostgresMigrationOptions options) {
        this.vertx = vertx;
        this.mirror = mirror;
        this.options = options;
        PgConnectOptions own =
                new PgConnectOptions(connect).setCachePreparedStatements(false).setUseLayer7Proxy(true);
        if (!own.getProperties().getOrDefault("application_name", "").startsWith("drawbridge")) {
            own.addProperty("application_name", "drawbridge");
        }
        Duration answer = options.answerTimeout();
        this.pool = Pools.bounded(vertx, own, "migrations", options.poolSize(), answer, Pools.silence(answer));
        this.leasePool = Pools.bounded(vertx, own, "lease", 1, answer, LEASE_LIMIT);
        this.stepConnections = new StepConnections(vertx, own, leasePool, options.idleInTransaction());
        this.transactions = new Transactions(tables, options.idleInTransaction());
        this.leases = new LeaseTable(tables, transactions);
        this.journal = new JournalTable(tables, mirror);
        LockRetry retry = new LockRetry(vertx, stepConnections::stopped);
        this.gates = new GateTable(retry, tables, transactions, journal);
        this.members = new MemberTable(tables);
        this.bookkeeping = new Bookkeeping(tables, journal, mirror);
        this.surveyor = new DatabaseSurvey(tables, mirror, options.createsRelations());
        this.steps = new StepRunner(vertx, stepConnections, retry, transactions, journal, options);
        this.mirrorLock = new MirrorLock(mirror, leasePool, transactions, options.lockTimeout());
        this.layout = new Layout(tables, mirror, options.createsRelations(), journal);
    }

    /**
     * @param connect how to reach the database, {@code search_path} and credentials included
     * @param mirror other bookkeeping to keep beside the journal; null: none
     */
    public static PostgresMigrationBackend create(
            Vertx vertx,
            PgConnectOptions connect,
            EngineTables tables,
            JournalMirror mirror,
            PostgresMigrationOptions options) {
        return new PostgresMigrationBackend(vertx, connect, tables, mirror, options);
    }

    @Override
    public Future<Survey> survey() {
        return reading(surveyor::look);
    }

    /* Any number of nodes may do this at once: the advisory lock has them take turns, and what still collides in the
    catalog (CREATE TABLE checks before it locks) is tried again and then finds the tables there. */
    @Override
    public Future<Void> prepare(Gate gate, Journal beginning, AuditNote note) {
        int[] attempts = {0};
        return Futures.<Boolean>loop(
                        vertx,
                        () -> inTransaction(connection -> layout.prepare(connection, gate, beginning, note))
                                .map(done -> Boolean.TRUE)
                                .recover(failure -> PgErrors.raced(failure) && attempts[0]++ < 20
                                        ? Futures.pause(vertx, Duration.ofMillis(20))
                                                .mapEmpty()
                                        : Future.failedFuture(failure)))
                .<Void>mapEmpty()
                .recover(PgErrors::translated);
    }

    @Override
    public Future<ClusterState> read() {
        return reading(gates::read);
    }

    @Override
    public Future<Optional<Lease>> acquire(
            String lease, String holder, String incarnation, Duration ttl, LeaseView stale) {
        return leases.acquire(pool, lease, holder, incarnation, ttl, stale)
                .compose(taken -> taken.isPresent() ? withTheirLock(taken.get(), ttl) : Future.succeededFuture(taken))
                .recover(PgErrors::translated);
    }

    /** Without their lock nobody of ours leads. */
    private Future<Optional<Lease>> withTheirLock(Lease lease, Duration ttl) {
        return mirrorLock
                .hold(lease, ttl)
                .compose(
                        held -> held
                                ? Future.succeededFuture(Optional.of(lease))
                                : leases.release(leasePool, lease).map(Optional.<Lease>empty()),
                        failure ->
                                leases.release(leasePool, lease).transform(released -> Future.failedFuture(failure)));
    }

    @Override
    public Future<Void> renew(Lease lease, Duration ttl, String note) {
        return leases.renew(leasePool, lease, ttl, note)
                .compose(renewed -> mirrorLock.renew(lease, ttl))
                .onSuccess(renewed -> stepConnections.look(lease))
                .recover(PgErrors::translated);
    }

    @Override
    public Future<Void> release(Lease lease) {
        return mirrorLock
                .release(lease)
                .compose(released -> leases.release(leasePool, lease))
                .eventually(() -> stepConnections.discard(lease))
                .recover(PgErrors::translated);
    }

    @Override
    public String lockWaits(Lease lease) {
        return stepConnections.waits(lease);
    }

    @Override
    public Future<Void> interrupt(Lease lease) {
        return stepConnections.stop(lease);
    }

    @Override
    public Future<Optional<JournalEntry>> apply(Lease lease, Action<PgStep> action) {
        return steps.run(lease, action).recover(failure -> Future.failedFuture(PgErrors.ofStep(failure)));
    }

    @Override
    public Future<Void> bootstrap(Lease lease, List<Action<PgStep>> actions, Gate from, Gate to, AuditNote note) {
        return stepConnections
                .with(
                        lease,
                        connection -> transactions.run(
                                connection,
                                WHOLE_LOCK_LIMIT,
                                options.statementTimeout(),
                                in -> transactions
                                        .fence(in, lease)
                                        .compose(held -> layout.fill(in, actions))
                                        .compose(filled -> gates.move(in, lease, from, to, null, null, note))))
                .recover(PgErrors::translated);
    }

    @Override
    public Future<Void> fail(Lease lease, JournalEntry entry) {
        return fenced(lease, connection -> journal.write(connection, entry));
    }

    @Override
    public Future<Void> transition(Lease lease, Gate from, Gate to, Duration fence, Request closing, AuditNote note) {
        return gates.transition(pool, lease, from, to, fence, closing, note).recover(PgErrors::translated);
    }

    @Override
    public Future<Void> announce(Member member) {
        return members.announce(pool, member).recover(PgErrors::translated);
    }

    @Override
    public Future<Void> leave(Member member) {
        return members.leave(pool, member).recover(PgErrors::translated);
    }

    @Override
    public Future<List<Member>> members(Duration purge) {
        return members.all(pool, purge).recover(PgErrors::translated);
    }

    @Override
    public Future<Request> ask(Request request) {
        return inTransaction(connection -> bookkeeping.ask(connection, request)).recover(PgErrors::translated);
    }

    @Override
    public Future<Optional<Request>> request(String id) {
        return bookkeeping.request(pool, id).recover(PgErrors::translated);
    }

    @Override
    public Future<Void> close(Lease lease, Request closed, AuditNote note) {
        return fenced(
                lease,
                connection -> bookkeeping
                        .close(connection, closed)
                        .compose(done -> bookkeeping.note(
                                connection,
                                lease,
                                closed.kind() + " OPEN",
                                closed.kind() + " " + closed.state(),
                                note)));
    }

    @Override
    public Future<List<AuditEntry>> audit(int limit) {
        return bookkeeping.audit(pool, limit).recover(PgErrors::translated);
    }

    @Override
    public Future<List<Blocker>> foreignBlockers() {
        return mirror == null ? Future.succeededFuture(List.of()) : reading(mirror::blockers);
    }

    @Override
    public Future<List<String>> query(PgStep query) {
        return query instanceof PgStep.Query known
                ? reading(connection -> surveyor.ask(connection, known))
                : Future.failedFuture(new IllegalArgumentException("a check needs a Query: " + query.name()));
    }

    @Override
    public Future<Long> estimate(PgStep step) {
        return reading(connection -> surveyor.estimate(connection, step));
    }

    @Override
    public Future<Void> foreignWrites(boolean on, AuditNote note) {
        return gates.foreignWrites(pool, on, note).recover(PgErrors::translated);
    }

    @Override
    public Future<List<String>> reset(Lease lease, List<Migration<PgStep>> catalog) {
        return stepConnections
                .with(
                        lease,
                        connection -> transactions.run(
                                connection,
                                WHOLE_LOCK_LIMIT,
                                options.statementTimeout(),
                                in -> transactions.fence(in, lease).compose(held -> layout.drop(in))))
                .recover(PgErrors::translated);
    }

    @Override
    public Future<List<String>> mirrorDifferences(Lease lease, List<Migration<PgStep>> catalog, boolean repair) {
        if (mirror == null) {
            return Future.succeededFuture(List.of());
        }
        return fenced(
                lease,
                connection -> gates.read(connection)
                        .compose(cluster -> bookkeeping.compare(connection, lease, cluster, catalog, repair)));
    }

    @Override
    public Future<Void> acceptRestore(AuditNote note) {
        return inTransaction(connection -> gates.newIncarnation(connection, note))
                .recover(PgErrors::translated);
    }

    @Override
    public Future<Void> close() {
        return stepConnections
                .closeAll()
                .compose(closed -> leasePool.close())
                .compose(closed -> pool.close())
                .otherwiseEmpty();
    }

    private <T> Future<T> fenced(Lease lease, Function<SqlConnection, Future<T>> work) {
        return inTransaction(
                        connection -> transactions.fence(connection, lease).compose(held -> work.apply(connection)))
                .recover(PgErrors::translated);
    }

    private <T> Future<T> inTransaction(Function<SqlConnection, Future<T>> work) {
        return pool.withConnection(
                connection -> transactions.run(connection, Duration.ofSeconds(5), options.answerTimeout(), work));
    }

    /** Every read is bounded, and a look at several tables sees one state of them. */
    private <T> Future<T> reading(Function<SqlConnection, Future<T>> work) {
        return inTransaction(work).recover(failure -> {
            Throwable known = PgErrors.translate(failure);
            boolean unknown = MigrationException.is(known, MigrationError.OUTCOME_UNKNOWN);
            return Future.failedFuture(unknown ? PgErrors.unavailable(known) : known);
        });
    }
}
