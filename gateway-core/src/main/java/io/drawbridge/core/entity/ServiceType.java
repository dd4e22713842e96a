package io.drawbridge.core.entity;

import io.drawbridge.core.entity.Field.Builder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code services}: an upstream application. */
final class ServiceType {
    private static final Pattern URL = Pattern.compile(
            "(?:(?<scheme>[A-Za-z0-9][A-Za-z0-9+.-]*):)?(?://(?<authority>[^/?#]*))?(?<path>[^?#]*).*", Pattern.DOTALL);
    private static final Pattern AUTHORITY =
            Pattern.compile("(?:[^@]*@)?(?<host>\\[[^\\]]*\\]|[^:]*|.*?)(?::(?<port>[^:\\]]*))?", Pattern.DOTALL);

    private static final Predicate<Object> WITHOUT_PATH =
            Set.<Object>of("tcp", "tls", "udp", "grpc", "grpcs")::contains;
    private static final Predicate<Object> WITHOUT_TLS = protocol -> !"https".equals(protocol);

    static final EntityType TYPE = new EntityType(
            "services",
            "services",
            "services",
            "name",
            true,
            Stream.of(
                            CommonFields.id(),
                            CommonFields.createdAt(),
                            CommonFields.updatedAt(),
                            CommonFields.name(),
                            Field.integer("retries").standard(5L).rule(Rule.between(0, 32767)),
                            CommonFields.protocol("protocol").standard("http").required(),
                            Field.string("host").rule(Rule.text(Formats::host)).required(),
                            CommonFields.port("port").standard(80L).required(),
                            Field.string("path").rule(Rule.text(Formats::path)),
                            CommonFields.timeout("connect_timeout"),
                            CommonFields.timeout("write_timeout"),
                            CommonFields.timeout("read_timeout"),
                            CommonFields.tags(),
                            Field.foreign("client_certificate", "certificates"),
                            Field.bool("tls_verify").since(2, 1),
                            Field.integer("tls_verify_depth")
                                    .rule(Rule.between(0, 64))
                                    .sql("smallint")
                                    .since(2, 1),
                            Field.array("ca_certificates", Field.uuid("id")).since(2, 1))
                    .map(Builder::build)
                    .toList(),
            List.of(
                    new EntityCheck.NullWhen("protocol", WITHOUT_PATH, "path"),
                    new EntityCheck.NullWhen("protocol", WITHOUT_TLS, "client_certificate"),
                    new EntityCheck.NullWhen("protocol", WITHOUT_TLS, "tls_verify"),
                    new EntityCheck.NullWhen("protocol", WITHOUT_TLS, "tls_verify_depth"),
                    new EntityCheck.NullWhen("protocol", WITHOUT_TLS, "ca_certificates")),
            ServiceType::url);

    private ServiceType() {}

    /** {@code url} stands for protocol, host, port and path. */
    private static void url(Map<String, Object> input, Violations found) {
        if (!input.containsKey("url")) {
            return;
        }
        Object url = input.remove("url");
        if (url == null) {
            return;
        }
        if (!(url instanceof String text)) {
            found.field("url", FieldType.STRING.mismatch());
            return;
        }
        Matcher parts = URL.matcher(text);
        if (!parts.matches()) {
            found.field("url", "invalid value: " + text);
            return;
        }
        String authority = parts.group("authority");
        Matcher hostAndPort = AUTHORITY.matcher(authority == null ? "" : authority);
        boolean known = hostAndPort.matches();
        String host = known ? hostAndPort.group("host") : authority;
        Object port = port(known ? hostAndPort.group("port") : null);
        String scheme = parts.group("scheme");
        if (scheme != null) {
            input.put("protocol", scheme);
        } else if (port instanceof Long number && (number == 80 || number == 443)) {
            input.put("protocol", number == 80 ? "http" : "https");
        }
        if (host != null && !host.isEmpty()) {
            input.put("host", host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
        }
        input.put("port", port != null ? port : "https".equals(scheme) ? 443L : 80L);
        String path = parts.group("path");
        input.put("path", path.isEmpty() ? null : path);
    }

    private static Object port(String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        return text.matches("\\d{1,9}") ? (Object) Long.valueOf(text) : text;
    }
}
