package io.drawbridge.migration;

import io.drawbridge.migration.MigrationBackend.Blocker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who is in the way of a finish or an abort. Pure functions over two looks at the members, one heartbeat apart. */
final class Blockers {
    static final String OLD_NODES = "old-nodes";
    static final String NEW_NODES = "new-nodes";

    private Blockers() {}

    /** Live members older than the target. */
    static List<Blocker> ofFinish(List<Member> before, List<Member> now, Release target, Duration ttl) {
        return live(before, now, ttl).stream()
                .filter(member -> member.release().isOlderThan(target))
                .map(member -> blocker(OLD_NODES, member))
                .toList();
    }

    /** Live members of the target. */
    static List<Blocker> ofAbort(List<Member> before, List<Member> now, Release target, Duration ttl) {
        return live(before, now, ttl).stream()
                .filter(member -> !member.release().isOlderThan(target))
                .map(member -> blocker(NEW_NODES, member))
                .toList();
    }

    /** Those that count: not forced, not mere warnings. */
    static List<Blocker> counting(List<Blocker> blockers, String force) {
        Set<String> skipped =
                Set.of(force.isBlank() ? new String[0] : force.strip().split("\\s*,\\s*"));
        return blockers.stream()
                .filter(blocker -> !blocker.warning() && !skipped.contains(blocker.kind()))
                .toList();
    }

    /* Dead is one who is past its time *and* did not move while we watched: a clock that jumped kills nobody. */
    private static List<Member> live(List<Member> before, List<Member> now, Duration ttl) {
        Map<String, Long> beats = new HashMap<>();
        before.forEach(member -> beats.put(member.id() + '/' + member.incarnation(), member.beat()));
        List<Member> live = new ArrayList<>();
        for (Member member : now) {
            Long beat = beats.get(member.id() + '/' + member.incarnation());
            boolean moved = beat != null && beat != member.beat();
            if (moved || member.silent().compareTo(ttl) < 0) {
                live.add(member);
            }
        }
        return live;
    }

    private static Blocker blocker(String kind, Member member) {
        String where = member.adminUrl().isEmpty() ? "" : " at " + member.adminUrl();
        return new Blocker(
                kind,
                "node " + member.id() + " (" + member.role() + where + ") runs release " + member.release() + ", seen "
                        + member.silent().toMillis() + " ms ago",
                false);
    }
}
