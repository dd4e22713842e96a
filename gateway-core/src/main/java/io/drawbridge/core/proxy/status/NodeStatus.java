package io.drawbridge.core.proxy.status;

import io.drawbridge.core.config.Changes;
import io.drawbridge.core.proxy.Connections;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * How a node is at one moment. Immutable.
 *
 * @param configuration in force; empty before the first
 * @param unusable configured plugins that cannot run here, by id, and why
 * @param connections of clients
 * @param database whether it answers; empty if the node has none
 * @param stopping whether it takes no more requests
 * @param more what the product has to say besides, by name; JSON values
 */
public record NodeStatus(
        Optional<Configuration> configuration,
        Map<UUID, String> unusable,
        Connections connections,
        Optional<Boolean> database,
        boolean stopping,
        Map<String, Object> more) {
    /** What clients compare for "nothing configured". */
    private static final String NO_HASH = "0".repeat(32);

    public NodeStatus {
        unusable = Map.copyOf(unusable);
        more = Map.copyOf(more);
    }

    /** Where a configuration comes from. */
    public enum Source {
        CONTROL_PLANE("control plane"),
        FILE("file"),
        DATABASE("database");

        private final String text;

        Source(String text) {
            this.text = text;
        }
    }

    /**
     * A configuration. Immutable.
     *
     * @param hash its identity, 32 hexadecimal digits
     * @param position where in the change log of its database it is
     * @param stale whether it may be old, for its source does not answer
     */
    public record Configuration(String hash, Changes.Position position, Source source, boolean stale) {}

    /** Why the node should get no traffic; empty if it should. */
    Optional<String> unready() {
        if (stopping) {
            return Optional.of("node is stopping");
        }
        return configuration.isPresent()
                ? Optional.empty()
                : Optional.of("no configuration available (empty configuration present)");
    }

    JsonObject json() {
        JsonObject json = new JsonObject()
                .put("server", server())
                .put(
                        "configuration_hash",
                        configuration.map(Configuration::hash).orElse(NO_HASH));
        database.ifPresent(reachable -> json.put("database", new JsonObject().put("reachable", reachable)));
        configuration.ifPresent(known -> json.put(
                "configuration",
                new JsonObject()
                        .put("source", known.source().text)
                        .put("stale", known.stale())
                        .put("incarnation", known.position().incarnation())
                        .put("revision", known.position().revision())));
        JsonArray plugins = new JsonArray();
        unusable.forEach((id, reason) ->
                plugins.add(new JsonObject().put("id", id.toString()).put("reason", reason)));
        json.put("unusable_plugins", plugins);
        more.forEach(json::put);
        return json;
    }

    /* What a server with one thread per connection would tell apart is one here. */
    private JsonObject server() {
        return new JsonObject()
                .put("connections_active", connections.active())
                .put("connections_reading", 0)
                .put("connections_writing", connections.active())
                .put("connections_waiting", 0)
                .put("connections_accepted", connections.accepted())
                .put("connections_handled", connections.accepted())
                .put("total_requests", connections.requests());
    }
}
