package io.drawbridge.admin;

import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.Field;
import io.drawbridge.core.entity.FieldType;
import io.drawbridge.core.entity.Rule;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Admin API as an OpenAPI 3.1 document, from the URL table and the entity types. */
final class OpenApi {
    private static final Pattern PARAMETER = Pattern.compile("\\{([^}]+)}");
    private static final List<String> BODIES = List.of("application/json", "application/x-www-form-urlencoded");

    private OpenApi() {}

    static Map<String, Object> document(String version, RouteTable table, EntityTypes types) {
        Map<String, Object> paths = new LinkedHashMap<>();
        table.routes().forEach(route -> paths.putIfAbsent(route.pattern(), path(route)));
        Map<String, Object> schemas = new TreeMap<>();
        types.all().forEach(type -> schemas.put(type.name(), entity(type)));
        schemas.put(
                "error",
                object(Map.of(
                        "message", Map.of("type", "string"),
                        "name", Map.of("type", "string"),
                        "code", Map.of("type", "integer"),
                        "fields", Map.of("type", "object"))));
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("openapi", "3.1.0");
        document.put(
                "info",
                Map.of(
                        "title",
                        "Drawbridge Admin API",
                        "version",
                        version,
                        "license",
                        Map.of("name", "Apache-2.0", "identifier", "Apache-2.0")));
        document.put("paths", paths);
        document.put("components", Map.of("schemas", schemas));
        return document;
    }

    private static Map<String, Object> path(RouteTable.Route route) {
        Map<String, Object> path = new LinkedHashMap<>();
        List<Object> parameters = new ArrayList<>();
        Matcher names = PARAMETER.matcher(route.pattern());
        while (names.find()) {
            parameters.add(Map.of(
                    "name",
                    names.group(1),
                    "in",
                    "path",
                    "required",
                    true,
                    "schema",
                    Map.of("type", "string", "minLength", 1)));
        }
        if (!parameters.isEmpty()) {
            path.put("parameters", parameters);
        }
        route.handlers()
                .keySet()
                .forEach(method -> path.put(method.name().toLowerCase(Locale.ROOT), operation(route, method)));
        return path;
    }

    private static Map<String, Object> operation(RouteTable.Route route, HttpMethod method) {
        EntityType type = route.type().orElse(null);
        Map<String, Object> operation = new LinkedHashMap<>();
        operation.put(
                "operationId",
                method.name().toLowerCase(Locale.ROOT) + route.pattern().replaceAll("[^a-zA-Z0-9]+", "_"));
        if (type != null) {
            operation.put("tags", List.of(type.name()));
            if (method.equals(HttpMethod.GET) && route.many()) {
                operation.put("parameters", paging());
            }
            if (writes(method)) {
                operation.put("requestBody", body(type, method));
            }
        }
        operation.put("responses", responses(type, method, route.many()));
        return operation;
    }

    private static boolean writes(HttpMethod method) {
        return method.equals(HttpMethod.POST) || method.equals(HttpMethod.PUT) || method.equals(HttpMethod.PATCH);
    }

    private static List<Object> paging() {
        return List.of(
                query("size", Map.of("type", "integer", "minimum", 1, "maximum", 1000, "default", 100)),
                query("offset", Map.of("type", "string")),
                query("tags", Map.of("type", "string")));
    }

    private static Map<String, Object> query(String name, Map<String, Object> schema) {
        return Map.of("name", name, "in", "query", "schema", schema);
    }

    private static Map<String, Object> body(EntityType type, HttpMethod method) {
        Map<String, Object> content = new LinkedHashMap<>();
        BODIES.forEach(media -> content.put(media, Map.of("schema", reference(type.name()))));
        return Map.of("required", !method.equals(HttpMethod.PATCH), "content", content);
    }

    private static Map<String, Object> responses(EntityType type, HttpMethod method, boolean many) {
        Map<String, Object> responses = new LinkedHashMap<>();
        if (method.equals(HttpMethod.DELETE)) {
            responses.put("204", Map.of("description", "gone, or was never there"));
        } else if (type == null) {
            responses.put("2XX", Map.of("description", "done"));
        } else if (method.equals(HttpMethod.GET) && many) {
            responses.put(
                    "200",
                    answer(
                            "a page",
                            object(Map.of(
                                    "data",
                                    Map.of("type", "array", "items", reference(type.name())),
                                    "next",
                                    Map.of("type", List.of("string", "null")),
                                    "offset",
                                    Map.of("type", "string")))));
        } else if (method.equals(HttpMethod.POST)) {
            responses.put("201", answer("made", reference(type.name())));
            if (type.name().equals("targets")) {
                responses.put("200", answer("was there, changed", reference(type.name())));
            }
        } else {
            responses.put("200", answer("the entity", reference(type.name())));
        }
        responses.put("default", answer("refused, with the reason", reference("error")));
        return responses;
    }

    private static Map<String, Object> answer(String description, Map<String, Object> schema) {
        return Map.of("description", description, "content", Map.of("application/json", Map.of("schema", schema)));
    }

    private static Map<String, Object> reference(String schema) {
        return Map.of("$ref", "#/components/schemas/" + schema);
    }

    private static Map<String, Object> object(Map<String, Object> properties) {
        return Map.of("type", "object", "properties", properties);
    }

    private static Map<String, Object> entity(EntityType type) {
        Map<String, Object> schema = fields(type.fields());
        List<String> required = type.fields().stream()
                .filter(field -> field.required() && field.standard() == null && field.auto() == Field.Auto.NONE)
                .map(Field::name)
                .toList();
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        return schema;
    }

    private static Map<String, Object> fields(List<Field> fields) {
        Map<String, Object> properties = new LinkedHashMap<>();
        fields.forEach(field -> properties.put(field.name(), schema(field)));
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", properties);
        return schema;
    }

    private static Map<String, Object> schema(Field field) {
        Map<String, Object> schema =
                new LinkedHashMap<>(field.type() == FieldType.RECORD ? fields(field.fields()) : Map.of());
        String name = switch (field.type()) {
            case STRING -> "string";
            case INTEGER -> "integer";
            case NUMBER -> "number";
            case BOOLEAN -> "boolean";
            case ARRAY, SET -> "array";
            case MAP, RECORD, FOREIGN -> "object";
        };
        schema.put("type", field.required() ? name : List.of(name, "null"));
        if (field.standard() != null && field.type() != FieldType.RECORD) {
            schema.put("default", field.standard());
        }
        switch (field.type()) {
            case ARRAY, SET -> schema.put("items", schema(field.elements()));
            case MAP -> schema.put("additionalProperties", schema(field.elements()));
            case FOREIGN -> schema.put("properties", Map.of("id", Map.of("type", "string", "format", "uuid")));
            case STRING -> {
                if (field.sqlType().equals("uuid")) {
                    schema.put("format", "uuid");
                }
            }
            default -> {}
        }
        if (field.type() == FieldType.SET) {
            schema.put("uniqueItems", true);
        }
        field.rules().forEach(rule -> limit(rule, field, schema));
        return schema;
    }

    private static void limit(Rule rule, Field field, Map<String, Object> schema) {
        switch (rule.name()) {
            case "between" -> {
                schema.put("minimum", ((List<?>) rule.argument()).get(0));
                schema.put("maximum", ((List<?>) rule.argument()).get(1));
            }
            case "gt" -> schema.put("exclusiveMinimum", rule.argument());
            case "len_min" -> schema.put(field.type().isList() ? "minItems" : "minLength", rule.argument());
            case "one_of" -> {
                List<Object> allowed = new ArrayList<>((List<?>) rule.argument());
                if (!field.required()) {
                    allowed.add(null);
                }
                schema.put("enum", allowed);
            }
            default -> {}
        }
    }
}
