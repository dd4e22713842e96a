package io.drawbridge.core.proxy.route;

import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.entity.Entity;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** A route made ready for requests. Immutable; made anew only if the route or its service changes. */
final class CompiledRoute {
    private final Entity route;
    private final UUID serviceId;
    private final Entity service;
    private final List<HostPattern> hosts;
    private final List<PathPattern> paths;
    private final List<Entry> entries;
    private final Map<String, Set<String>> headers;
    private final Set<?> methods;
    private final Set<String> snis;
    private final Set<?> protocols;
    private final boolean grpc;
    private final boolean plain;
    private final boolean encrypted;
    private final boolean strip;
    private final boolean v1;
    private final String base;
    private final Refusal notEncrypted;
    private final int category;
    private final long regexPriority;
    private final long createdAt;
    private final boolean exactHosts;
    private final int longestPrefix;

    CompiledRoute(Entity route, ConfigSnapshot snapshot) {
        this.route = route;
        this.serviceId = route.reference("service");
        this.service = service(snapshot);
        this.hosts = texts("hosts").stream().map(HostPattern::of).distinct().toList();
        this.paths = texts("paths").stream().map(PathPattern::of).distinct().toList();
        this.entries = paths.isEmpty()
                ? List.of(new Entry(this, null))
                : paths.stream().map(path -> new Entry(this, path)).toList();
        this.headers = headers(route.get("headers"));
        this.methods = Set.copyOf(texts("methods"));
        this.snis = lowerCase(texts("snis"));
        this.protocols = Set.copyOf(texts("protocols"));
        this.grpc = protocols.contains("grpc") || protocols.contains("grpcs");
        this.plain = protocols.contains("http") || protocols.contains("grpc");
        this.encrypted = protocols.contains("https") || protocols.contains("grpcs");
        this.strip = Boolean.TRUE.equals(route.get("strip_path"));
        this.v1 = "v1".equals(route.get("path_handling"));
        this.base = service != null && service.get("path") instanceof String path && !path.isEmpty() ? path : "/";
        this.notEncrypted = Refusal.plain((int) number("https_redirect_status_code", 426));
        this.category = rank();
        this.regexPriority = number("regex_priority", 0);
        this.createdAt = number("created_at", 0);
        this.exactHosts = hosts.stream().allMatch(HostPattern::exact);
        this.longestPrefix = paths.stream()
                .filter(PathPattern::prefix)
                .mapToInt(path -> path.text().length())
                .max()
                .orElse(0);
    }

    private Entity service(ConfigSnapshot snapshot) {
        return serviceId == null ? null : snapshot.find("services", serviceId).orElse(null);
    }

    /** Whether it would be the same in another configuration that has the same route. */
    boolean isOf(ConfigSnapshot snapshot) {
        return service(snapshot) == service;
    }

    /** Whether it is for HTTP and gRPC: others are not routed by requests. */
    static boolean isServed(Entity route) {
        return route.get("protocols") instanceof Collection<?> names
                && names.stream().anyMatch(List.of("http", "https", "grpc", "grpcs")::contains);
    }

    /* Which attributes it has. More of them come first; of so many, those with hosts, then headers, paths, methods, names of TLS. */
    private int rank() {
        int bits = (hosts.isEmpty() ? 0 : 16)
                + (headers.isEmpty() ? 0 : 8)
                + (paths.isEmpty() ? 0 : 4)
                + (methods.isEmpty() ? 0 : 2)
                + (snis.isEmpty() ? 0 : 1);
        return Integer.bitCount(bits) * 32 + bits;
    }

    Entity route() {
        return route;
    }

    /** Empty: any. */
    List<HostPattern> hosts() {
        return hosts;
    }

    /** Empty: any. */
    List<PathPattern> paths() {
        return paths;
    }

    /** One for each path. */
    List<Entry> entries() {
        return entries;
    }

    /** The higher one is tried first. */
    int category() {
        return category;
    }

    int headerCount() {
        return headers.size();
    }

    long regexPriority() {
        return regexPriority;
    }

    long createdAt() {
        return createdAt;
    }

    /** Whether it names hosts without wildcards only. */
    boolean exactHosts() {
        return exactHosts;
    }

    int longestPrefix() {
        return longestPrefix;
    }

    /** Whether a request is one of its, host and path aside. */
    boolean matches(RouteQuery query) {
        return (methods.isEmpty() || methods.contains(query.method()))
                && (encrypted || !query.encrypted())
                && (snis.isEmpty() || !query.encrypted() || query.sni() != null && snis.contains(query.sni()))
                && (headers.isEmpty() || matchHeaders(query));
    }

    private boolean matchHeaders(RouteQuery query) {
        for (Map.Entry<String, Set<String>> header : headers.entrySet()) {
            boolean found = false;
            for (String value : query.headers().getAll(header.getKey())) {
                found |= header.getValue().contains(value.toLowerCase(Locale.ROOT));
            }
            if (!found) {
                return false;
            }
        }
        return true;
    }

    /** Why a request that matches must not take it; null if it may. */
    Refusal refusal(RouteQuery query) {
        if (!grpc) {
            return plain || query.encrypted() ? null : notEncrypted;
        }
        if (!query.grpc()) {
            return Refusal.NOT_GRPC;
        }
        if (!query.http2()) {
            return Refusal.NOT_HTTP2;
        }
        return plain || query.encrypted() ? null : Refusal.PLAIN_GRPC;
    }

    /** @param end how many characters of the path one of its paths takes */
    RouteMatch match(RequestPath path, int end, String raw, Refusal refused) {
        boolean stripped = strip && end > 0;
        String upstream = UpstreamPath.join(base, path.from(stripped ? end : 0), stripped, raw, v1);
        return new RouteMatch(route, service, upstream, stripped ? path.text().substring(0, end) : null, refused);
    }

    private List<String> texts(String field) {
        return route.get(field) instanceof Collection<?> all
                ? all.stream().map(String.class::cast).toList()
                : List.of();
    }

    private long number(String field, long otherwise) {
        return route.get(field) instanceof Number number ? number.longValue() : otherwise;
    }

    private static Map<String, Set<String>> headers(Object configured) {
        Map<String, Set<String>> headers = new LinkedHashMap<>();
        if (configured instanceof Map<?, ?> map) {
            map.forEach((name, values) -> headers.put(
                    (String) name,
                    values instanceof Collection<?> all
                            ? lowerCase(all.stream().map(String.class::cast).toList())
                            : Set.of()));
        }
        return headers;
    }

    private static Set<String> lowerCase(List<String> texts) {
        return texts.stream().map(text -> text.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }
}
