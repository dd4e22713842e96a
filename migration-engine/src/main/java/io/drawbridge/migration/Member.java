package io.drawbridge.migration;

import java.time.Duration;
import java.util.Objects;

/**
 * A live node as others see it. Immutable.
 *
 * @param id unique in the cluster, stable over restarts of the same node
 * @param incarnation new with every process
 * @param release the release that the node runs
 * @param role what the node does, e.g. {@code control_plane}; {@code cli} for a command
 * @param adminUrl where its Admin API can be reached by others; empty if nowhere
 * @param drained the gate sequence for which the node has no older write in flight
 * @param beat counts heartbeats
 * @param silent time since the last heartbeat, by the database's clock
 */
public record Member(
        String id,
        String incarnation,
        Release release,
        String role,
        String adminUrl,
        long drained,
        long beat,
        Duration silent) {
    public Member {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(incarnation, "incarnation");
        Objects.requireNonNull(release, "release");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(adminUrl, "adminUrl");
    }

    /** A member that introduces itself. */
    public static Member of(String id, String incarnation, Release release, String role, String adminUrl) {
        return new Member(id, incarnation, release, role, adminUrl, 0, 0, Duration.ZERO);
    }
}
