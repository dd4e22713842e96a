package io.drawbridge.core.entity;

import io.drawbridge.core.entity.PluginSchema.Protocols;
import io.drawbridge.core.entity.PluginSchema.Scope;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code plugins}: what is done with some or all requests. What may be set depends on which plugin it is: each has a
 * variant of the type.
 */
final class PluginType {
    private PluginType() {}

    /** The type as a node knows it that has these plugins switched on. */
    static EntityType of(PluginSchemas schemas) {
        Map<String, EntityType> variants =
                schemas.all().stream().collect(Collectors.toMap(PluginSchema::name, PluginType::variant));
        Field config = Field.record("config", List.of())
                .standard(Map.of())
                .required()
                .rule(Rule.dependsOnName())
                .build();
        return type(
                Rule.text(name -> variants.containsKey(name)
                        ? null
                        : "plugin '" + name + "' not enabled; add it to the 'plugins' configuration property"),
                scope -> Field.foreign(scope.field(), scope.reference()).cascade(),
                config,
                PluginSchema.protocolsField(Protocols.ANY),
                List.of(),
                variants);
    }

    private static EntityType variant(PluginSchema schema) {
        return type(
                Rule.equalTo(schema.name()),
                schema::scopeField,
                schema.config(),
                schema.protocolsField(),
                schema.checks(),
                Map.of());
    }

    private static EntityType type(
            Rule name,
            Function<Scope, Field.Builder> scope,
            Field config,
            Field.Builder protocols,
            List<EntityCheck> checks,
            Map<String, EntityType> variants) {
        List<Field> fields = Stream.of(
                        CommonFields.id().build(),
                        Field.string("name").required().rule(name).build(),
                        CommonFields.createdAt().build(),
                        scope.apply(Scope.ROUTE).build(),
                        scope.apply(Scope.SERVICE).build(),
                        scope.apply(Scope.CONSUMER).build(),
                        config,
                        protocols.build(),
                        Field.bool("enabled").standard(true).required().build(),
                        CommonFields.tags().build())
                .toList();
        return new EntityType("plugins", "plugins", "plugins", null, true, fields, checks, (input, found) -> {})
                .uniqueTogether("name", "route", "service", "consumer")
                .varying(variants);
    }
}
