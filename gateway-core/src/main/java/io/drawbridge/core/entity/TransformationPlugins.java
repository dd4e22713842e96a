package io.drawbridge.core.entity;

import static io.drawbridge.core.entity.PluginFields.choice;
import static io.drawbridge.core.entity.PluginFields.flag;
import static io.drawbridge.core.entity.PluginFields.record;

import io.drawbridge.core.entity.Field.Builder;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Plugins that change requests and responses on their way. */
final class TransformationPlugins {
    private static final Pattern PAIR = Pattern.compile("([^:]+):*(.*)", Pattern.DOTALL);
    private static final Pattern WITH_COLON = Pattern.compile("[^:]+:.*", Pattern.DOTALL);

    static final List<PluginSchema> ALL =
            List.of(correlationId(), grpcGateway(), grpcWeb(), requestTransformer(), responseTransformer());

    private TransformationPlugins() {}

    private static PluginSchema correlationId() {
        return PluginSchema.named("correlation-id")
                .config(
                        Field.string("header_name").standard("Kong-Request-ID"),
                        choice("generator", "uuid", "uuid#counter", "tracker").standard("uuid#counter"),
                        flag("echo_downstream", false));
    }

    private static PluginSchema grpcGateway() {
        return PluginSchema.named("grpc-gateway").since(2, 1).config(Field.string("proto"));
    }

    private static PluginSchema grpcWeb() {
        return PluginSchema.named("grpc-web")
                .since(2, 1)
                .config(
                        Field.string("proto"),
                        Field.bool("pass_stripped_path"),
                        Field.string("allow_origin_header").standard("*"));
    }

    private static PluginSchema requestTransformer() {
        return PluginSchema.named("request-transformer")
                .config(
                        Field.string("http_method").rule(Rule.text(Formats::method)),
                        record("remove", list("body"), headers(TransformationPlugins::header), list("querystring")),
                        record("rename", pairs("body"), headers(TransformationPlugins::renaming), pairs("querystring")),
                        record("replace", changes(Field.string("uri"))),
                        record("add", changes()),
                        record("append", changes()));
    }

    private static Builder[] changes(Builder... more) {
        return Stream.concat(
                        Stream.of(pairs("body"), headers(TransformationPlugins::headerAndValue), pairs("querystring")),
                        Stream.of(more))
                .toArray(Builder[]::new);
    }

    private static PluginSchema responseTransformer() {
        return PluginSchema.named("response-transformer")
                .config(
                        record("remove", list("json"), list("headers")),
                        record("rename", headers(TransformationPlugins::renaming)),
                        record("replace", responseChanges()),
                        record("add", responseChanges()),
                        record("append", responseChanges()));
    }

    private static Builder[] responseChanges() {
        return new Builder[] {
            list("json", Rule.form(WITH_COLON)),
            Field.array("json_types", choice("type", "boolean", "number", "string"))
                    .standard(List.of()),
            list("headers", Rule.form(WITH_COLON))
        };
    }

    private static Builder list(String name, Rule... rules) {
        Builder element = Field.string("value");
        Stream.of(rules).forEach(element::rule);
        return Field.array(name, element).standard(List.of());
    }

    private static Builder pairs(String name) {
        return list(name, Rule.text(TransformationPlugins::pair));
    }

    private static Builder headers(java.util.function.Function<String, String> check) {
        return list("headers", Rule.text(check));
    }

    private static String pair(String text) {
        Matcher parts = PAIR.matcher(text);
        String name = parts.matches() ? parts.group(1) : "";
        return name.isEmpty() || parts.group(2).isEmpty() ? "key '" + name + "' has no value" : null;
    }

    private static String header(String text) {
        Matcher parts = PAIR.matcher(text);
        return headerName(parts.matches() ? parts.group(1) : text);
    }

    private static String headerAndValue(String text) {
        String wrong = header(text);
        return wrong != null ? wrong : pair(text);
    }

    private static String renaming(String text) {
        String wrong = headerAndValue(text);
        Matcher parts = PAIR.matcher(text);
        return wrong == null && parts.matches() ? headerName(parts.group(2)) : wrong;
    }

    private static String headerName(String text) {
        return Formats.header(text) == null ? null : "'" + text + "' is not a valid header";
    }
}
