package io.drawbridge.app;

import io.drawbridge.core.node.NodeException;
import io.drawbridge.core.store.StoreException;
import io.drawbridge.migration.MigrationException;

/** What a command ends with. Nothing else in the product names a number. */
public enum ExitCode {
    OK(0),
    /** Anything without a code of its own: bad options, a database that cannot be reached, a failed step. */
    ERROR(1),
    /** The database is not bootstrapped (as Kong). */
    NEEDS_BOOTSTRAP(3),
    /** An upgrade waits for finish (as Kong). */
    PENDING(4),
    /** There are migrations to run (as Kong). */
    NEW_MIGRATIONS(5),
    /** Another node leads and was not done within {@code --lock-timeout}. */
    LEADER_BUSY(6),
    /** A check found what would break the upgrade, or the database cannot be used; nothing was changed. */
    PREFLIGHT(7),
    /** {@code finish} or {@code abort} found live nodes in the way; nobody was paused. */
    BLOCKED(8),
    /** This release is older than the database. */
    RELEASE_TOO_OLD(9),
    /** The database is more than one hop behind; the hops are named. */
    HOP_MISSING(10),
    /** Stopped at a safe point by Ctrl-C. */
    INTERRUPTED(130);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** What a failure ends the process with. */
    public static ExitCode of(Throwable failure) {
        if (failure instanceof MigrationException known) {
            return switch (known.error()) {
                case LEADER_BUSY -> LEADER_BUSY;
                case PREFLIGHT_BLOCKED, FOREIGN_DATABASE, SERVER_TOO_OLD, PRIVILEGE_MISSING, JOURNAL_MISMATCH ->
                    PREFLIGHT;
                case BLOCKED -> BLOCKED;
                case RELEASE_TOO_OLD -> RELEASE_TOO_OLD;
                case HOP_MISSING -> HOP_MISSING;
                case INTERRUPTED -> INTERRUPTED;
                case NOT_BOOTSTRAPPED,
                        HELD,
                        CONFLICT,
                        NOTHING_OPEN,
                        LEASE_LOST,
                        STEP_FAILED,
                        DATABASE_WENT_BACK,
                        UNAVAILABLE,
                        OUTCOME_UNKNOWN -> ERROR;
            };
        }
        if (failure instanceof StoreException refused && refused.gate() != null) {
            return switch (refused.gate().state()) {
                case EMPTY, BOOTSTRAPPING -> NEEDS_BOOTSTRAP;
                case STEADY -> refused.node().isOlderThan(refused.gate().active()) ? RELEASE_TOO_OLD : NEW_MIGRATIONS;
                case EXPANDING, OPEN, FENCED, CONTRACTING, ABORTING -> PENDING;
            };
        }
        if (failure instanceof NodeException known) {
            return switch (known.error()) {
                case NEEDS_BOOTSTRAP -> NEEDS_BOOTSTRAP;
                case NEEDS_UP -> NEW_MIGRATIONS;
                case STOPPED -> OK;
            };
        }
        return ERROR;
    }
}
