package io.drawbridge.app;

import io.drawbridge.core.config.Changes;
import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.declarative.MemoryConfig;
import io.drawbridge.core.proxy.status.NodeStatus.Configuration;
import io.drawbridge.core.proxy.status.NodeStatus.Source;
import io.drawbridge.sync.DataPlane;
import io.drawbridge.sync.DataPlaneState;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What configuration a node works by, by the kind of node. */
final class StatusSources {
    /* A node that proxies nothing lacks nothing. */
    private static final Configuration NONE_NEEDED =
            new Configuration("0".repeat(32), Changes.Position.none(), Source.DATABASE, false);

    private StatusSources() {}

    /** Without a database: from a control plane, or else its own file. */
    static Optional<Configuration> of(Gateway gateway, Optional<DataPlane> uplink, MemoryConfig config) {
        Optional<ConfigSnapshot> current = gateway.current();
        return current.map(snapshot -> uplink.map(plane -> told(plane.state()))
                .orElseGet(() -> new Configuration(config.hash(), snapshot.position(), Source.FILE, false)));
    }

    /** With a database. */
    static Optional<Configuration> of(Optional<ConfigParts> config) {
        return config.map(parts -> parts.source()
                        .latest()
                        .map(snapshot -> new Configuration(
                                snapshot.digest(),
                                snapshot.position(),
                                Source.DATABASE,
                                parts.source().stale().isPresent())))
                .orElseGet(() -> Optional.of(NONE_NEEDED));
    }

    static boolean isReachable(Optional<ConfigParts> config) {
        return config.map(parts -> parts.source().stale().isEmpty()).orElse(true);
    }

    /** What a data plane has to say of its control planes, and of what it could not take over or keep. */
    static Map<String, Object> more(Optional<DataPlane> uplink) {
        return uplink.<Map<String, Object>>map(plane -> Map.of("control_plane", details(plane.state())))
                .orElseGet(Map::of);
    }

    private static JsonObject details(DataPlaneState state) {
        return new JsonObject()
                .put("connected_to", state.connectedTo().orElse(null))
                .put("since", state.since().map(Instant::toString).orElse(null))
                .put("away", state.away().orElse(null))
                .put("not_kept", state.unsaved().orElse(null))
                .put("applied_whole", state.full())
                .put("applied_delta", state.delta())
                .put("gaps", state.gaps())
                .put("refused", state.refused())
                .put("last_refusal", state.refusal().map(StatusSources::refusal).orElse(null));
    }

    private static JsonObject refusal(DataPlaneState.Refusal refusal) {
        return new JsonObject()
                .put("at", refusal.at().toString())
                .put("hash", refusal.digest())
                .put("reason", refusal.reason());
    }

    private static Configuration told(DataPlaneState state) {
        return new Configuration(
                state.digest(),
                state.position(),
                state.source() == DataPlaneState.Source.FILE ? Source.FILE : Source.CONTROL_PLANE,
                state.connectedTo().isEmpty());
    }
}
