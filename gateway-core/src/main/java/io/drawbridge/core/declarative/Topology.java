package io.drawbridge.core.declarative;

import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.Field;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** The order in which types are written: referenced ones first, then core before plugins' own, then by name. */
final class Topology {
    private static final Set<String> CORE = Set.of(
            Workspaces.TYPE,
            "services",
            "routes",
            "consumers",
            "plugins",
            "upstreams",
            "targets",
            "certificates",
            "snis",
            "ca_certificates");

    private Topology() {}

    static List<EntityType> order(EntityTypes types) {
        List<EntityType> waiting = new ArrayList<>(types.declared());
        waiting.sort(Comparator.comparing((EntityType type) -> !type.name().equals(Workspaces.TYPE))
                .thenComparing(type -> !CORE.contains(type.name()))
                .thenComparing(EntityType::name));
        List<EntityType> order = new ArrayList<>();
        while (!waiting.isEmpty()) {
            EntityType next = waiting.stream()
                    .filter(type -> type.references().stream()
                            .map(Field::reference)
                            .noneMatch(other -> waiting.stream()
                                    .anyMatch(each -> each.name().equals(other) && each != type)))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("types refer to each other in a circle: " + waiting));
            waiting.remove(next);
            order.add(next);
        }
        return List.copyOf(order);
    }
}
