package io.drawbridge.core.release;

import io.drawbridge.migration.Release;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which releases of Kong a database can be of. Its bookkeeping names units, not a release, and several releases may share
 * their units. Immutable.
 *
 * @param lowest the lowest release that has all units found
 * @param highest the highest release that has no further ones, as far as this class knows releases
 * @param pendingUpgrade whether units wait for {@code finish}; the range is then that of the release moved to
 * @param unknown units that no release known here has, in subsystems known here; a newer release made them
 */
public record KongRelease(Release lowest, Release highest, boolean pendingUpgrade, List<String> unknown) {
    /** A unit that comes with a version of its plugin, so that it tells no release of Kong. */
    public static final String BY_ROCK = "session/001_add_ttl_index";

    /** Units of 1.x that 2.0 folded into its base units. */
    public static final Set<String> FOLDED = Set.of(
            "core/001_14_to_15",
            "core/002_15_to_1",
            "acl/001_14_to_15",
            "basic-auth/001_14_to_15",
            "hmac-auth/001_14_to_15",
            "jwt/001_14_to_15",
            "key-auth/001_14_to_15",
            "oauth2/001_14_to_15",
            "oauth2/002_15_to_10",
            "rate-limiting/001_14_to_15",
            "rate-limiting/002_15_to_10",
            "response-ratelimiting/001_14_to_15",
            "response-ratelimiting/002_15_to_10");

    /** Core units beyond our line: they tell a release, we never run them. */
    private static final Map<String, Release> BEYOND = Map.of(
            "core/014_230_to_270", Release.of(2, 7),
            "core/015_270_to_280", Release.of(2, 8),
            "core/016_280_to_300", Release.of(3, 0),
            "core/017_300_to_310", Release.of(3, 1),
            "core/018_310_to_320", Release.of(3, 2),
            "core/019_320_to_330", Release.of(3, 3),
            "core/020_330_to_340", Release.of(3, 4));

    private static final List<Release> RELEASES = releases();

    public KongRelease {
        unknown = List.copyOf(unknown);
    }

    /**
     * Reads the range from what {@code schema_meta} says, true for executed and false for pending. A subsystem that does
     * not appear (its plugin was not enabled, or the release did not have it) says nothing. Neither does a unit that comes
     * with a version of its plugin rather than of Kong.
     */
    public static KongRelease range(Map<String, Boolean> units) {
        Map<String, Release> since = since();
        Set<String> subsystems = new HashSet<>();
        List<String> unknown = new ArrayList<>();
        Release lowest = RELEASES.get(0);
        for (String id : units.keySet()) {
            if (FOLDED.contains(id)) {
                continue;
            }
            subsystems.add(subsystem(id));
            Release brought = since.get(id);
            if (brought == null) {
                unknown.add(id);
            } else if (brought.isNewerThan(lowest) && !id.equals(BY_ROCK)) {
                lowest = brought;
            }
        }
        Set<String> known = new HashSet<>();
        since.keySet().forEach(id -> known.add(subsystem(id)));
        unknown.removeIf(id -> !known.contains(subsystem(id)));
        unknown.sort(null);
        return new KongRelease(lowest, highest(since, units, subsystems, lowest), units.containsValue(false), unknown);
    }

    /** Whether the release can be the one that the database is of. */
    public boolean contains(Release release) {
        return !release.isOlderThan(lowest) && !release.isNewerThan(highest);
    }

    private static Release highest(
            Map<String, Release> since, Map<String, Boolean> units, Set<String> subsystems, Release lowest) {
        Release highest = lowest;
        for (Release release : RELEASES) {
            boolean bringsMore = since.entrySet().stream()
                    .anyMatch(unit -> unit.getValue().equals(release)
                            && subsystems.contains(subsystem(unit.getKey()))
                            && !unit.getKey().equals(BY_ROCK)
                            && !units.containsKey(unit.getKey()));
            if (release.isNewerThan(lowest)) {
                if (bringsMore) {
                    return highest;
                }
                highest = release;
            }
        }
        return highest;
    }

    private static Map<String, Release> since() {
        Map<String, Release> since = new java.util.HashMap<>(BEYOND);
        GatewayCatalog.postgres().migrations().forEach(unit -> since.put(unit.id(), unit.since()));
        return since;
    }

    private static List<Release> releases() {
        List<Release> releases = new ArrayList<>();
        for (int minor = 0; minor <= 5; minor++) {
            releases.add(Release.of(1, minor));
        }
        for (int minor = 0; minor <= 8; minor++) {
            releases.add(Release.of(2, minor));
        }
        for (int minor = 0; minor <= 4; minor++) {
            releases.add(Release.of(3, minor));
        }
        return List.copyOf(releases);
    }

    private static String subsystem(String id) {
        return id.substring(0, Math.max(0, id.indexOf('/')));
    }
}
