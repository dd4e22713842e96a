package io.drawbridge.migration;

/**
 * One named action of a migration. What it does is known to the backend that it is written for, see for example
 * {@link io.drawbridge.migration.postgres.PgStep}.
 *
 * <p>Every step must be idempotent: a leader that dies at any moment makes the next leader run it again.
 */
public interface Step {
    /** Short and stable, unique within its migration; appears in logs, in the journal and in {@code --dry-run}. */
    String name();

    /**
     * Whether nodes of the old release may be running and writing while this conversion runs. Such a step of the
     * convert phase also runs ahead of the fence, so that under the fence only what changed since is left to do.
     */
    default boolean whileOpen() {
        return false;
    }

    /** The strongest lock that the step takes and what it does in one line, for people. */
    String describe();
}
