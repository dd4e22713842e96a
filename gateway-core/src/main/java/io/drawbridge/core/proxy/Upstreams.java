package io.drawbridge.core.proxy;

import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.entity.Entity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The configured upstreams and who balances over their targets, by name. Immutable, but for whose turn it is. */
final class Upstreams {
    private static final Logger LOG = LoggerFactory.getLogger(Upstreams.class);
    private static final String ROUND_ROBIN = "round-robin";
    private static final Comparator<Entity> NEWEST = Comparator.<Entity>comparingDouble(
                    target -> target.get("created_at") instanceof Number number ? number.doubleValue() : 0)
            .thenComparing(target -> (String) target.get("id"));

    /** One of them. @param rows its targets as configured, those that no longer count included */
    record Upstream(Entity entity, List<Entity> rows, Balancer balancer) {
        boolean isOf(Entity other, List<Entity> others) {
            if (entity != other || rows.size() != others.size()) {
                return false;
            }
            for (int i = 0; i < rows.size(); i++) {
                if (rows.get(i) != others.get(i)) {
                    return false;
                }
            }
            return true;
        }

        String name() {
            return (String) entity.get("name");
        }

        /** Falls back to taking turns. */
        boolean isImitated() {
            Object algorithm = entity.get("algorithm");
            return algorithm != null && !ROUND_ROBIN.equals(algorithm);
        }
    }

    private final Map<String, Upstream> byName;

    private Upstreams(Map<String, Upstream> byName) {
        this.byName = byName;
    }

    static Upstreams empty() {
        return new Upstreams(Map.of());
    }

    /** Those that are as they were keep their turn. */
    static Upstreams of(ConfigSnapshot snapshot, Upstreams before) {
        Map<UUID, List<Entity>> rows = new HashMap<>();
        for (Entity target : snapshot.all("targets")) {
            rows.computeIfAbsent(target.reference("upstream"), upstream -> new ArrayList<>())
                    .add(target);
        }
        Map<String, Upstream> byName = new HashMap<>();
        for (Entity entity : snapshot.all("upstreams")) {
            List<Entity> own = rows.getOrDefault(entity.id(), List.of());
            Upstream known = before.byName.get((String) entity.get("name"));
            Upstream upstream = known != null && known.isOf(entity, own) ? known : make(entity, own);
            byName.put(upstream.name(), upstream);
        }
        return new Upstreams(byName);
    }

    private static Upstream make(Entity entity, List<Entity> rows) {
        Map<String, Entity> newest = new HashMap<>();
        for (Entity row : rows) {
            newest.merge((String) row.get("target"), row, (one, other) -> NEWEST.compare(one, other) < 0 ? other : one);
        }
        List<Target> targets = newest.values().stream()
                .filter(row -> weight(row) > 0)
                .sorted(NEWEST)
                .map(row -> Target.of((String) row.get("target"), (String) entity.get("host_header"), weight(row)))
                .toList();
        Upstream made = new Upstream(entity, List.copyOf(rows), new Balancer(targets));
        if (made.isImitated()) {
            LOG.warn("upstream falls back to round-robin name={} algorithm={}", made.name(), entity.get("algorithm"));
        }
        return made;
    }

    private static int weight(Entity row) {
        return row.get("weight") instanceof Number number ? number.intValue() : 100;
    }

    Optional<Upstream> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** What is not done as configured, for people. */
    List<String> notes() {
        return byName.values().stream()
                .filter(Upstream::isImitated)
                .map(upstream -> "upstream " + upstream.name() + ": "
                        + upstream.entity().get("algorithm") + " is not implemented, targets take turns by weight")
                .sorted()
                .toList();
    }
}
