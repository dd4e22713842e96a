package io.drawbridge.sync;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.Validator;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Finds plugins that were valid when they were written and that a data plane refuses, and with them the whole configuration: by
 * the rules of its release, and by what only a node with a database can do; if so wished, also what it lacks. They are withheld. What a
 * plugin guards is withheld with it, so that nobody gets in who may not; where that would be everything, nothing is sent. Pure.
 */
final class Fitness {
    /* Without one of these nobody gets to what he is kept from. Of all others, also those that nobody knows, it is not certain. */
    private static final Set<String> HARMLESS = Set.of(
            "acme",
            "correlation-id",
            "cors",
            "datadog",
            "file-log",
            "http-log",
            "loggly",
            "prometheus",
            "proxy-cache",
            "rate-limiting",
            "response-ratelimiting",
            "session",
            "statsd",
            "syslog",
            "tcp-log",
            "udp-log",
            "zipkin");

    private static final Set<String> COUNTERS = Set.of("rate-limiting", "response-ratelimiting");
    private static final String PLUGINS = "plugins";
    private static final String ROUTES = "routes";

    private final Validator validator = new Validator(InstantSource.system());
    private final Set<String> missing;

    /** @param missing names of plugins that the data plane does not have */
    Fitness(Set<String> missing) {
        this.missing = missing;
    }

    /**
     * @param entities what may be sent
     * @param withheld what may not, and why
     * @param blocked why nothing may be sent; empty: it may
     */
    record Result(Map<String, List<Entity>> entities, List<Withheld> withheld, Optional<String> blocked) {}

    /** An entity that is not sent. */
    record Withheld(String type, UUID id, String reason) {}

    Result of(Map<String, List<Entity>> entities) {
        List<Withheld> withheld = new ArrayList<>();
        Set<UUID> routes = new HashSet<>();
        Set<UUID> plugins = new HashSet<>();
        for (Entity plugin : entities.getOrDefault(PLUGINS, List.of())) {
            Optional<String> wrong = wrong(plugin);
            if (wrong.isEmpty()) {
                continue;
            }
            String reason = plugin.get("name") + ": " + wrong.get();
            plugins.add(plugin.id());
            withheld.add(new Withheld(PLUGINS, plugin.id(), reason));
            if (!HARMLESS.contains(String.valueOf(plugin.get("name")))
                    && !Boolean.FALSE.equals(plugin.get("enabled"))) {
                if (plugin.reference("route") == null && plugin.reference("service") == null) {
                    return new Result(
                            Map.of(),
                            withheld,
                            Optional.of("plugin " + plugin.id() + " cannot be left out, " + reason));
                }
                guarded(plugin, entities).forEach(route -> {
                    if (routes.add(route.id())) {
                        withheld.add(new Withheld(ROUTES, route.id(), "is guarded by plugin " + plugin.id()));
                    }
                });
            }
        }
        if (plugins.isEmpty()) {
            return new Result(entities, List.of(), Optional.empty());
        }
        Map<String, List<Entity>> rest = new LinkedHashMap<>(entities);
        rest.computeIfPresent(
                ROUTES,
                (name, all) -> all.stream()
                        .filter(route -> !routes.contains(route.id()))
                        .toList());
        rest.computeIfPresent(
                PLUGINS,
                (name, all) -> all.stream()
                        .filter(plugin -> !plugins.contains(plugin.id()) && !routes.contains(plugin.reference("route")))
                        .toList());
        return new Result(rest, withheld, Optional.empty());
    }

    private static List<Entity> guarded(Entity plugin, Map<String, List<Entity>> entities) {
        UUID route = plugin.reference("route");
        UUID service = plugin.reference("service");
        return entities.getOrDefault(ROUTES, List.of()).stream()
                .filter(each -> (route == null || route.equals(each.id()))
                        && (service == null || service.equals(each.reference("service"))))
                .toList();
    }

    private Optional<String> wrong(Entity plugin) {
        if (missing.contains(String.valueOf(plugin.get("name")))) {
            return Optional.of("the data plane does not have it, or another version of it");
        }
        if (COUNTERS.contains(String.valueOf(plugin.get("name")))
                && plugin.get("config") instanceof Map<?, ?> config
                && "cluster".equals(config.get("policy"))) {
            return Optional.of("the policy 'cluster' needs a database");
        }
        Validator.Checked checked = validator.createDerived(plugin.type(), plugin.values());
        return checked.violations().isEmpty()
                ? Optional.empty()
                : Optional.of(checked.violations().message());
    }
}
