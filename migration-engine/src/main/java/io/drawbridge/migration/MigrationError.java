package io.drawbridge.migration;

/** Stable codes of everything that can go wrong. A code is never renamed or reused. */
public enum MigrationError {
    /** The database holds nothing yet. Run {@code bootstrap}. */
    NOT_BOOTSTRAPPED,
    /** The database holds relations that are neither ours nor Kong's. Use another database or schema. */
    FOREIGN_DATABASE,
    /** The database server is too old. Upgrade it. */
    SERVER_TOO_OLD,
    /** The role may not do what the migration needs. Grant what the message names. */
    PRIVILEGE_MISSING,
    /** A check found something that would break the upgrade. The details name the rows. */
    PREFLIGHT_BLOCKED,
    /** {@code finish} or {@code abort} found live nodes in the way. The details name them; nobody was paused. */
    BLOCKED,
    /** This release is older than the database. Start a newer one. */
    RELEASE_TOO_OLD,
    /** The database is more than one hop behind. The details list the hops. */
    HOP_MISSING,
    /** An abort put this hop on hold. An operator runs {@code up} to try again. */
    HELD,
    /** Another upgrade, or another request, is open. Finish or abort it first. */
    CONFLICT,
    /** Nothing is open that could be finished or aborted. */
    NOTHING_OPEN,
    /** Another node leads and did not get done in the time allowed. Look at its log, try again. */
    LEADER_BUSY,
    /** This leader was superseded. Nothing was applied after that; another one goes on. */
    LEASE_LOST,
    /** A step failed. The message has the database's words; it is retried by the next run. */
    STEP_FAILED,
    /** The bookkeeping kept for Kong disagrees with the journal. {@code up -f} repairs it. */
    JOURNAL_MISMATCH,
    /** The database lost history: restored, or a stale replica was promoted. See {@code status --accept-restore}. */
    DATABASE_WENT_BACK,
    /** The database cannot be reached. */
    UNAVAILABLE,
    /** A change was sent and no answer came: it may or may not have happened. Read back before repeating. */
    OUTCOME_UNKNOWN,
    /** The caller asked to stop. Nothing is lost; run the same command again to go on. */
    INTERRUPTED
}
