package io.drawbridge.core.entity;

import io.drawbridge.core.entity.Field.Builder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** {@code upstreams}: a load balancer; {@code targets}: what it balances over. */
final class UpstreamTypes {
    private static final String REQUIRED = "required field missing";

    static final EntityType UPSTREAM = new EntityType(
            "upstreams",
            "upstreams",
            "upstreams",
            "name",
            true,
            Stream.of(
                            CommonFields.id(),
                            CommonFields.createdAt(),
                            Field.string("name").required().unique().rule(Rule.text(UpstreamTypes::name)),
                            Field.string("algorithm")
                                    .standard("round-robin")
                                    .rule(Rule.oneOf("consistent-hashing", "least-connections", "round-robin"))
                                    .since(1, 3),
                            hashInput("hash_on"),
                            hashInput("hash_fallback"),
                            Field.string("hash_on_header").rule(Rule.text(Formats::header)),
                            Field.string("hash_fallback_header").rule(Rule.text(Formats::header)),
                            Field.string("hash_on_cookie").rule(Rule.text(UpstreamTypes::cookie)),
                            Field.string("hash_on_cookie_path").standard("/").rule(Rule.text(Formats::path)),
                            Field.integer("slots")
                                    .standard(10000L)
                                    .sql("integer")
                                    .rule(Rule.between(10, 65536)),
                            healthchecks(),
                            CommonFields.tags(),
                            Field.string("host_header")
                                    .rule(Rule.text(Formats::hostWithPort))
                                    .since(1, 4),
                            Field.foreign("client_certificate", "certificates").since(2, 1))
                    .map(Builder::build)
                    .toList(),
            List.of(
                    when("hash_on", "header", "hash_on_header", UpstreamTypes::given),
                    when("hash_on", "cookie", "hash_on_cookie", UpstreamTypes::given),
                    when("hash_on", "none", "hash_fallback", oneOf("none")),
                    when("hash_on", "cookie", "hash_fallback", oneOf("none")),
                    when("hash_on", "consumer", "hash_fallback", oneOf("none", "ip", "header", "cookie")),
                    when("hash_on", "ip", "hash_fallback", oneOf("none", "consumer", "header", "cookie")),
                    when("hash_fallback", "header", "hash_fallback_header", UpstreamTypes::given),
                    when("hash_fallback", "cookie", "hash_on_cookie", UpstreamTypes::given),
                    new EntityCheck.Distinct(List.of("hash_on_header", "hash_fallback_header"))),
            UpstreamTypes::algorithm);

    static final EntityType TARGET = new EntityType(
            "targets",
            "targets",
            "targets",
            null,
            true,
            Stream.of(
                            CommonFields.id(),
                            CommonFields.createdAtMillis(),
                            Field.foreign("upstream", "upstreams").required().cascade(),
                            Field.string("target").required().rule(Rule.text(TargetAddress::check)),
                            Field.integer("weight")
                                    .standard(100L)
                                    .sql("integer")
                                    .rule(Rule.between(0, 65535)),
                            CommonFields.tags())
                    .map(Builder::build)
                    .toList(),
            List.of(),
            (input, found) -> {
                if (input.get("target") instanceof String text && TargetAddress.check(text) == null) {
                    input.put("target", TargetAddress.normal(text));
                }
            });

    private UpstreamTypes() {}

    private static Builder hashInput(String name) {
        return Field.string(name).standard("none").rule(Rule.oneOf("none", "consumer", "ip", "header", "cookie"));
    }

    private static Builder healthchecks() {
        return record(
                "healthchecks",
                record(
                        "active",
                        checkType(),
                        seconds("timeout", 1),
                        Field.integer("concurrency").standard(10L).rule(Rule.between(1, 2147483648L)),
                        Field.string("http_path").standard("/").rule(Rule.text(Formats::path)),
                        Field.string("https_sni").rule(Rule.text(Formats::sni)),
                        Field.bool("https_verify_certificate").standard(true).required(),
                        record("healthy", seconds("interval", 0), statuses(200, 302), counter("successes")),
                        record(
                                "unhealthy",
                                seconds("interval", 0),
                                statuses(429, 404, 500, 501, 502, 503, 504, 505),
                                counter("tcp_failures"),
                                counter("timeouts"),
                                counter("http_failures"))),
                record(
                        "passive",
                        checkType(),
                        record(
                                "healthy",
                                statuses(LongStream.concat(
                                                LongStream.concat(LongStream.rangeClosed(200, 208), LongStream.of(226)),
                                                LongStream.rangeClosed(300, 308))
                                        .toArray()),
                                counter("successes")),
                        record(
                                "unhealthy",
                                statuses(429, 500, 503),
                                counter("tcp_failures"),
                                counter("timeouts"),
                                counter("http_failures"))),
                Field.number("threshold")
                        .standard(0L)
                        .rule(Rule.between(0, 100))
                        .since(1, 4));
    }

    private static Builder record(String name, Builder... fields) {
        return Field.record(name, List.of(fields)).standard(Map.of());
    }

    private static Builder checkType() {
        return Field.string("type").standard("http").rule(Rule.oneOf("tcp", "http", "https", "grpc", "grpcs"));
    }

    private static Builder seconds(String name, long standard) {
        return Field.number(name).standard(standard).rule(Rule.between(0, 65535));
    }

    private static Builder counter(String name) {
        return Field.integer(name).standard(0L).rule(Rule.between(0, 255));
    }

    private static Builder statuses(long... standard) {
        return Field.array("http_statuses", Field.integer("status").rule(Rule.between(100, 999)))
                .standard(LongStream.of(standard).boxed().toList());
    }

    /* What is hashed decides the algorithm, and the other way round, where only one of them is given. */
    private static void algorithm(Map<String, Object> input, Violations found) {
        if (input.containsKey("hash_on") && input.get("hash_on") == null) {
            input.put("hash_on", "none");
        }
        if (input.get("hash_on") instanceof String hashed) {
            input.putIfAbsent("algorithm", hashed.equals("none") ? "round-robin" : "consistent-hashing");
        } else if ("least-connections".equals(input.get("algorithm"))) {
            input.put("hash_on", "none");
        }
    }

    private static String name(String text) {
        if (Formats.isIp(text)) {
            return "Invalid name ('" + text + "'); no ip addresses allowed";
        }
        String wrong = Formats.sni(text);
        if (wrong == null) {
            return null;
        }
        return "Invalid name ('" + text + "'); "
                + (wrong.equals("must not have a port") ? "no port allowed" : "must be a valid hostname");
    }

    private static String cookie(String text) {
        return Formats.header(text) == null
                ? null
                : "bad cookie name '" + text + "', allowed characters are A-Z, a-z, 0-9, '_', and '-'";
    }

    private static EntityCheck when(String field, String value, String then, Function<Object, String> check) {
        return new EntityCheck.RuleWhen(field, value::equals, then, check);
    }

    private static String given(Object value) {
        return value == null ? REQUIRED : null;
    }

    private static Function<Object, String> oneOf(String... values) {
        Rule rule = Rule.oneOf((Object[]) values);
        return value -> Objects.isNull(value) ? null : rule.check().apply(value);
    }
}
