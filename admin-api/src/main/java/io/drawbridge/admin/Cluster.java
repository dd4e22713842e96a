package io.drawbridge.admin;

import io.drawbridge.migration.ClusterState;
import io.drawbridge.migration.Gate;
import io.drawbridge.migration.Member;
import io.drawbridge.migration.Release;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What this node last saw of the cluster, for display: never a decision. Thread-safe.
 *
 * @param release of this node
 * @param latest the cluster as last seen; empty if it is not known
 * @param members all members, freshly read; null: a node without a database is in no cluster
 */
public record Cluster(
        Release release, Supplier<Optional<ClusterState>> latest, Supplier<Future<List<Member>>> members) {
    private static final long LOOKUP_MILLIS = 1000;

    /** Of a node without a database, whose entities nobody writes one by one: its gate is closed. */
    static Cluster none(Release release) {
        return new Cluster(release, Optional::empty, null);
    }

    /** Whether this node could write when the cluster was last seen. */
    boolean open() {
        return latest.get()
                .map(state -> state.gate().refusal(release).isEmpty())
                .orElse(false);
    }

    /** That the cluster has left this node's release behind, for people; empty as long as it has not. */
    Optional<String> cutOff() {
        return latest.get().map(ClusterState::gate).flatMap(gate -> cutOff(gate, release));
    }

    static Optional<String> cutOff(Gate gate, Release release) {
        return gate.admits(release)
                ? Optional.empty()
                : Optional.of("this node runs release " + release + ", the cluster is at " + gate
                        + ": it can only read, and could not start again; stop it");
    }

    String activeRelease() {
        return latest.get()
                .map(state -> state.gate().active())
                .map(Release::toString)
                .orElse(members == null ? release.toString() : "unknown");
    }

    /** Admin URLs of live members of the release; empty if they cannot be had quickly. */
    Future<List<String>> urls(Release active, Duration alive) {
        if (active == null || members == null) {
            return Future.succeededFuture(List.of());
        }
        return members.get()
                .timeout(LOOKUP_MILLIS, TimeUnit.MILLISECONDS)
                .map(all -> all.stream()
                        .filter(member -> member.release().equals(active)
                                && !member.adminUrl().isEmpty()
                                && member.silent().compareTo(alive) <= 0)
                        .map(Member::adminUrl)
                        .distinct()
                        .sorted()
                        .limit(100)
                        .toList())
                .otherwise(List.of());
    }
}
