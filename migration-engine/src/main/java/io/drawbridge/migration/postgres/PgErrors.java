package io.drawbridge.migration.postgres;

import io.drawbridge.migration.MigrationError;
import io.drawbridge.migration.MigrationException;
import io.vertx.core.Future;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import java.util.List;
import java.util.Set;

/** What the server's and the driver's failures mean. */
final class PgErrors {
    static final String UNIQUE_VIOLATION = "23505";
    static final String DENIED = "42501";
    static final String UNDEFINED_TABLE = "42P01";
    static final String DUPLICATE_TABLE = "42P07";
    static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final Set<String> LOCKED = Set.of(LOCK_NOT_AVAILABLE, "40P01");
    private static final Set<String> AWAY = Set.of("57P01", "57P02", "57P03", "53300", "57P05", "25P03", "25006");
    /* Timeouts and serialization, where they do not tell of a step. */
    private static final Set<String> NOT_NOW = Set.of(LOCK_NOT_AVAILABLE, "40P01", "57014", "40001");
    private static final Set<String> RACED = Set.of(UNIQUE_VIOLATION, DUPLICATE_TABLE, "42710", "XX000");

    private PgErrors() {}

    static String state(Throwable failure) {
        return failure instanceof PgException known ? String.valueOf(known.getSqlState()) : "";
    }

    /** Lock timeout or deadlock: the same attempt may do better later. */
    static boolean locked(Throwable failure) {
        return LOCKED.contains(state(failure));
    }

    /** Two sessions made the same thing at once: the next attempt finds it there. */
    static boolean raced(Throwable failure) {
        return RACED.contains(state(failure));
    }

    /** The connection is gone, cannot be had, or leads to a replica; what a step's own code throws is not that. */
    static boolean away(Throwable failure) {
        return !(failure instanceof MigrationException)
                && (AWAY.contains(state(failure))
                        || !(failure instanceof PgException)
                                && !(failure instanceof Error)
                                && (!(failure instanceof RuntimeException) || failure instanceof VertxException));
    }

    /** Turns a failure into this module's exception where its meaning is known. */
    static Throwable translate(Throwable failure) {
        if (failure instanceof MigrationException) {
            return failure;
        }
        if (UNDEFINED_TABLE.equals(state(failure))) {
            return new MigrationException(
                    MigrationError.NOT_BOOTSTRAPPED, "the database needs bootstrapping", List.of(), failure);
        }
        if (NOT_NOW.contains(state(failure))) {
            return new MigrationException(
                    MigrationError.UNAVAILABLE,
                    "the database cannot do this now: " + failure.getMessage(),
                    List.of(),
                    failure);
        }
        return ofStep(failure);
    }

    /** As {@link #translate}, but what the server says of a step's own statements stays as it is. */
    static Throwable ofStep(Throwable failure) {
        return away(failure) ? unavailable(failure) : failure;
    }

    static <T> Future<T> translated(Throwable failure) {
        return Future.failedFuture(translate(failure));
    }

    static MigrationException unavailable(Throwable failure) {
        return new MigrationException(
                MigrationError.UNAVAILABLE,
                "the database cannot be reached: " + failure.getMessage(),
                List.of(),
                failure);
    }

    static MigrationException unknown(Throwable failure) {
        return new MigrationException(
                MigrationError.OUTCOME_UNKNOWN,
                "the database went away before it answered: the change may or may not have happened",
                List.of(),
                failure);
    }

    static MigrationException stopped(io.drawbridge.migration.Lease lease) {
        return new MigrationException(
                MigrationError.LEASE_LOST,
                "lease " + lease.name() + " epoch " + lease.epoch() + " was told to stop here");
    }

    static MigrationException leaseLost(io.drawbridge.migration.Lease lease) {
        return new MigrationException(
                MigrationError.LEASE_LOST,
                "lease " + lease.name() + " epoch " + lease.epoch() + " is another's: nothing was changed");
    }
}
