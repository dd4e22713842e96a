package io.drawbridge.admin;

import io.drawbridge.core.entity.EntityType;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Which handler a path and a method lead to. A segment in braces matches any one segment. Built once, then immutable. */
final class RouteTable {
    private final List<Route> routes = new ArrayList<>();

    /** Answers a request. */
    interface Handler extends Function<AdminRequest, Future<Reply>> {}

    /** A pattern and what is done there, by method. */
    static final class Route {
        private final String pattern;
        private final List<String> segments;
        private final Map<HttpMethod, Handler> handlers = new LinkedHashMap<>();
        private EntityType type;
        private boolean large;
        private boolean many;

        private Route(String pattern) {
            this.pattern = pattern;
            this.segments = split(pattern);
        }

        String pattern() {
            return pattern;
        }

        Map<HttpMethod, Handler> handlers() {
            return handlers;
        }

        /** Says what is written and read there. */
        Route of(EntityType what) {
            type = what;
            return this;
        }

        /** Says what is listed there. */
        Route ofMany(EntityType what) {
            many = true;
            return of(what);
        }

        /** Whether entities are listed there. */
        boolean many() {
            return many;
        }

        /** What is written and read there, if it is an entity. */
        Optional<EntityType> type() {
            return Optional.ofNullable(type);
        }

        /** Takes bodies that are larger than others, as documents. */
        Route large() {
            large = true;
            return this;
        }

        boolean isLarge() {
            return large;
        }

        Route get(Handler handler) {
            return on(HttpMethod.GET, handler);
        }

        Route post(Handler handler) {
            return on(HttpMethod.POST, handler);
        }

        Route put(Handler handler) {
            return on(HttpMethod.PUT, handler);
        }

        Route patch(Handler handler) {
            return on(HttpMethod.PATCH, handler);
        }

        Route delete(Handler handler) {
            return on(HttpMethod.DELETE, handler);
        }

        private Route on(HttpMethod method, Handler handler) {
            handlers.put(method, handler);
            return this;
        }

        private Optional<List<String>> match(List<String> path) {
            if (path.size() != segments.size()) {
                return Optional.empty();
            }
            List<String> parameters = new ArrayList<>();
            for (int i = 0; i < path.size(); i++) {
                if (segments.get(i).startsWith("{")) {
                    parameters.add(path.get(i));
                } else if (!segments.get(i).equals(path.get(i))) {
                    return Optional.empty();
                }
            }
            return Optional.of(parameters);
        }
    }

    /** A route and the raw segments that its parameters stand for. */
    record Match(Route route, List<String> parameters) {}

    Route at(String pattern) {
        Route route = new Route(pattern);
        routes.add(route);
        return route;
    }

    List<Route> routes() {
        return List.copyOf(routes);
    }

    /** The first route that fits the raw path; one slash at its end is tolerated. */
    Optional<Match> match(String path) {
        List<String> segments =
                split(path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
        if (segments.contains("")) {
            return Optional.empty();
        }
        for (Route route : routes) {
            Optional<List<String>> parameters = route.match(segments);
            if (parameters.isPresent()) {
                return Optional.of(new Match(route, parameters.get()));
            }
        }
        return Optional.empty();
    }

    private static List<String> split(String path) {
        return path.equals("/") ? List.of() : List.of(path.substring(1).split("/", -1));
    }
}
