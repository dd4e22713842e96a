package io.drawbridge.core.entity;

import io.drawbridge.core.entity.Field.Builder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** {@code routes}: which requests go to a service. What may be set depends on the protocols. */
final class RouteType {
    private static final String HTTP = "'protocols' is 'http' or 'https'";
    private static final String STREAM = "'protocols' is 'tcp', 'tls' or 'udp'";
    private static final String GRPC = "'protocols' is 'grpc' or 'grpcs'";

    private static final Predicate<Object> IS_HTTP = any("http", "https");
    private static final Predicate<Object> IS_STREAM = any("tcp", "tls", "udp");
    private static final Predicate<Object> IS_GRPC = any("grpc", "grpcs");
    private static final Predicate<Object> HAS_TLS = any("grpcs", "https", "tls");

    static final EntityType TYPE = new EntityType(
            "routes",
            "routes",
            "routes",
            "name",
            true,
            Stream.of(
                            CommonFields.id(),
                            CommonFields.createdAt(),
                            CommonFields.updatedAt(),
                            CommonFields.name(),
                            Field.set("protocols", CommonFields.protocol("protocol"))
                                    .standard(List.of("http", "https"))
                                    .required()
                                    .rule(Rule.lengthAtLeast(1))
                                    .rule(Rule.oneGroupOf(List.of(
                                            List.of("http", "https"),
                                            List.of("tcp", "tls", "udp"),
                                            List.of("grpc", "grpcs")))),
                            Field.set("methods", Field.string("method").rule(Rule.text(Formats::method))),
                            Field.array("hosts", Field.string("host").rule(Rule.text(Formats::routeHost))),
                            Field.array("paths", Field.string("path").rule(Rule.text(PathRegex::check))),
                            Field.map(
                                    "headers",
                                    Field.string("name").rule(Rule.text(RouteType::header)),
                                    Field.array("values", Field.string("value"))),
                            Field.integer("https_redirect_status_code")
                                    .standard(426L)
                                    .required()
                                    .sql("integer")
                                    .rule(Rule.oneOf(426, 301, 302, 307, 308)),
                            Field.integer("regex_priority").standard(0L),
                            Field.bool("strip_path").standard(true).required(),
                            Field.string("path_handling").standard("v0").rule(Rule.oneOf("v0", "v1")),
                            Field.bool("preserve_host").standard(false).required(),
                            Field.bool("request_buffering")
                                    .standard(true)
                                    .required()
                                    .since(2, 2),
                            Field.bool("response_buffering")
                                    .standard(true)
                                    .required()
                                    .since(2, 2),
                            Field.set("snis", Field.string("sni").rule(Rule.text(Formats::sni))),
                            Field.set("sources", address()),
                            Field.set("destinations", address()),
                            CommonFields.tags(),
                            Field.foreign("service", "services"))
                    .map(Builder::build)
                    .toList(),
            Stream.of(
                            forbidden(IS_HTTP, HTTP, "sources", "destinations"),
                            forbidden(IS_STREAM, STREAM, "methods", "hosts", "paths", "headers"),
                            forbidden(IS_GRPC, GRPC, "methods", "sources", "destinations"),
                            Stream.of(
                                    new EntityCheck.Forbidden(
                                            "protocols",
                                            IS_GRPC,
                                            "strip_path",
                                            strip -> !Boolean.TRUE.equals(strip),
                                            "cannot set 'strip_path' when " + GRPC),
                                    new EntityCheck.EmptyWhen(
                                            "protocols",
                                            HAS_TLS.negate(),
                                            "snis",
                                            "'snis' can only be set when 'protocols' is 'grpcs', 'https' or 'tls'"),
                                    oneOf("https", "methods", "hosts", "headers", "paths", "snis"),
                                    oneOfPlain("http", "methods", "hosts", "headers", "paths"),
                                    new EntityCheck.OneOfWhen(
                                            "protocols", IS_STREAM, List.of("sources", "destinations", "snis"), STREAM),
                                    oneOf("grpcs", "hosts", "headers", "paths", "snis"),
                                    oneOfPlain("grpc", "hosts", "headers", "paths")))
                    .flatMap(checks -> checks)
                    .toList(),
            RouteType::stripPath);

    private RouteType() {}

    /* gRPC methods are whole paths: nothing may be stripped from them unless somebody says so. */
    private static void stripPath(Map<String, Object> input, Violations found) {
        if (!input.containsKey("strip_path") && IS_GRPC.test(input.get("protocols"))) {
            input.put("strip_path", false);
        }
    }

    private static Builder address() {
        return Field.record(
                "address",
                List.of(Field.string("ip").rule(Rule.text(Formats::ipOrCidr)), CommonFields.port("port")),
                new EntityCheck.AtLeastOneOf(List.of("ip", "port")));
    }

    private static String header(String name) {
        return name.equalsIgnoreCase("host")
                ? "cannot contain 'host' header, which must be specified in the 'hosts' attribute"
                : Formats.header(name);
    }

    private static Stream<EntityCheck> forbidden(Predicate<Object> when, String text, String... fields) {
        return Stream.of(fields)
                .map(field -> new EntityCheck.Forbidden(
                        "protocols", when, field, Objects::isNull, "cannot set '" + field + "' when " + text));
    }

    private static EntityCheck oneOf(String protocol, String... fields) {
        return new EntityCheck.OneOfWhen(
                "protocols", any(protocol), List.of(fields), "'protocols' is '" + protocol + "'");
    }

    /** As {@link #oneOf}, where the variant with TLS is not among the protocols. */
    private static EntityCheck oneOfPlain(String protocol, String... fields) {
        return new EntityCheck.OneOfWhen(
                "protocols",
                any(protocol).and(any(protocol + "s").negate()),
                List.of(fields),
                "'protocols' is '" + protocol + "'");
    }

    private static Predicate<Object> any(String... protocols) {
        return value -> value instanceof List<?> list && Stream.of(protocols).anyMatch(list::contains);
    }
}
