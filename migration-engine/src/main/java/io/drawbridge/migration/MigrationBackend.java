package io.drawbridge.migration;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything that the engine does to a database. The seam where a test stands in the middle and dies at the n-th call.
 *
 * <p>Implementations are thread-safe. Each method is atomic: it happens as a whole or not at all, and a failed future may
 * mean either, unless it carries a {@link MigrationException} other than {@code OUTCOME_UNKNOWN}. Every method that takes
 * a lease fails with {@code LEASE_LOST}, changing nothing, if that lease has been superseded.
 *
 * @param <S> the kind of step that this backend runs
 */
public interface MigrationBackend<S extends Step> {
    /** The lease under which migrations run. */
    String MIGRATIONS = "migrations";

    /** Looks at the database without changing anything. */
    Future<Survey> survey();

    /** Makes the engine's own tables if they are missing, with this beginning; else does nothing. Any number at once. */
    Future<Void> prepare(Gate gate, Journal journal, AuditNote note);

    /** One consistent look at the cluster; fails with {@code NOT_BOOTSTRAPPED} before {@link #prepare}. */
    Future<ClusterState> read();

    /**
     * Takes the lease if it has expired by the database's clock, or if its epoch and beat still are {@code stale}: the
     * caller watched them for longer than a live holder leaves them. Empty if another has it.
     *
     * @param stale the lease as it was first seen, or null
     */
    Future<Optional<Lease>> acquire(String lease, String holder, String incarnation, Duration ttl, LeaseView stale);

    Future<Void> renew(Lease lease, Duration ttl, String note);

    /** Gives the lease back, so that the next one need not wait. Does nothing if it is lost already. */
    Future<Void> release(Lease lease);

    /** Whom the running step waits for, for people; empty if it does not wait. Never blocks. */
    String lockWaits(Lease lease);

    /**
     * Cancels what runs on behalf of this lease in this process and closes its connections; steps and transitions under it
     * fail with {@code LEASE_LOST} from then on. Never fails.
     */
    Future<Void> interrupt(Lease lease);

    /**
     * Runs one action: effect, journal entry and mirror as one. A long step does one batch per call.
     *
     * @return the entry as it is now; the step is complete when its {@code cursor} is null. Empty if the entry was
     *     removed
     */
    Future<Optional<JournalEntry>> apply(Lease lease, Action<S> action);

    /** Runs all actions on a database that has no data yet, and moves the gate; in one transaction where there are any. */
    Future<Void> bootstrap(Lease lease, List<Action<S>> actions, Gate from, Gate to, AuditNote note);

    /** Notes in the journal why the next step of the entry failed. */
    Future<Void> fail(Lease lease, JournalEntry entry);

    /**
     * Moves the gate by compare-and-set on state and sequence, waits for writes in flight, writes the audit, and closes
     * the request if one is given.
     *
     * @param fence how long the new state may stand; null: for ever
     */
    Future<Void> transition(Lease lease, Gate from, Gate to, Duration fence, Request closing, AuditNote note);

    /** Announces the member, or tells that it still lives. Creates the row if it is missing. */
    Future<Void> announce(Member member);

    Future<Void> leave(Member member);

    /** All members, oldest first; at most 10000. Those silent for more than {@code purge} are removed. */
    Future<List<Member>> members(Duration purge);

    /** Opens the request, or yields the open one if there is one. */
    Future<Request> ask(Request request);

    Future<Optional<Request>> request(String id);

    /** Closes the request with what came of it. */
    Future<Void> close(Lease lease, Request closed, AuditNote note);

    /** The newest audit rows, newest first. */
    Future<List<AuditEntry>> audit(int limit);

    /** Others that would be harmed by a finish, beyond members: e.g. connections that write without a tag. */
    Future<List<Blocker>> foreignBlockers();

    /** Lines that a check's query yields, at most 1000. */
    Future<List<String>> query(S query);

    /** Rows that the step's table has, or an estimate; -1 if the step has no table. For plans. */
    Future<Long> estimate(S step);

    /** Allows writers that know nothing of the gate, until the next finish, or forbids them. */
    Future<Void> foreignWrites(boolean on, AuditNote note);

    /** Removes everything that the catalog and the engine made, and nothing else. */
    Future<List<String>> reset(Lease lease, List<Migration<S>> catalog);

    /** Compares foreign bookkeeping with the journal and, if {@code repair}, rewrites it; yields the differences. */
    Future<List<String>> mirrorDifferences(Lease lease, List<Migration<S>> catalog, boolean repair);

    /** Forgets what identified the database before it was restored. */
    Future<Void> acceptRestore(AuditNote note);

    /** Releases connections. Does not fail. */
    Future<Void> close();

    /** Who does something, and why; for the audit. */
    record AuditNote(String by, Release release, String reason) {}

    /** One that would be harmed by a finish: its kind as used with {@code --force}, and its name. */
    record Blocker(String kind, String name, boolean warning) {}
}
