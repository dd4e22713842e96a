package io.drawbridge.core.proxy.plugin;

import java.util.ArrayList;
import java.util.List;

/**
 * What can apply to requests of one route and protocol: a slot for each name, in order. Immutable.
 *
 * @param unknown how many of the first are of plugins that this node does not know
 */
record Plan(List<Slot> slots, int unknown) {
    static final Plan EMPTY = new Plan(List.of(), 0);

    static Plan of(List<Named> names, Exchange exchange, boolean tls) {
        String route = (String) exchange.route().get("id");
        String service =
                exchange.service().map(there -> (String) there.get("id")).orElse(null);
        String protocol = protocol(exchange.route().get("protocols"), tls);
        List<Slot> slots = new ArrayList<>();
        int unknown = 0;
        for (Named named : names) {
            Slot slot = Slot.of(named, route, service, protocol);
            if (slot.canApply()) {
                slots.add(slot);
                unknown += named.unknown() ? 1 : 0;
            }
        }
        return slots.isEmpty() ? EMPTY : new Plan(List.copyOf(slots), unknown);
    }

    boolean isEmpty() {
        return slots.isEmpty();
    }

    /* A route is either for gRPC or for HTTP. */
    private static String protocol(Object routes, boolean tls) {
        boolean grpc = routes instanceof List<?> list && (list.contains("grpc") || list.contains("grpcs"));
        String name = grpc ? "grpc" : "http";
        return tls ? name + "s" : name;
    }

    /**
     * Of one name, what applies to whom.
     *
     * @param both for the route and the service together; null if there is none
     * @param either for the route, else for the service, else for all; null if there is none
     */
    record Slot(Named named, String route, String service, String protocol, Configured both, Configured either) {
        static Slot of(Named named, String route, String service, String protocol) {
            Configured both = service == null ? null : named.find(route, service, null, protocol);
            Configured either = named.find(route, null, null, protocol);
            if (either == null && service != null) {
                either = named.find(null, service, null, protocol);
            }
            if (either == null) {
                either = named.find(null, null, null, protocol);
            }
            return new Slot(named, route, service, protocol, both, either);
        }

        boolean canApply() {
            return both != null || either != null || named.perConsumer();
        }

        /** @param consumer its id; null if nobody is known */
        Configured resolve(String consumer) {
            if (consumer == null || !named.perConsumer()) {
                return both != null ? both : either;
            }
            Configured found = service == null ? null : named.find(route, service, consumer, protocol);
            if (found == null) {
                found = named.find(route, null, consumer, protocol);
            }
            if (found == null && service != null) {
                found = named.find(null, service, consumer, protocol);
            }
            if (found == null) {
                found = both != null ? both : named.find(null, null, consumer, protocol);
            }
            return found != null ? found : either;
        }
    }
}
