package io.drawbridge.sync;

import io.vertx.core.MultiMap;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What a data plane says of itself when it connects. Immutable.
 *
 * @param version as it says, e.g. {@code 2.5.1-enterprise-edition}
 * @param plugins versions of those that it has switched on, by name; an empty text if it told none
 * @param payloadMax the largest frame that it takes, in bytes
 * @param delta whether it is one of ours that takes differences
 */
record PeerInfo(
        UUID id,
        String hostname,
        String ip,
        String version,
        Map<String, String> plugins,
        int payloadMax,
        boolean delta) {
    PeerInfo {
        plugins = Map.copyOf(plugins);
    }

    /** What the first frame and the URL say; empty if they do not say it as they should. */
    static Optional<PeerInfo> of(ServerWebSocket socket, WebSocketFrame frame) {
        if (!frame.isBinary() || !frame.isFinal()) {
            return Optional.empty();
        }
        try {
            JsonObject hello = new JsonObject(frame.binaryData());
            if (!"basic_info".equals(hello.getString("type")) || !(hello.getValue("plugins") instanceof JsonArray)) {
                return Optional.empty();
            }
            Map<String, String> plugins = new TreeMap<>();
            for (Object plugin : hello.getJsonArray("plugins")) {
                JsonObject one = (JsonObject) plugin;
                plugins.put(one.getString("name"), one.getString("version", ""));
            }
            MultiMap query = query(socket.query());
            int limit = hello.getJsonObject("process_conf", new JsonObject())
                    .getInteger("cluster_max_payload", SyncOptions.PAYLOAD_MAX);
            return Optional.of(new PeerInfo(
                    UUID.fromString(query.get("node_id")),
                    query.contains("node_hostname") ? query.get("node_hostname") : "",
                    socket.remoteAddress().host(),
                    query.get("node_version"),
                    plugins,
                    limit,
                    delta(hello.getJsonObject(OwnFrames.KEY))));
        } catch (DecodeException | ClassCastException | NullPointerException garbage) {
            return Optional.empty();
        }
    }

    private static boolean delta(JsonObject own) {
        return own != null
                && own.getInteger("delta", 0) > 0
                && own.getJsonArray("encodings", new JsonArray()).contains("gzip");
    }

    /** A URL's query as data planes write it: values come as they are, not URL-encoded. */
    static MultiMap query(String query) {
        MultiMap values = MultiMap.caseInsensitiveMultiMap();
        for (String pair : query == null ? new String[0] : query.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                values.add(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return values;
    }
}
