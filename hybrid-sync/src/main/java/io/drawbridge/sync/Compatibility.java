package io.drawbridge.sync;

import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.store.DataPlaneRow;
import io.drawbridge.migration.Release;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Whether a data plane can be served at all, with what, and whether it can use a configuration. Pure. */
final class Compatibility {
    /* Major versions that plugins of this release line have. A minor is bounded by the product's own minor, which is checked. */
    private static final Map<String, Integer> MAJORS = Map.of("acl", 3, "acme", 0, "key-auth", 2);
    private static final int MINOR_MAX = 99;

    private Compatibility() {}

    /** A data plane cannot be served, or not with this. @param reason for people */
    record Refusal(SyncStatus status, String reason) {}

    /** @param own release of the control plane */
    static Optional<Refusal> version(Release own, String version) {
        Optional<Release> other = DataPlaneRow.release(version);
        if (other.isEmpty()) {
            return refused("data plane version " + version + " has another form than 2.5.1");
        }
        if (other.get().major() != own.major()) {
            return refused("data plane version " + version + " is incompatible with control plane version " + own + " ("
                    + own.major() + ".x.y are accepted)");
        }
        return other.get().minor() > own.minor()
                ? refused("data plane version " + version + " is incompatible with older control plane version " + own)
                : Optional.empty();
    }

    /** Whether it has the plugins that a configuration uses. @param has versions by name */
    static Optional<Refusal> plugins(Map<String, String> has, SortedSet<String> used) {
        for (String name : used) {
            String version = has.get(name);
            if (version == null) {
                return Optional.of(new Refusal(
                        SyncStatus.PLUGIN_SET_INCOMPATIBLE,
                        "configured plugin " + name + " is missing from the data plane"));
            }
            if (!fits(MAJORS.get(name), version)) {
                return Optional.of(new Refusal(
                        SyncStatus.PLUGIN_VERSION_INCOMPATIBLE,
                        "configured plugin " + name + " has version " + version + " on the data plane"));
            }
        }
        return Optional.empty();
    }

    /** Those of the used that it does not have as it should. */
    static Set<String> missing(Map<String, String> has, SortedSet<String> used) {
        Set<String> missing = new TreeSet<>(used);
        missing.removeIf(name -> has.containsKey(name) && fits(MAJORS.get(name), has.get(name)));
        return missing;
    }

    /** With whom it has in common what it gets. @param used plugins */
    static LevelView.Level level(PeerInfo info, Unfit unfit, SortedSet<String> used) {
        return new LevelView.Level(
                DataPlaneRow.release(info.version()).orElseThrow(),
                unfit == Unfit.WITHHOLD_PLUGINS ? missing(info.plugins(), used) : Set.of());
    }

    /** Why a frame cannot be sent to it; empty: it can. */
    static Optional<String> unsendable(PeerInfo info, Unfit unfit, Payload payload) {
        int size = payload.frame().length();
        if (size > info.payloadMax()) {
            return Optional.of("its limit for a configuration is " + info.payloadMax() + " bytes, this one has " + size
                    + "; raise cluster_max_payload there");
        }
        List<Fitness.Withheld> withheld = payload.trimmed().withheld();
        return unfit == Unfit.BLOCK && !withheld.isEmpty()
                ? Optional.of(
                        withheld.size() + " rows do not fit; " + withheld.get(0).type() + " "
                                + withheld.get(0).id() + ", " + withheld.get(0).reason())
                : payload.trimmed().blocked();
    }

    /** Names of the plugins that a configuration uses, switched on or not. */
    static SortedSet<String> used(ConfigSnapshot snapshot) {
        SortedSet<String> used = new TreeSet<>();
        snapshot.all("plugins").forEach(plugin -> used.add((String) plugin.get("name")));
        return used;
    }

    private static boolean fits(Integer major, String version) {
        Optional<Release> other = DataPlaneRow.release(version);
        return major == null
                || other.isEmpty()
                || other.get().major() == major && other.get().minor() <= MINOR_MAX;
    }

    private static Optional<Refusal> refused(String reason) {
        return Optional.of(new Refusal(SyncStatus.KONG_VERSION_INCOMPATIBLE, reason));
    }
}
