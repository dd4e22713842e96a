package io.drawbridge.admin;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What {@code GET /} tells of this node besides its state. Immutable.
 *
 * @param nodeId a UUID
 * @param hostname of the machine
 * @param configuration the process's settings, secrets already hidden
 * @param plugins names of the plugins that it can run
 */
public record NodeDescription(String nodeId, String hostname, Map<String, Object> configuration, List<String> plugins) {
    public NodeDescription {
        Objects.requireNonNull(nodeId, "nodeId");
        Objects.requireNonNull(hostname, "hostname");
        configuration = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(configuration));
        plugins = List.copyOf(plugins);
    }
}
