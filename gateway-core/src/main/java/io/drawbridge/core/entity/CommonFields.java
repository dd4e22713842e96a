package io.drawbridge.core.entity;

import io.drawbridge.core.entity.Field.Builder;

/** Fields that several types have. */
final class CommonFields {
    private static final long LAST_SECOND = 253_402_300_799L;

    private static final long TTL_MAX = 100_000_000;

    private static final Rule TIMESTAMP = Rule.custom(value -> {
        double seconds = ((Number) value).doubleValue();
        return seconds > 0 && seconds <= LAST_SECOND ? null : "expected a valid timestamp";
    });

    private CommonFields() {}

    static Builder id() {
        return Field.uuid("id").auto(Field.Auto.UUID).required().immutable();
    }

    static Builder createdAt() {
        return timestamp("created_at").auto(Field.Auto.CREATED);
    }

    static Builder createdAtMillis() {
        return Field.number("created_at")
                .auto(Field.Auto.CREATED_MILLIS)
                .sql("timestamp with time zone")
                .rule(TIMESTAMP);
    }

    static Builder updatedAt() {
        return timestamp("updated_at").auto(Field.Auto.UPDATED);
    }

    private static Builder timestamp(String name) {
        return Field.integer(name).sql("timestamp with time zone").rule(TIMESTAMP);
    }

    static Builder name() {
        return Field.string("name").unique().rule(Rule.text(Formats::name));
    }

    static Builder tags() {
        return Field.set("tags", Field.string("tag").rule(Rule.text(Formats::tag)));
    }

    static Builder port(String name) {
        return Field.integer(name).rule(Rule.between(0, 65535));
    }

    /** For how many seconds more the entity exists; null: for ever. */
    static Builder ttl() {
        return Field.integer("ttl").sql(Field.SECONDS_LEFT).rule(Rule.custom(value -> {
            double seconds = ((Number) value).doubleValue();
            return seconds >= 0 && seconds <= TTL_MAX ? null : "must be an integer between 0 and " + TTL_MAX;
        }));
    }

    /** A foreign key to the consumer whose credential it is. */
    static Builder consumer() {
        return Field.foreign("consumer", "consumers").required().cascade();
    }

    static Builder protocol(String name) {
        return Field.string(name).rule(Rule.oneOf("grpc", "grpcs", "http", "https", "tcp", "tls", "udp"));
    }

    static Builder timeout(String name) {
        return Field.integer(name).standard(60000L).rule(Rule.between(1, 2147483646));
    }
}
