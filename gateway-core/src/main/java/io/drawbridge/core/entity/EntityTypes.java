package io.drawbridge.core.entity;

import io.drawbridge.migration.Release;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

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
            CredentialTypes.OAUTH2,
            CredentialTypes.OAUTH2_TOKEN);

    /* What triggers of the database keep: to be described, not to be written. */
    private static final EntityType TAGS = new EntityType(
            "tags",
            "tags",
            "tags",
            null,
            false,
            Stream.of(
                            Field.string("tag").required(),
                            Field.string("entity_name").required(),
                            Field.string("entity_id").required())
                    .map(Field.Builder::build)
                    .toList(),
            List.of(),
            (input, found) -> {});

    /** The first release in whose databases all plugins' data has its tables. */
    private static final Release DATA = Release.of(2, 1);

    private final Map<String, EntityType> byName = new LinkedHashMap<>();
    private final List<EntityType> data;

    private EntityTypes(Release release, PluginSchemas plugins) {
        ALL.forEach(type -> byName.put(type.name(), type.at(release)));
        byName.put("plugins", PluginType.of(plugins).at(release));
        this.data = DATA.isNewerThan(release)
                ? List.of()
                : PluginDataTypes.ALL.stream().map(type -> type.at(release)).toList();
    }

    /** With all bundled plugins. */
    public static EntityTypes at(Release release) {
        return at(release, PluginSchemas.at(release));
    }

    /** @param plugins those that are switched on, as the release knows them */
    public static EntityTypes at(Release release, PluginSchemas plugins) {
        return new EntityTypes(release, plugins);
    }

    /** Those that have URLs. */
    public List<EntityType> all() {
        return List.copyOf(byName.values());
    }

    /** What plugins keep while they work: only documents have it. */
    public List<EntityType> data() {
        return data;
    }

    /** Whatever a document may have. */
    public List<EntityType> declared() {
        return Stream.concat(byName.values().stream(), data.stream()).toList();
    }

    /** Of that name, entities or tags: what a schema can be asked of. */
    public Optional<EntityType> described(String name) {
        return name.equals(TAGS.name()) ? Optional.of(TAGS) : find(name);
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
