package io.drawbridge.migration;

import io.drawbridge.migration.MigrationBackend.Blocker;
import java.util.List;
import java.util.Map;

/**
 * Everything that an operator may ask about the cluster, read without changing anything. Immutable.
 *
 * @param kind whose database it is
 * @param database its name
 * @param release the release that asks
 * @param gate the cluster's state; of a database that would be taken over: what it would be. Null if there is none
 * @param lease the lease of the migrations; null if there is none
 * @param executed names by subsystem
 * @param pending expanded, waiting for finish
 * @param fresh known to this release and not begun; Kong calls them new
 * @param unknown in the bookkeeping, not known to this release
 * @param running entries in the middle of a phase, with their progress or failure
 * @param request the open request; null if none
 * @param members all members
 * @param blockers what a finish would name now
 * @param hops the releases to go through, this one last; empty if there is nothing to do
 * @param inTheWay relations that keep a foreign database from being used
 * @param findings what the environment lacks
 */
public record MigrationStatus(
        Survey.Kind kind,
        String database,
        Release release,
        Gate gate,
        LeaseView lease,
        Map<String, List<String>> executed,
        Map<String, List<String>> pending,
        Map<String, List<String>> fresh,
        Map<String, List<String>> unknown,
        List<JournalEntry> running,
        Request request,
        List<Member> members,
        List<Blocker> blockers,
        List<Release> hops,
        List<String> inTheWay,
        List<Finding> findings) {

    public boolean bootstrapped() {
        return gate != null && gate.state() != Gate.State.EMPTY && gate.state() != Gate.State.BOOTSTRAPPING;
    }
}
