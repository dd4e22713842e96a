package io.drawbridge.core.entity;

import io.drawbridge.core.entity.Field.Builder;
import java.util.List;
import java.util.stream.Stream;

/** {@code consumers}: who calls. */
final class ConsumerType {
    static final EntityType TYPE = new EntityType(
            "consumers",
            "consumers",
            "consumers",
            "username",
            true,
            Stream.of(
                            CommonFields.id(),
                            CommonFields.createdAt(),
                            Field.string("username").unique(),
                            Field.string("custom_id").unique(),
                            CommonFields.tags())
                    .map(Builder::build)
                    .toList(),
            List.of(new EntityCheck.AtLeastOneOf(List.of("custom_id", "username"))),
            (input, found) -> {});

    private ConsumerType() {}
}
