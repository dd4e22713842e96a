package io.drawbridge.core.entity;

import io.drawbridge.migration.Release;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All entity types as one release knows them. Immutable. */
public final class EntityTypes {
    /* Referenced types before those that refer to them; plugins come last. */
    private static final List<EntityType> ALL = List.of(
            WorkspaceType.TYPE,
            TlsTypes.CERTIFICATE,
            TlsTypes.SNI,
            TlsTypes.CA_CERTIFICATE,
            ServiceType.TYPE,
            RouteType.TYPE,
            ConsumerType.TYPE,
            UpstreamTypes.UPSTREAM,
            UpstreamTypes.TARGET,
            CredentialTypes.KEY_AUTH,
            CredentialTypes.BASIC_AUTH,
            CredentialTypes.ACL,
            CredentialTypes.HMAC_AUTH,
            CredentialTypes.JWT,
            CredentialTypes.OAUTH2);

    private final Map<String, EntityType> byName = new LinkedHashMap<>();

    private EntityTypes(Release release, PluginSchemas plugins) {
        ALL.forEach(type -> byName.put(type.name(), type.at(release)));
        byName.put("plugins", PluginType.of(plugins).at(release));
    }

    /** With all bundled plugins. */
    public static EntityTypes at(Release release) {
        return at(release, PluginSchemas.at(release));
    }

    /** @param plugins those that are switched on, as the release knows them */
    public static EntityTypes at(Release release, PluginSchemas plugins) {
        return new EntityTypes(release, plugins);
    }

    public List<EntityType> all() {
        return List.copyOf(byName.values());
    }

    public Optional<EntityType> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /**
     * The type of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public EntityType get(String name) {
        return find(name).orElseThrow(() -> new IllegalArgumentException("no entity type " + name));
    }
}
