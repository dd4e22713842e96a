package io.drawbridge.core.entity;

import io.drawbridge.migration.Release;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What may be said of one plugin: its configuration, and where it may be set. Immutable.
 *
 * @param name e.g. {@code key-auth}
 * @param config a record
 * @param protocols of which requests the plugin can see
 * @param scopes what it may be limited to; empty if it is always global
 * @param checks over several fields of the whole plugin; those of its configuration are {@code config.x}
 * @param since the first release that comes with it
 */
public record PluginSchema(
        String name, Field config, Protocols protocols, Set<Scope> scopes, List<EntityCheck> checks, Release since) {
    /** What a plugin can be limited to. */
    public enum Scope {
        CONSUMER,
        SERVICE,
        ROUTE;

        /** The plugin's field that refers to it. */
        public String field() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The type of entity that it is. */
        public String reference() {
            return field() + "s";
        }
    }

    /** The protocols that a plugin may be set for. */
    public enum Protocols {
        /** Only those with requests that have headers. */
        HTTP("grpc", "grpcs", "http", "https"),
        /** Connections without requests as well, when asked for. */
        ANY("grpc", "grpcs", "http", "https", "tcp", "tls", "udp");

        private static final List<String> STANDARD = HTTP.allowed;

        private final List<String> allowed;

        Protocols(String... allowed) {
            this.allowed = List.of(allowed);
        }

        public List<String> allowed() {
            return allowed;
        }

        /** Those that a plugin is set for when nothing is given. */
        public List<String> standard() {
            return STANDARD;
        }
    }

    public PluginSchema {
        scopes = Set.copyOf(scopes);
        checks = List.copyOf(checks);
    }

    boolean knownTo(Release release) {
        return !since.isNewerThan(release);
    }

    /** The plugin as a node of the release knows it: without younger fields, and without checks that need them. */
    PluginSchema at(Release release) {
        Field known = config.at(release);
        List<EntityCheck> possible = checks.stream()
                .filter(check -> check.dependsOn().stream()
                        .allMatch(path ->
                                known.fields().stream().anyMatch(field -> path.equals("config." + field.name()))))
                .toList();
        return new PluginSchema(name, known, protocols, scopes, possible, since);
    }

    /** The plugin's field {@code protocols}. */
    Field.Builder protocolsField() {
        return protocolsField(protocols);
    }

    static Field.Builder protocolsField(Protocols protocols) {
        return Field.set(
                        "protocols",
                        Field.string("protocol")
                                .rule(Rule.oneOf(protocols.allowed().toArray())))
                .standard(protocols.standard())
                .required();
    }

    /** The plugin's field that refers to what it is limited to. */
    Field.Builder scopeField(Scope scope) {
        Field.Builder field = Field.foreign(scope.field(), scope.reference());
        return scopes.contains(scope) ? field : field.rule(Rule.mustBeNull());
    }

    @Override
    public String toString() {
        return name;
    }

    static Builder named(String name) {
        return new Builder(name);
    }

    /** Collects what a plugin is. Confined to the making of a schema. */
    static final class Builder {
        private final String name;
        private final List<EntityCheck> checks = new ArrayList<>();
        private Protocols protocols = Protocols.HTTP;
        private Set<Scope> scopes = EnumSet.allOf(Scope.class);
        private Release since = Release.of(1, 0);

        private Builder(String name) {
            this.name = name;
        }

        Builder anyProtocol() {
            protocols = Protocols.ANY;
            return this;
        }

        Builder notOn(Scope... refused) {
            EnumSet<Scope> left = EnumSet.copyOf(scopes);
            Stream.of(refused).forEach(left::remove);
            scopes = left;
            return this;
        }

        Builder since(int major, int minor) {
            since = Release.of(major, minor);
            return this;
        }

        Builder check(EntityCheck check) {
            checks.add(check);
            return this;
        }

        /** If a field of the configuration has a certain value, another must not be null. */
        Builder requiredWhen(String when, Predicate<Object> is, String then) {
            return check(new EntityCheck.RuleWhen("config." + when, is, "config." + then, PluginFields::given));
        }

        /** One of these fields of the configuration must not be empty. */
        Builder atLeastOneOf(String... fields) {
            return check(new EntityCheck.AtLeastOneOf(paths(fields)));
        }

        /** Exactly one of these fields of the configuration must not be empty. */
        Builder onlyOneOf(String... fields) {
            return check(new EntityCheck.OnlyOneOf(paths(fields)));
        }

        /** Either all of these fields of the configuration have values, or none has. */
        Builder allOrNone(String... fields) {
            return check(new EntityCheck.AllOrNone(paths(fields)));
        }

        PluginSchema config(Field.Builder... fields) {
            return config(value -> null, fields);
        }

        /** @param check says what is wrong with a configuration whose fields are right by themselves, or null */
        PluginSchema config(ConfigCheck check, Field.Builder... fields) {
            Field.Builder config = Field.record("config", List.of(fields))
                    .standard(Map.of())
                    .required()
                    .rule(Rule.custom(value -> check.wrong((Map<?, ?>) value)));
            return new PluginSchema(name, config.build(), protocols, scopes, checks, since);
        }

        private static List<String> paths(String... fields) {
            return Stream.of(fields).map(field -> "config." + field).toList();
        }
    }

    /** A check of a whole configuration. */
    interface ConfigCheck {
        String wrong(Map<?, ?> config);
    }
}
