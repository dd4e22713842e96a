package io.drawbridge.core.entity;

import io.drawbridge.migration.Release;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * One field of an entity type or of a record within one: everything that SQL, JSON and validation need to know of it.
 * Immutable.
 */
public final class Field {
    /** What fills a field in when nothing is given. */
    public enum Auto {
        NONE,
        /** A random UUID. */
        UUID,
        /** Now, in seconds, at creation. */
        CREATED,
        /** Now, in seconds with milliseconds, at creation. */
        CREATED_MILLIS,
        /** Now, in seconds, at every change. */
        UPDATED,
        /** 32 random letters and digits. */
        RANDOM
    }

    /** The {@link #sqlType} of a moment that entities show as the seconds until then, and after which they are gone. */
    public static final String SECONDS_LEFT = "seconds left";

    /* Kept for the field's forms in other releases; nobody changes it any more. */
    private final Builder made;
    private final String name;
    private final FieldType type;
    private final boolean required;
    private final boolean unique;
    private final boolean everywhere;
    private final boolean immutable;
    private final boolean secret;
    private final Object standard;
    private final Auto auto;
    private final List<Rule> rules;
    private final Field elements;
    private final Field keys;
    private final List<Field> fields;
    private final List<EntityCheck> checks;
    private final String reference;
    private final boolean cascade;
    private final String sqlType;
    private final List<String> aliases;
    private final Release since;
    private final Release until;

    private Field(Builder from, Field elements, List<Field> fields) {
        this.made = from;
        this.name = from.name;
        this.type = from.type;
        this.required = from.required;
        this.unique = from.unique;
        this.everywhere = from.everywhere;
        this.immutable = from.immutable;
        this.secret = from.secret;
        this.standard = from.standard;
        this.auto = from.auto;
        this.rules = List.copyOf(from.rules);
        this.elements = elements;
        this.keys = from.keys;
        this.fields = fields;
        this.checks = from.checks;
        this.reference = from.reference;
        this.cascade = from.cascade;
        this.sqlType = from.sqlType == null ? sqlType(from) : from.sqlType;
        this.aliases = List.copyOf(from.aliases);
        this.since = from.since;
        this.until = from.until;
    }

    public String name() {
        return name;
    }

    public FieldType type() {
        return type;
    }

    /** Whether null is refused. */
    public boolean required() {
        return required;
    }

    /** Whether no two entities of a workspace may have the same value; nulls do not count. */
    public boolean unique() {
        return unique;
    }

    /** Whether {@link #unique} holds over all workspaces. */
    public boolean everywhere() {
        return everywhere;
    }

    /** Whether an update may not change it. */
    public boolean immutable() {
        return immutable;
    }

    /** Whether who knows a value is let in, so that it must not stand in a log or in the output of a command. */
    public boolean secret() {
        return secret;
    }

    /** The value when nothing is given; null if there is none. */
    public Object standard() {
        return standard;
    }

    public Auto auto() {
        return auto;
    }

    public List<Rule> rules() {
        return rules;
    }

    /** Whether the entity's name decides what is in a record: only a variant of the type knows its fields. */
    public boolean dependsOnName() {
        return hasRule(Rule.ABSTRACT);
    }

    boolean hasRule(String rule) {
        return rules.stream().anyMatch(each -> each.name().equals(rule));
    }

    /** What an array, a set or a map's values consist of; null for other types. */
    public Field elements() {
        return elements;
    }

    /** What a map's keys must be; null for other types. */
    public Field keys() {
        return keys;
    }

    /** A record's fields; empty for other types. */
    public List<Field> fields() {
        return fields;
    }

    /** A record's checks over several of its fields; empty for other types. */
    public List<EntityCheck> checks() {
        return checks;
    }

    /** The entity type that a foreign field refers to; null for other types. */
    public String reference() {
        return reference;
    }

    /** Whether entities go with the one that this field refers to; otherwise they keep it from going. */
    public boolean cascade() {
        return cascade;
    }

    /** The database's column. */
    public String column() {
        return type == FieldType.FOREIGN ? name + "_id" : name;
    }

    /** The column's type as PostgreSQL names it, e.g. {@code bigint}. */
    public String sqlType() {
        return sqlType;
    }

    /** Older names under which a record's field is accepted, but never shown. */
    public List<String> aliases() {
        return aliases;
    }

    /** Whether a node of the release knows the field. */
    public boolean knownTo(Release release) {
        return (since == null || !since.isNewerThan(release)) && (until == null || until.isNewerThan(release));
    }

    /** The field as a node of the release knows it: without the parts that it does not know. */
    public Field at(Release release) {
        return new Field(made, elements == null ? null : elements.at(release), known(fields, release));
    }

    /** Those of the fields that a node of the release knows, as it knows them. */
    static List<Field> known(List<Field> fields, Release release) {
        return fields.stream()
                .filter(field -> field.knownTo(release))
                .map(field -> field.at(release))
                .toList();
    }

    static Builder string(String name) {
        return new Builder(name, FieldType.STRING);
    }

    static Builder uuid(String name) {
        return new Builder(name, FieldType.STRING)
                .rule(Rule.text(Formats::uuid))
                .sql("uuid");
    }

    static Builder integer(String name) {
        return new Builder(name, FieldType.INTEGER);
    }

    static Builder number(String name) {
        return new Builder(name, FieldType.NUMBER);
    }

    static Builder bool(String name) {
        return new Builder(name, FieldType.BOOLEAN);
    }

    static Builder array(String name, Builder elements) {
        return new Builder(name, FieldType.ARRAY).elements(elements);
    }

    static Builder set(String name, Builder elements) {
        return new Builder(name, FieldType.SET).elements(elements);
    }

    static Builder map(String name, Builder keys, Builder values) {
        Builder map = new Builder(name, FieldType.MAP).elements(values);
        map.keys = keys.build();
        return map;
    }

    static Builder record(String name, List<Builder> fields, EntityCheck... checks) {
        Builder made = new Builder(name, FieldType.RECORD);
        made.fields = fields.stream().map(Builder::build).toList();
        made.checks = List.of(checks);
        return made;
    }

    static Builder foreign(String name, String reference) {
        Builder made = new Builder(name, FieldType.FOREIGN).sql("uuid");
        made.reference = Objects.requireNonNull(reference);
        return made;
    }

    private static String sqlType(Builder from) {
        return switch (from.type) {
            case STRING -> "text";
            case INTEGER -> "bigint";
            case NUMBER -> "double precision";
            case BOOLEAN -> "boolean";
            case ARRAY, SET -> from.elements.sqlType() + "[]";
            case MAP, RECORD -> "jsonb";
            case FOREIGN -> "uuid";
        };
    }

    @Override
    public String toString() {
        return name + ":" + type;
    }

    /** Collects what a field is. Confined to the making of a type. */
    static final class Builder {
        private final String name;
        private final FieldType type;
        private final List<Rule> rules = new ArrayList<>();
        private boolean required;
        private boolean unique;
        private boolean everywhere;
        private boolean immutable;
        private boolean secret;
        private Object standard;
        private Auto auto = Auto.NONE;
        private Field elements;
        private Field keys;
        private List<Field> fields = List.of();
        private List<EntityCheck> checks = List.of();
        private String reference;
        private boolean cascade;
        private String sqlType;
        private final List<String> aliases = new ArrayList<>();
        private Release since;
        private Release until;

        private Builder(String name, FieldType type) {
            this.name = name;
            this.type = type;
        }

        Builder required() {
            required = true;
            return this;
        }

        Builder unique() {
            unique = true;
            return this;
        }

        /** In all workspaces together. */
        Builder uniqueEverywhere() {
            unique = true;
            everywhere = true;
            return this;
        }

        Builder immutable() {
            immutable = true;
            return this;
        }

        Builder secret() {
            secret = true;
            return this;
        }

        Builder standard(Object value) {
            standard = value;
            return this;
        }

        Builder auto(Auto how) {
            auto = how;
            return this;
        }

        Builder rule(Rule rule) {
            rules.add(rule);
            return this;
        }

        Builder cascade() {
            cascade = true;
            return this;
        }

        Builder sql(String type) {
            sqlType = type;
            return this;
        }

        Builder since(int major, int minor) {
            since = Release.of(major, minor);
            return this;
        }

        /** The first release that does not know it any more. */
        Builder until(int major, int minor) {
            until = Release.of(major, minor);
            return this;
        }

        Builder alias(String older) {
            aliases.add(older);
            return this;
        }

        private Builder elements(Builder of) {
            elements = of.build();
            return this;
        }

        Field build() {
            return new Field(this, elements, fields);
        }
    }
}
