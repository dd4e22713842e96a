package io.drawbridge.migration;

import java.time.Duration;

/**
 * Hears what the engine does, on the Vert.x context of the caller. Must return quickly and not throw.
 *
 * <p>Implementations: the product's meters, the command line's progress. Every method does nothing by default.
 */
public interface MigrationListener {
    MigrationListener NONE = new MigrationListener() {};

    default void leaseTaken(Lease lease) {}

    default void leaseRenewed(Lease lease) {}

    default void leaseLost(Lease lease) {}

    default void leaseReleased(Lease lease) {}

    /** Another node leads; called whenever the holder or what it says changes. */
    default void waiting(LeaseView leader) {}

    default void gateMoved(Gate from, Gate to) {}

    default void stepStarted(String migration, JournalEntry.State phase, Step step) {}

    /** One batch of a long step is done; see {@link JournalEntry#rowsDone()}. */
    default void stepProgress(String migration, Step step, JournalEntry entry) {}

    default void stepDone(String migration, JournalEntry.State phase, Step step, Duration took) {}

    default void stepFailed(String migration, JournalEntry.State phase, Step step, Throwable failure) {}

    /** A migration reached EXPANDED (and waits for finish), or its end, or was undone. */
    default void migrationMoved(Migration<?> migration, JournalEntry entry) {}

    /** A step waits for locks of others. */
    default void lockWait(String migration, Step step, String blockers) {}

    default void finding(Finding finding) {}
}
