package io.drawbridge.admin;

import io.drawbridge.core.entity.EntitySchemaJson;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.PluginSchema;
import io.drawbridge.core.entity.PluginSchemas;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/** What entities and plugins consist of, and whether a body would do for one. Thread-safe. */
final class SchemaResource {
    private final EntityTypes types;
    private final PluginSchemas plugins;
    private final Inputs inputs;

    SchemaResource(EntityTypes types, PluginSchemas plugins, Inputs inputs) {
        this.types = types;
        this.plugins = plugins;
        this.inputs = inputs;
    }

    void routes(RouteTable table) {
        table.at("/schemas/plugins/validate").post(request -> validate("plugins", request));
        table.at("/schemas/plugins/{name}").get(request -> plugin(request, false));
        table.at("/schemas/{name}/validate").post(request -> validate(request.parameter(0), request));
        table.at("/schemas/{name}")
                .get(request -> Future.succeededFuture(types.described(request.parameter(0))
                        .map(type -> Reply.json(200, EntitySchemaJson.of(type)))
                        .orElseGet(() -> unknown("entity", request.parameter(0)))));
        table.at("/plugins/schema/{name}").get(request -> plugin(request, true));
        table.at("/plugins/enabled")
                .get(request -> Future.succeededFuture(Reply.json(200, Map.of("enabled_plugins", names()))));
    }

    private List<String> names() {
        return plugins.all().stream().map(PluginSchema::name).toList();
    }

    private Future<Reply> plugin(AdminRequest request, boolean configOnly) {
        String name = request.parameter(0);
        return Future.succeededFuture(plugins.find(name)
                .map(schema ->
                        Reply.json(200, configOnly ? EntitySchemaJson.ofConfig(schema) : EntitySchemaJson.of(schema)))
                .orElseGet(() -> unknown("plugin", name)));
    }

    private Future<Reply> validate(String name, AdminRequest request) {
        EntityType type = types.find(name).orElse(null);
        if (type == null) {
            return Future.succeededFuture(unknown("entity", name));
        }
        return inputs.read(type, request, Map.of()).map(input -> {
            if (name.equals("certificates")) {
                input.remove("snis");
            }
            inputs.create(type, input);
            return Reply.message(200, "schema validation successful");
        });
    }

    private static Reply unknown(String kind, String name) {
        return Reply.message(404, "No " + kind + " named '" + name + "'");
    }
}
