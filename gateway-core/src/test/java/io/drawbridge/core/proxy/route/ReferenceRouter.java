package io.drawbridge.core.proxy.route;

import io.drawbridge.core.entity.Entity;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The rules of routing as plainly as they can be written: looks at every route, knows nothing of tables. For paths that are normal already. */
final class ReferenceRouter {
    private final Collection<Entity> routes;

    ReferenceRouter(Collection<Entity> routes) {
        this.routes = routes;
    }

    /** @param refused whether the request may not take the route */
    record Found(Entity route, boolean refused) {}

    Optional<Found> match(RouteQuery query) {
        List<Way> ways = routes.stream()
                .flatMap(route -> ways(route, query))
                .filter(way -> way.matches(query))
                .sorted(Way.RANK.thenComparing(Way::created).thenComparing(way -> way.route.id()))
                .toList();
        if (ways.isEmpty()) {
            return Optional.empty();
        }
        Way first = ways.get(0);
        return ways.stream()
                .filter(way -> Way.RANK.compare(first, way) == 0
                        && Objects.equals(first.path, way.path)
                        && !way.refuses(query))
                .findFirst()
                .map(way -> new Found(way.route, false))
                .or(() -> Optional.of(new Found(first.route, true)));
    }

    private static Stream<Way> ways(Entity route, RouteQuery query) {
        return orNull(route, "hosts").flatMap(host -> orNull(route, "paths").map(path -> new Way(route, host, path)));
    }

    private static Stream<String> orNull(Entity route, String field) {
        List<String> all = texts(route, field);
        return all.isEmpty() ? Stream.of((String) null) : all.stream();
    }

    private static List<String> texts(Entity route, String field) {
        return route.get(field) instanceof List<?> all
                ? all.stream().map(Objects::toString).toList()
                : List.of();
    }

    /** A route by one of its hosts and one of its paths. */
    private record Way(Entity route, String host, String path) {
        static final Comparator<Way> RANK = Comparator.<Way>comparingInt(way -> -way.attributes())
                .thenComparing(way -> !way.has("hosts"))
                .thenComparing(way -> !way.has("headers"))
                .thenComparing(way -> !way.has("paths"))
                .thenComparing(way -> !way.has("methods"))
                .thenComparing(way -> way.host != null && way.host.contains("*"))
                .thenComparing(way -> way.host != null && !way.host.contains(":"))
                .thenComparing(way -> way.host == null ? 0 : -way.host.length())
                .thenComparing(way -> String.valueOf(way.host))
                .thenComparing(way -> -way.headers().size())
                .thenComparing(way -> !way.regex())
                .thenComparing(way -> way.regex() ? -(Long) way.route.get("regex_priority") : 0)
                .thenComparing(way -> way.path == null || way.regex() ? 0 : -way.path.length())
                .thenComparing(way -> texts(way.route, "hosts").toString().contains("*"))
                .thenComparing(way -> texts(way.route, "paths").stream()
                        .filter(path -> !isRegex(path))
                        .mapToInt(path -> -path.length())
                        .min()
                        .orElse(0));

        private int attributes() {
            return (int) Stream.of("hosts", "headers", "paths", "methods", "snis")
                    .filter(this::has)
                    .count();
        }

        private boolean has(String field) {
            return field.equals("headers")
                    ? !headers().isEmpty()
                    : !texts(route, field).isEmpty();
        }

        private Map<?, ?> headers() {
            return route.get("headers") instanceof Map<?, ?> map ? map : Map.of();
        }

        private boolean regex() {
            return path != null && isRegex(path);
        }

        private static boolean isRegex(String path) {
            return !path.matches("[A-Za-z0-9._~/%-]*");
        }

        private long created() {
            return (Long) route.get("created_at");
        }

        boolean matches(RouteQuery query) {
            boolean encrypted = query.scheme().equals("https");
            List<String> methods = texts(route, "methods");
            List<String> snis = texts(route, "snis");
            return host(query.host(), encrypted ? "443" : "80")
                    && path(query.path())
                    && (methods.isEmpty() || methods.contains(query.method()))
                    && (snis.isEmpty() || !encrypted || snis.contains(String.valueOf(query.sni())))
                    && headers().entrySet().stream().allMatch(header -> header(header, query))
                    && (!encrypted || speaks("https", "grpcs"));
        }

        private boolean host(String asked, String port) {
            String whole = asked.contains(":") ? asked : asked + ':' + port;
            return host == null
                    || whole.matches(host.replace(".", "\\.").replace("*", ".+") + (host.contains(":") ? "" : ":\\d+"));
        }

        private boolean path(String asked) {
            Matcher expression = regex() ? Pattern.compile(path).matcher(asked) : null;
            return path == null || (expression == null ? asked.startsWith(path) : expression.lookingAt());
        }

        private static boolean header(Map.Entry<?, ?> header, RouteQuery query) {
            return query.headers().getAll((String) header.getKey()).stream()
                    .anyMatch(value -> ((List<?>) header.getValue())
                            .stream().map(Objects::toString).anyMatch(wanted -> wanted.equalsIgnoreCase(value)));
        }

        boolean refuses(RouteQuery query) {
            boolean plain = query.scheme().equals("http") && !speaks("http", "grpc");
            boolean notGrpc = speaks("grpc", "grpcs")
                    && !(query.http2()
                            && String.valueOf(query.headers().get("content-type"))
                                    .toLowerCase(Locale.ROOT)
                                    .startsWith("application/grpc"));
            return plain || notGrpc;
        }

        private boolean speaks(String one, String other) {
            List<String> protocols = texts(route, "protocols");
            return protocols.contains(one) || protocols.contains(other);
        }
    }
}
