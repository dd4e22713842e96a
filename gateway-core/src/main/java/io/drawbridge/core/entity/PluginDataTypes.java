package io.drawbridge.core.entity;

import io.drawbridge.core.entity.Field.Builder;
import java.util.List;
import java.util.stream.Stream;

/** What plugins keep in the database while they work, and no URL shows: to be carried from one database to another. */
final class PluginDataTypes {
    private static final EntityType SESSION = type(
            "sessions",
            "session_id",
            Field.string("session_id").unique().secret(),
            Field.integer("expires").sql("integer"),
            Field.string("data"),
            CommonFields.ttl());

    private static final EntityType ACME_STORAGE =
            type("acme_storage", "key", Field.string("key").unique(), Field.string("value"), CommonFields.ttl());

    static final List<EntityType> ALL = List.of(CredentialTypes.OAUTH2_CODE, SESSION, ACME_STORAGE);

    private PluginDataTypes() {}

    private static EntityType type(String name, String key, Builder... fields) {
        return new EntityType(
                name,
                name,
                name,
                key,
                false,
                Stream.concat(Stream.of(CommonFields.id(), CommonFields.createdAt()), Stream.of(fields))
                        .map(Builder::build)
                        .toList(),
                List.of(),
                (input, found) -> {});
    }
}
