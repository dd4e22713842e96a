package io.drawbridge.core.proxy.plugin;

import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.entity.Entity;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plugins of one configuration: finds those that apply to a request and runs their phases. Thread-safe.
 *
 * <p>Of the plugins of one name at most one applies, the first that there is of those for the request's route, service and
 * consumer; route and consumer; service and consumer; route and service; consumer; route; service; all requests. Those that are
 * not enabled, or not for the request's protocol, do not count. When a plugin has said who the consumer is, those after it are
 * chosen anew.
 *
 * <p>A request to which a plugin applies that this node cannot run is answered with 503, whatever the plugin does.
 */
public final class PluginChain {
    private static final Logger LOG = LoggerFactory.getLogger(PluginChain.class);
    private static final String NOT_THERE = "this node has no such plugin";

    private final Map<Entity, Configured> configured;
    private final Map<UUID, String> unusable;
    private final List<Named> names;
    /* By route; filled as requests come, so that a new configuration costs what of it is used. */
    private final Map<String, Plan> plain = new ConcurrentHashMap<>();
    private final Map<String, Plan> secure = new ConcurrentHashMap<>();

    private PluginChain(Map<Entity, Configured> configured, Map<String, Integer> priorities) {
        this.configured = configured;
        this.unusable = refusals(configured.values());
        this.names = named(configured.values(), priorities);
    }

    /** Without plugins. */
    public static PluginChain empty() {
        return new PluginChain(Map.of(), Map.of());
    }

    /**
     * For a configuration. Not for event loops: it makes plugins that are new or have changed, the others it takes over.
     *
     * @param kinds at most one of a name
     * @param before of the configuration before this one
     */
    public static PluginChain of(ConfigSnapshot snapshot, List<PluginKind> kinds, PluginChain before) {
        Map<String, PluginKind> byName = new HashMap<>();
        Map<String, Integer> priorities = new HashMap<>();
        for (PluginKind kind : kinds) {
            if (byName.put(kind.name(), kind) != null) {
                throw new IllegalArgumentException("two plugins of the name " + kind.name());
            }
            priorities.put(kind.name(), kind.priority());
        }
        Map<Entity, Configured> configured = new IdentityHashMap<>();
        for (Entity entity : snapshot.all("plugins")) {
            if (!Boolean.FALSE.equals(entity.get("enabled"))) {
                Configured known = before.configured.get(entity);
                configured.put(entity, known != null ? known : configure(entity, byName));
            }
        }
        return new PluginChain(configured, priorities);
    }

    /**
     * Asks the plugins that apply, one after the other, until one of them answers the request. What they fail with is answered
     * with 500, so that the future never fails. The exchange's route and service are those of the same configuration.
     */
    public Future<Verdict> access(Exchange exchange) {
        Plan plan = plan(exchange);
        if (plan.isEmpty()) {
            return Verdict.PASS;
        }
        Passage passage = new Passage(plan, exchange);
        exchange.passage(passage);
        return passage.access();
    }

    /** Whether a plugin has something to do with a request, once {@link #access} was called. */
    public boolean concern(Exchange exchange) {
        return exchange.passage() != null;
    }

    /** The head of the answer is known: for the plugins that applied in {@link #access}, those that were not reached included. */
    public void response(Exchange exchange) {
        Passage passage = exchange.passage();
        if (passage != null) {
            passage.response();
        }
    }

    /** It is over: for the same plugins as {@link #response}. */
    public void log(Exchange exchange) {
        Passage passage = exchange.passage();
        if (passage != null) {
            passage.log();
        }
    }

    /** Enabled plugins that this node cannot run, by id, and why. */
    public Map<UUID, String> unusable() {
        return unusable;
    }

    private Plan plan(Exchange exchange) {
        if (names.isEmpty()) {
            return Plan.EMPTY;
        }
        boolean tls = exchange.incoming().scheme().equals("https");
        Map<String, Plan> plans = tls ? secure : plain;
        String route = (String) exchange.route().get("id");
        Plan known = plans.get(route);
        return known != null ? known : plans.computeIfAbsent(route, id -> Plan.of(names, exchange, tls));
    }

    private static Configured configure(Entity entity, Map<String, PluginKind> kinds) {
        String name = (String) entity.get("name");
        PluginKind kind = kinds.get(name);
        Configured made = kind == null ? Configured.unusable(entity, NOT_THERE) : create(kind, entity);
        if (made.plugin() == null) {
            LOG.warn("plugin not usable name={} id={} reason={}", name, entity.get("id"), made.reason());
        }
        return made;
    }

    private static Configured create(PluginKind kind, Entity entity) {
        try {
            return Configured.usable(entity, kind.create(entity));
        } catch (IllegalArgumentException refused) {
            return Configured.unusable(entity, refused.getMessage());
        } catch (RuntimeException bug) {
            LOG.error("plugin creation failed name={} id={}", kind.name(), entity.get("id"), bug);
            return Configured.unusable(entity, "it could not be made");
        }
    }

    private static Map<UUID, String> refusals(Collection<Configured> all) {
        Map<UUID, String> refusals = new HashMap<>();
        for (Configured one : all) {
            if (one.plugin() == null) {
                refusals.put(one.entity().id(), one.name() + ": " + one.reason());
            }
        }
        return Map.copyOf(refusals);
    }

    /** Those that this node does not know come first: what they would have kept out, no other may answer. */
    private static List<Named> named(Collection<Configured> all, Map<String, Integer> priorities) {
        Map<String, Map<Scope, Configured>> byName = new HashMap<>();
        Set<String> consumers = new HashSet<>();
        for (Configured one : all) {
            byName.computeIfAbsent(one.name(), name -> new HashMap<>())
                    .merge(one.scope(), one, (first, second) -> first.isBefore(second) ? first : second);
            if (one.scope().consumer() != null) {
                consumers.add(one.name());
            }
        }
        List<Named> names = new ArrayList<>();
        byName.forEach(
                (name, scopes) -> names.add(new Named(name, priorities.get(name), scopes, consumers.contains(name))));
        names.sort(Comparator.comparing(Named::unknown)
                .thenComparing(Named::order)
                .reversed()
                .thenComparing(Named::name));
        return names;
    }
}
