package io.drawbridge.core.entity;

import static io.drawbridge.core.entity.PluginFields.choice;

import io.drawbridge.core.entity.Field.Builder;
import io.drawbridge.core.entity.PluginSchema.Scope;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Plugins that call functions, elsewhere or within the gateway. */
final class ServerlessPlugins {
    private static final String OLD = "functions";
    private static final List<String> PHASES =
            List.of("certificate", "rewrite", "access", "header_filter", "body_filter", "log");
    private static final List<String> LISTS =
            Stream.concat(Stream.of(OLD), PHASES.stream()).toList();

    static final List<PluginSchema> ALL =
            List.of(awsLambda(), azureFunctions(), functions("pre-function"), functions("post-function"));

    private ServerlessPlugins() {}

    private static PluginSchema awsLambda() {
        return PluginSchema.named("aws-lambda")
                .allOrNone("aws_key", "aws_secret")
                .allOrNone("proxy_scheme", "proxy_url")
                .onlyOneOf("aws_region", "host")
                .config(
                        Field.number("timeout").standard(60_000L).required(),
                        Field.number("keepalive").standard(60_000L).required(),
                        Field.string("aws_key"),
                        Field.string("aws_secret"),
                        Field.string("aws_region"),
                        Field.string("function_name").required(),
                        Field.string("qualifier"),
                        choice("invocation_type", "RequestResponse", "Event", "DryRun")
                                .standard("RequestResponse")
                                .required(),
                        choice("log_type", "Tail", "None").standard("Tail").required(),
                        PluginFields.host("host"),
                        CommonFields.port("port").standard(443L),
                        Field.integer("unhandled_status").rule(Rule.between(100, 999)),
                        Field.bool("forward_request_method").standard(false),
                        Field.bool("forward_request_uri").standard(false),
                        Field.bool("forward_request_headers").standard(false),
                        Field.bool("forward_request_body").standard(false),
                        Field.bool("is_proxy_integration").standard(false),
                        Field.bool("awsgateway_compatible").standard(false),
                        choice("proxy_scheme", "http", "https"),
                        PluginFields.url("proxy_url"),
                        Field.bool("skip_large_bodies").standard(true),
                        Field.bool("base64_encode_body").standard(true));
    }

    private static PluginSchema azureFunctions() {
        return PluginSchema.named("azure-functions")
                .config(
                        Field.number("timeout").standard(600_000L),
                        Field.number("keepalive").standard(60_000L),
                        Field.bool("https").standard(true),
                        Field.bool("https_verify").standard(false),
                        Field.string("apikey"),
                        Field.string("clientid"),
                        Field.string("appname").required(),
                        Field.string("hostdomain").standard("azurewebsites.net").required(),
                        Field.string("routeprefix").standard("api"),
                        Field.string("functionname").required());
    }

    /** Programs per phase; before there were phases, they all ran in one. */
    private static PluginSchema functions(String name) {
        return PluginSchema.named(name)
                .anyProtocol()
                .notOn(Scope.CONSUMER)
                .check(new EntityCheck.Custom(
                        LISTS.stream().map(list -> "config." + list).toList(), ServerlessPlugins::oldOrNew))
                .atLeastOneOf(LISTS.toArray(String[]::new))
                .config(LISTS.stream().map(ServerlessPlugins::programs).toArray(Builder[]::new));
    }

    private static Builder programs(String name) {
        return PluginFields.texts(name).standard(List.of()).required();
    }

    private static String oldOrNew(Map<String, Object> plugin) {
        Map<?, ?> config = (Map<?, ?>) plugin.get("config");
        boolean old = isGiven(config.get(OLD));
        return old && PHASES.stream().anyMatch(phase -> isGiven(config.get(phase)))
                ? "these sets are mutually exclusive: ('config.functions'), ("
                        + PHASES.stream().map(phase -> "'config." + phase + "'").collect(Collectors.joining(", "))
                        + ")"
                : null;
    }

    private static boolean isGiven(Object programs) {
        return programs instanceof List<?> list && !list.isEmpty();
    }
}
