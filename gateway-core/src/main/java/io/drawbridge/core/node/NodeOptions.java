package io.drawbridge.core.node;

import io.drawbridge.migration.Release;
import java.time.Duration;
import java.util.Objects;

/**
 * How a node lives. Immutable.
 *
 * @param member its id among the members
 * @param release the release that it runs
 * @param start what it does when the database is not at that release
 * @param autoFinish whether it asks for finish as soon as every member runs its release
 * @param pollInterval how often it looks while it waits
 * @param retryMax longest pause before it tries again what failed, e.g. a step that got no lock. Default 30 s
 */
public record NodeOptions(
        String member, Release release, Start start, boolean autoFinish, Duration pollInterval, Duration retryMax) {

    /** What a node does when the database is not at its release. */
    public enum Start {
        /** Migrates, or waits while another node does. */
        AUTO,
        /** Waits until somebody has migrated. */
        WAIT,
        /** Fails. */
        CHECK
    }

    public NodeOptions {
        Objects.requireNonNull(member, "member");
        Objects.requireNonNull(release, "release");
        Objects.requireNonNull(start, "start");
        if (pollInterval.toMillis() < 1 || retryMax.compareTo(pollInterval) < 0) {
            throw new IllegalArgumentException("pollInterval at least 1 ms, retryMax not below it");
        }
    }
}
