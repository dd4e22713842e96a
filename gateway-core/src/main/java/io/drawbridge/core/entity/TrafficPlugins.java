package io.drawbridge.core.entity;

import static io.drawbridge.core.entity.PluginFields.choice;
import static io.drawbridge.core.entity.PluginFields.choices;
import static io.drawbridge.core.entity.PluginFields.flag;
import static io.drawbridge.core.entity.PluginFields.record;
import static io.drawbridge.core.entity.PluginFields.texts;

import io.drawbridge.core.entity.Field.Builder;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Plugins that limit, cut short and cache. */
final class TrafficPlugins {
    static final List<PluginSchema> ALL =
            List.of(proxyCache(), rateLimiting(), sizeLimiting(), termination(), responseRateLimiting());

    private TrafficPlugins() {}

    private static PluginSchema proxyCache() {
        return PluginSchema.named("proxy-cache")
                .config(
                        Field.array("response_code", Field.integer("status").rule(Rule.between(100, 900)))
                                .standard(List.of(200L, 301L, 404L))
                                .required()
                                .rule(Rule.lengthAtLeast(1)),
                        choices("request_method", "HEAD", "GET", "POST", "PATCH", "PUT")
                                .standard(List.of("GET", "HEAD"))
                                .required(),
                        texts("content_type")
                                .standard(List.of("text/plain", "application/json"))
                                .required(),
                        Field.integer("cache_ttl").standard(300L).rule(Rule.moreThan(0)),
                        choice("strategy", "memory").required(),
                        flag("cache_control", false),
                        Field.integer("storage_ttl"),
                        record(
                                "memory",
                                Field.string("dictionary_name")
                                        .standard("kong_db_cache")
                                        .required()),
                        texts("vary_query_params"),
                        texts("vary_headers"));
    }

    private static PluginSchema rateLimiting() {
        return withRedis(PluginSchema.named("rate-limiting").atLeastOneOf(PluginFields.periodNames()))
                .requiredWhen("limit_by", "header"::equals, "header_name")
                .requiredWhen("limit_by", "path"::equals, "path")
                .config(
                        PluginFields::periodOrder,
                        fields(Stream.of(
                                PluginFields.periods(),
                                Stream.of(
                                        choice("limit_by", "consumer", "credential", "ip", "service", "header", "path")
                                                .standard("consumer"),
                                        PluginFields.header("header_name"),
                                        Field.string("path").rule(Rule.text(Formats::path)),
                                        policy(),
                                        flag("fault_tolerant", true)),
                                PluginFields.redis(),
                                Stream.of(
                                        Field.integer("redis_database").standard(0L),
                                        flag("hide_client_headers", false)))));
    }

    private static PluginSchema responseRateLimiting() {
        return withRedis(PluginSchema.named("response-ratelimiting"))
                .config(fields(Stream.of(
                        Stream.of(
                                PluginFields.header("header_name").standard("x-kong-limit"),
                                choice("limit_by", "consumer", "credential", "ip")
                                        .standard("consumer"),
                                policy(),
                                flag("fault_tolerant", true)),
                        PluginFields.redis(),
                        Stream.of(
                                Field.number("redis_database").standard(0L),
                                flag("block_on_first_violation", false),
                                flag("hide_client_headers", false),
                                Field.map("limits", Field.string("name"), limit())
                                        .required()
                                        .rule(Rule.lengthAtLeast(1))))));
    }

    private static Builder limit() {
        return Field.record(
                        "limit",
                        PluginFields.periods().toList(),
                        new EntityCheck.AtLeastOneOf(List.of(PluginFields.periodNames())))
                .required()
                .rule(Rule.custom(value -> PluginFields.periodOrder((Map<?, ?>) value)));
    }

    private static Builder policy() {
        return choice("policy", "local", "cluster", "redis").standard("cluster");
    }

    private static PluginSchema.Builder withRedis(PluginSchema.Builder plugin) {
        return plugin.requiredWhen("policy", "redis"::equals, "redis_host")
                .requiredWhen("policy", "redis"::equals, "redis_port")
                .requiredWhen("policy", "redis"::equals, "redis_timeout");
    }

    private static PluginSchema sizeLimiting() {
        return PluginSchema.named("request-size-limiting")
                .config(
                        Field.integer("allowed_payload_size").standard(128L),
                        choice("size_unit", "megabytes", "kilobytes", "bytes")
                                .standard("megabytes")
                                .required(),
                        flag("require_content_length", false));
    }

    private static PluginSchema termination() {
        return PluginSchema.named("request-termination")
                .config(
                        TrafficPlugins::answer,
                        Field.integer("status_code").standard(503L).required().rule(Rule.between(100, 599)),
                        Field.string("message"),
                        Field.string("content_type"),
                        Field.string("body"));
    }

    private static String answer(Map<?, ?> config) {
        boolean type = config.get("content_type") != null;
        boolean body = config.get("body") != null;
        if (config.get("message") != null && (type || body)) {
            return "message cannot be used with content_type or body";
        }
        return type && !body ? "content_type requires a body" : null;
    }

    private static Builder[] fields(Stream<Stream<Builder>> parts) {
        return parts.flatMap(part -> part).toArray(Builder[]::new);
    }
}
