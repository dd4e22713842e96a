package io.drawbridge.migration;

/** Which failures pass by themselves. */
final class Retry {
    private Retry() {}

    /** Whether looking again later may find things better, or another leader at work. */
    static boolean passes(Throwable failure) {
        return failure instanceof MigrationException known
                && switch (known.error()) {
                    case UNAVAILABLE, OUTCOME_UNKNOWN, LEASE_LOST -> true;
                    default -> false;
                };
    }
}
