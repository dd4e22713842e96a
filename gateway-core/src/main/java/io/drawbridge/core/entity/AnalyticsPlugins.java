package io.drawbridge.core.entity;

import static io.drawbridge.core.entity.PluginFields.choice;
import static io.drawbridge.core.entity.PluginFields.flag;
import static io.drawbridge.core.entity.PluginFields.host;

import io.drawbridge.core.entity.Field.Builder;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Plugins that count and trace. */
final class AnalyticsPlugins {
    private static final Object[] STAT_TYPES = {"counter", "gauge", "histogram", "meter", "set", "timer"};
    private static final Object[] CONSUMER_IDENTIFIERS = {"consumer_id", "custom_id", "username"};
    private static final Pattern TAG = Pattern.compile(".*[^:]", Pattern.DOTALL);
    private static final Set<Object> SAMPLED = Set.of("counter", "gauge");
    private static final Set<Object> PER_CONSUMER = Set.of("status_count_per_user", "request_per_user", "unique_users");
    private static final Set<Object> COUNTED = Set.of("status_count", "status_count_per_user", "request_per_user");
    private static final List<String> PROTECTED_TAGS = List.of(
            "error",
            "http.method",
            "http.path",
            "http.status_code",
            "kong.balancer.state",
            "kong.balancer.try",
            "kong.consumer",
            "kong.credential",
            "kong.node.id",
            "kong.route",
            "kong.service",
            "lc",
            "peer.hostname");

    static final List<PluginSchema> ALL = List.of(datadog(), prometheus(), statsd(), zipkin());

    private AnalyticsPlugins() {}

    private static PluginSchema datadog() {
        return PluginSchema.named("datadog")
                .anyProtocol()
                .config(
                        host("host").standard("localhost").required(),
                        CommonFields.port("port").standard(8125L).required(),
                        Field.string("prefix").standard("kong").required(),
                        Field.array("metrics", datadogMetric())
                                .standard(List.of(
                                        datadogStandard("request_count", "counter"),
                                        datadogStandard("latency", "timer"),
                                        datadogStandard("request_size", "timer"),
                                        datadogStandard("response_size", "timer"),
                                        datadogStandard("upstream_latency", "timer"),
                                        datadogStandard("kong_latency", "timer")))
                                .required());
    }

    private static Builder datadogMetric() {
        return Field.record(
                "metric",
                List.of(
                        choice(
                                        "name",
                                        "kong_latency",
                                        "latency",
                                        "request_count",
                                        "request_size",
                                        "response_size",
                                        "upstream_latency")
                                .required(),
                        choice("stat_type", STAT_TYPES).required(),
                        Field.array("tags", Field.string("tag").rule(Rule.form(TAG))),
                        Field.number("sample_rate").rule(Rule.between(0, 1)),
                        choice("consumer_identifier", CONSUMER_IDENTIFIERS)),
                new EntityCheck.RuleWhen("stat_type", SAMPLED::contains, "sample_rate", PluginFields::given));
    }

    private static Map<String, Object> datadogStandard(String name, String statType) {
        return Map.of(
                "name",
                name,
                "stat_type",
                statType,
                "tags",
                List.of("app:kong"),
                "sample_rate",
                1L,
                "consumer_identifier",
                "custom_id");
    }

    private static PluginSchema statsd() {
        return PluginSchema.named("statsd")
                .anyProtocol()
                .config(
                        host("host").standard("localhost"),
                        CommonFields.port("port").standard(8125L),
                        Field.string("prefix").standard("kong"),
                        Field.array("metrics", statsdMetric())
                                .standard(List.of(
                                        counter("request_count"),
                                        timer("latency"),
                                        timer("request_size"),
                                        counter("status_count"),
                                        timer("response_size"),
                                        Map.of(
                                                "name",
                                                "unique_users",
                                                "stat_type",
                                                "set",
                                                "consumer_identifier",
                                                "custom_id"),
                                        counterPerConsumer("request_per_user"),
                                        timer("upstream_latency"),
                                        timer("kong_latency"),
                                        counterPerConsumer("status_count_per_user"))));
    }

    private static Builder statsdMetric() {
        return Field.record(
                "metric",
                List.of(
                        choice(
                                        "name",
                                        "kong_latency",
                                        "latency",
                                        "request_count",
                                        "request_per_user",
                                        "request_size",
                                        "response_size",
                                        "status_count",
                                        "status_count_per_user",
                                        "unique_users",
                                        "upstream_latency")
                                .required(),
                        choice("stat_type", STAT_TYPES).required(),
                        Field.number("sample_rate").rule(Rule.moreThan(0)),
                        choice("consumer_identifier", CONSUMER_IDENTIFIERS)),
                new EntityCheck.RuleWhen("name", "unique_users"::equals, "stat_type", wanted("set")),
                new EntityCheck.RuleWhen("stat_type", SAMPLED::contains, "sample_rate", PluginFields::given),
                new EntityCheck.RuleWhen("name", PER_CONSUMER::contains, "consumer_identifier", PluginFields::given),
                new EntityCheck.RuleWhen("name", COUNTED::contains, "stat_type", wanted("counter")));
    }

    private static java.util.function.Function<Object, String> wanted(String value) {
        return Rule.equalTo(value).check();
    }

    private static Map<String, Object> timer(String name) {
        return Map.of("name", name, "stat_type", "timer");
    }

    private static Map<String, Object> counter(String name) {
        return Map.of("name", name, "stat_type", "counter", "sample_rate", 1L);
    }

    private static Map<String, Object> counterPerConsumer(String name) {
        return Map.of("name", name, "stat_type", "counter", "sample_rate", 1L, "consumer_identifier", "custom_id");
    }

    private static PluginSchema prometheus() {
        return PluginSchema.named("prometheus")
                .anyProtocol()
                .config(Field.bool("per_consumer").standard(false));
    }

    private static PluginSchema zipkin() {
        return PluginSchema.named("zipkin")
                .anyProtocol()
                .config(
                        PluginFields.url("http_endpoint"),
                        Field.number("sample_ratio").standard(0.001).rule(Rule.between(0, 1)),
                        Field.string("default_service_name"),
                        flag("include_credential", true),
                        Field.integer("traceid_byte_count")
                                .standard(16L)
                                .required()
                                .rule(Rule.oneOf(8, 16)),
                        choice("header_type", "preserve", "b3", "b3-single", "w3c", "jaeger", "ot")
                                .standard("preserve")
                                .required(),
                        choice("default_header_type", "b3", "b3-single", "w3c", "jaeger", "ot")
                                .standard("b3")
                                .required(),
                        Field.string("tags_header").standard("Zipkin-Tags").required(),
                        Field.array("static_tags", tag()).rule(Rule.custom(AnalyticsPlugins::repeated)));
    }

    private static Builder tag() {
        return Field.record(
                "tag",
                List.of(
                        Field.string("name").required().rule(Rule.noneOf(PROTECTED_TAGS)),
                        Field.string("value").required()));
    }

    private static String repeated(Object tags) {
        Set<Object> seen = new HashSet<>();
        return ((List<?>) tags)
                .stream()
                        .map(tag -> ((Map<?, ?>) tag).get("name"))
                        .filter(name -> !seen.add(name))
                        .findFirst()
                        .map(name -> "repeated tags are not allowed: " + name)
                        .orElse(null);
    }
}
