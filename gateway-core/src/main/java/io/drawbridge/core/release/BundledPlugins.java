package io.drawbridge.core.release;

import io.drawbridge.migration.Release;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Names of the plugins that come with each release; a row of table plugins that names another keeps nodes from starting. */
public final class BundledPlugins {
    private static final Set<String> ALWAYS = Set.of(
            "acl",
            "aws-lambda",
            "azure-functions",
            "basic-auth",
            "bot-detection",
            "correlation-id",
            "cors",
            "datadog",
            "file-log",
            "hmac-auth",
            "http-log",
            "ip-restriction",
            "jwt",
            "key-auth",
            "ldap-auth",
            "loggly",
            "oauth2",
            "post-function",
            "pre-function",
            "prometheus",
            "proxy-cache",
            "rate-limiting",
            "request-size-limiting",
            "request-termination",
            "request-transformer",
            "response-ratelimiting",
            "response-transformer",
            "session",
            "statsd",
            "syslog",
            "tcp-log",
            "udp-log",
            "zipkin");

    private static final Map<Release, Set<String>> LATER = Map.of(
            Release.of(2, 0), Set.of("acme"),
            Release.of(2, 1), Set.of("grpc-gateway", "grpc-web"));

    private BundledPlugins() {}

    public static Set<String> of(Release release) {
        Set<String> names = new TreeSet<>(ALWAYS);
        LATER.forEach((since, plugins) -> {
            if (!since.isNewerThan(release)) {
                names.addAll(plugins);
            }
        });
        return names;
    }
}
