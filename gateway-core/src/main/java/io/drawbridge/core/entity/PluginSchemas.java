package io.drawbridge.core.entity;

import io.drawbridge.migration.Release;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The bundled plugins as one release knows them. Immutable. */
public final class PluginSchemas {
    private static final List<PluginSchema> BUNDLED = Stream.of(
                    AuthenticationPlugins.ALL,
                    SecurityPlugins.ALL,
                    TrafficPlugins.ALL,
                    TransformationPlugins.ALL,
                    LoggingPlugins.ALL,
                    ServerlessPlugins.ALL,
                    AnalyticsPlugins.ALL)
            .flatMap(List::stream)
            .toList();

    private final Map<String, PluginSchema> byName = new TreeMap<>();

    private PluginSchemas(Collection<PluginSchema> schemas) {
        schemas.forEach(schema -> byName.put(schema.name(), schema));
    }

    public static PluginSchemas at(Release release) {
        return new PluginSchemas(BUNDLED.stream()
                .filter(schema -> schema.knownTo(release))
                .map(schema -> schema.at(release))
                .toList());
    }

    /** Only those of the names: what a node has switched on. Names of other plugins mean nothing here. */
    public PluginSchemas only(Set<String> names) {
        return new PluginSchemas(byName.values().stream()
                .filter(schema -> names.contains(schema.name()))
                .toList());
    }

    /** By name. */
    public List<PluginSchema> all() {
        return List.copyOf(byName.values());
    }

    public Optional<PluginSchema> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }
}
