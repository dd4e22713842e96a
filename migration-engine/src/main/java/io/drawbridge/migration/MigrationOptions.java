package io.drawbridge.migration;

import java.time.Duration;
import java.util.Objects;

/**
 * How this process takes part. Immutable.
 *
 * @param member this node's id, unique in the cluster
 * @param incarnation new with every process; a random UUID will do
 * @param release the release that this node runs
 * @param role what the node does, e.g. {@code traditional}; {@code cli} for a command
 * @param adminUrl where others reach its Admin API; empty if nowhere
 * @param leaseTtl how long a dead leader blocks the next one; renewed at a third of it. Default 15 s
 * @param pollInterval how often a follower looks whether the leader is done, and a node looks at the gate. Default 1 s
 * @param lockTimeout how long an operation waits for another leader before LEADER_BUSY. Default 60 s
 * @param fenceLimit how long the fence may stand with nothing converted. Default 10 s
 */
public record MigrationOptions(
        String member,
        String incarnation,
        Release release,
        String role,
        String adminUrl,
        Duration leaseTtl,
        Duration pollInterval,
        Duration lockTimeout,
        Duration fenceLimit) {

    public MigrationOptions {
        Objects.requireNonNull(member, "member");
        Objects.requireNonNull(incarnation, "incarnation");
        Objects.requireNonNull(release, "release");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(adminUrl, "adminUrl");
        positive("leaseTtl", leaseTtl);
        positive("pollInterval", pollInterval);
        positive("lockTimeout", lockTimeout);
        positive("fenceLimit", fenceLimit);
        if (leaseTtl.compareTo(pollInterval) < 0) {
            throw new IllegalArgumentException(
                    "leaseTtl " + leaseTtl + " must be at least pollInterval " + pollInterval);
        }
    }

    public static MigrationOptions defaults(String member, String incarnation, Release release) {
        return new MigrationOptions(
                member,
                incarnation,
                release,
                "node",
                "",
                Duration.ofSeconds(15),
                Duration.ofSeconds(1),
                Duration.ofSeconds(60),
                Duration.ofSeconds(10));
    }

    public MigrationOptions as(String newRole, String newAdminUrl) {
        return new MigrationOptions(
                member, incarnation, release, newRole, newAdminUrl, leaseTtl, pollInterval, lockTimeout, fenceLimit);
    }

    public MigrationOptions timing(Duration ttl, Duration poll, Duration lock) {
        return new MigrationOptions(member, incarnation, release, role, adminUrl, ttl, poll, lock, fenceLimit);
    }

    public MigrationOptions release(Release other) {
        return new MigrationOptions(
                member, incarnation, other, role, adminUrl, leaseTtl, pollInterval, lockTimeout, fenceLimit);
    }

    /** How often members say that they live, and leases are renewed: a third of the lease's lifetime. */
    public Duration heartbeat() {
        return leaseTtl.dividedBy(3);
    }

    private static void positive(String name, Duration value) {
        if (value == null || value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be positive, is " + value);
        }
    }
}
