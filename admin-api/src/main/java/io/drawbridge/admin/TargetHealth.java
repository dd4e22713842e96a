package io.drawbridge.admin;

import io.drawbridge.core.entity.Entity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Which targets operators said to be up or down, on this node. Thread-safe. */
final class TargetHealth {
    /* Beyond that, what was said first is forgotten: a target without an entry is up. */
    private static final int ENTRIES_MAX = 100_000;

    /** What can be said of a target. */
    enum State {
        HEALTHY,
        UNHEALTHY;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private record Key(UUID target, String address) {}

    private final Map<Key, State> said = new ConcurrentHashMap<>();

    /** @param address of the target; null: all of them */
    void set(UUID target, String address, State state) {
        if (address == null) {
            said.keySet().removeIf(key -> key.target().equals(target));
        }
        if (said.size() >= ENTRIES_MAX) {
            said.clear();
        }
        said.put(new Key(target, address), state);
    }

    private State state(UUID target, String address) {
        State one = said.get(new Key(target, address));
        return one != null ? one : said.getOrDefault(new Key(target, null), State.HEALTHY);
    }

    /** Whether anything of an upstream's health is looked at. */
    static boolean watched(Entity upstream) {
        return upstream.get("healthchecks") instanceof Map<?, ?> checks
                && (positive(checks, "active", "healthy", "interval")
                        || positive(checks, "active", "unhealthy", "interval")
                        || List.of("tcp_failures", "timeouts", "http_failures").stream()
                                .anyMatch(counter -> positive(checks, "passive", "unhealthy", counter)));
    }

    private static boolean positive(Map<?, ?> checks, String kind, String half, String field) {
        return checks.get(kind) instanceof Map<?, ?> of
                && of.get(half) instanceof Map<?, ?> part
                && part.get(field) instanceof Number number
                && number.doubleValue() > 0;
    }

    /** A target as the health document shows it. */
    Map<String, Object> document(Entity upstream, Entity target) {
        String text = (String) target.get("target");
        int colon = text.lastIndexOf(':');
        String host = text.substring(0, colon).replaceAll("[\\[\\]]", "");
        long port = Long.parseLong(text.substring(colon + 1));
        Object weight = target.get("weight");
        boolean up = state(target.id(), text) == State.HEALTHY;
        String health = watched(upstream) ? (up ? State.HEALTHY : State.UNHEALTHY).name() : "HEALTHCHECKS_OFF";
        Map<String, Object> weights = new LinkedHashMap<>();
        weights.put("total", weight);
        weights.put("available", up ? weight : 0);
        weights.put("unavailable", up ? 0 : weight);
        Map<String, Object> address = new LinkedHashMap<>();
        address.put("ip", host);
        address.put("port", port);
        address.put("weight", weight);
        address.put("health", health);
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("host", host);
        data.put("port", port);
        data.put("nodeWeight", weight);
        data.put("weight", weights);
        data.put("addresses", List.of(address));
        Map<String, Object> document = new LinkedHashMap<>(target.values());
        document.put("health", health);
        document.put("data", data);
        return document;
    }

    /** An upstream as a whole: healthy while one of its targets is. */
    Map<String, Object> balancer(Entity upstream, List<Entity> targets) {
        boolean watched = watched(upstream);
        boolean up =
                targets.stream().anyMatch(target -> state(target.id(), (String) target.get("target")) == State.HEALTHY);
        Map<String, Object> balancer = new LinkedHashMap<>();
        balancer.put("id", upstream.id().toString());
        balancer.put("health", watched ? (up ? State.HEALTHY : State.UNHEALTHY).name() : "HEALTHCHECKS_OFF");
        balancer.put(
                "details",
                Map.of(
                        "hosts",
                        targets.stream()
                                .map(target -> document(upstream, target))
                                .toList()));
        return balancer;
    }
}
