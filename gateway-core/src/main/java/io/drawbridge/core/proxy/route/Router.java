package io.drawbridge.core.proxy.route;

import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.entity.Entity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Which route a request takes, by Kong 2.5's rules. Immutable: another configuration is another router. */
public final class Router {
    private static final Router EMPTY = new Router(List.of());

    private final List<CompiledRoute> routes;

    private Router(List<CompiledRoute> routes) {
        this.routes = routes;
    }

    /** Without routes. */
    public static Router empty() {
        return EMPTY;
    }

    /** For a configuration. Takes from another router what is the same there. Not to be called on an event loop. */
    public static Router of(ConfigSnapshot snapshot, Router before) {
        Map<Entity, CompiledRoute> known = new IdentityHashMap<>();
        before.routes.forEach(route -> known.put(route.route(), route));
        List<CompiledRoute> routes = new ArrayList<>();
        for (Entity route : snapshot.all("routes")) {
            if (CompiledRoute.isServed(route)) {
                UUID id = route.reference("service");
                Entity service =
                        id == null ? null : snapshot.find("services", id).orElse(null);
                CompiledRoute old = known.get(route);
                routes.add(old != null && old.service() == service ? old : new CompiledRoute(route, service));
            }
        }
        return new Router(routes);
    }

    /** The route that a request takes; empty if none matches. */
    public Optional<RouteMatch> match(RouteQuery query) {
        RequestPath path = RequestPath.of(query.path());
        RequestHost host = RequestHost.of(query.host(), query.encrypted() ? 443 : 80);
        MatchBudget budget = new MatchBudget();
        List<Candidate> candidates = new ArrayList<>();
        for (CompiledRoute route : routes) {
            if (route.matches(query)) {
                Candidate.of(route, host, path.text(), budget).ifPresent(candidates::add);
            }
        }
        candidates.sort(Candidate.ORDER
                .thenComparing(each -> each.route.createdAt())
                .thenComparing(each -> each.route.route().id()));
        for (Candidate each : candidates) {
            Refusal refusal = each.route.refusal(query);
            if (refusal == null && Candidate.ORDER.compare(candidates.get(0), each) == 0) {
                return Optional.of(each.route.match(path, each.end, query.path(), null));
            }
        }
        return candidates.stream()
                .findFirst()
                .map(each -> each.route.match(path, each.end, query.path(), each.route.refusal(query)));
    }

    private record Candidate(CompiledRoute route, HostPattern host, PathPattern path, int end) {
        static final Comparator<PathPattern> PATHS = Comparator.comparing(PathPattern::prefix)
                .thenComparing(path -> -path.text().length());
        static final Comparator<Candidate> ORDER = Comparator.<Candidate>comparingInt(each -> -each.route.category())
                .thenComparing(Candidate::host, Comparator.nullsFirst(HostPattern.ORDER))
                .thenComparing(each -> -each.route.headerCount())
                .thenComparing(each -> each.path != null && each.path.prefix())
                .thenComparing(each -> each.path == null || each.path.prefix() ? 0 : -each.route.regexPriority())
                .thenComparing(Candidate::path, Comparator.nullsFirst(PATHS))
                .thenComparing(each -> !each.route.exactHosts())
                .thenComparing(each -> -each.route.longestPath());

        static Optional<Candidate> of(CompiledRoute route, RequestHost host, String path, MatchBudget budget) {
            HostPattern byHost = null;
            for (HostPattern each : route.hosts()) {
                if (each.matches(host) && (byHost == null || HostPattern.ORDER.compare(each, byHost) < 0)) {
                    byHost = each;
                }
            }
            PathPattern byPath = null;
            int end = 0;
            for (PathPattern each : route.paths()) {
                int taken = each.end(path, budget);
                if (taken >= 0 && (byPath == null || PATHS.compare(each, byPath) < 0)) {
                    byPath = each;
                    end = taken;
                }
            }
            boolean matches = (byHost != null || route.hosts().isEmpty())
                    && (byPath != null || route.paths().isEmpty());
            return matches ? Optional.of(new Candidate(route, byHost, byPath, end)) : Optional.empty();
        }
    }
}
