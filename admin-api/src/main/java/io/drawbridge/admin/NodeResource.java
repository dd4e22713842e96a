package io.drawbridge.admin;

import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.store.EntityStore;
import io.drawbridge.core.store.PageRequest;
import io.drawbridge.migration.Futures;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** What a node says of itself. Thread-safe. */
final class NodeResource {
    private static final long LOOK_MILLIS = 1000;
    /* Of more plugins than that the rest is not looked at. */
    private static final List<Integer> PAGES = IntStream.range(0, 10).boxed().toList();

    private final AdminOptions options;
    private final NodeDescription node;
    private final Cluster cluster;
    private final EntityType plugins;
    private final EntityStore store;
    private final Supplier<String> scrape;
    private final Connections connections;
    private final Supplier<String> configHash;

    /** @param configHash of a node that has its configuration from a document; null: it has it from a database */
    NodeResource(
            AdminOptions options,
            NodeDescription node,
            Cluster cluster,
            EntityType plugins,
            EntityStore store,
            Supplier<String> scrape,
            Connections connections,
            Supplier<String> configHash) {
        this.options = options;
        this.node = node;
        this.cluster = cluster;
        this.plugins = plugins;
        this.store = store;
        this.scrape = scrape;
        this.connections = connections;
        this.configHash = configHash;
    }

    void routes(RouteTable table) {
        table.at("/").get(request -> configured().map(names -> Reply.json(200, root(names))));
        table.at("/status").get(this::status);
        table.at("/metrics")
                .get(request -> Future.succeededFuture(
                        Reply.text(200, "text/plain; version=0.0.4; charset=utf-8", scrape.get())));
        /* Nothing is cached here, so there is nothing to find or to forget. */
        table.at("/cache").delete(request -> Future.succeededFuture(Reply.empty(204)));
        table.at("/cache/{key}")
                .get(request -> Future.succeededFuture(Reply.notFound()))
                .delete(request -> Future.succeededFuture(Reply.empty(204)));
        table.at("/robots.txt")
                .get(request -> Future.succeededFuture(Reply.text(200, "text/plain", "User-agent: *\nDisallow: /")));
    }

    /** Names of the plugins that are configured somewhere; none if the database cannot say so now. */
    private Future<List<String>> configured() {
        Set<String> names = new TreeSet<>();
        UUID[] after = new UUID[1];
        boolean[] complete = new boolean[1];
        return Futures.forEach(
                        PAGES,
                        number -> complete[0]
                                ? Future.succeededFuture()
                                : store.page(plugins, new PageRequest(PageRequest.SIZE_MAX, after[0], null, null))
                                        .<Void>map(page -> {
                                            page.entities().forEach(plugin -> names.add((String) plugin.get("name")));
                                            after[0] = page.next();
                                            complete[0] = page.next() == null;
                                            return null;
                                        }))
                .timeout(LOOK_MILLIS, TimeUnit.MILLISECONDS)
                .transform(read -> Future.succeededFuture(List.copyOf(names)));
    }

    private Map<String, Object> root(List<String> configured) {
        Map<String, Object> available = new LinkedHashMap<>();
        node.plugins().forEach(plugin -> available.put(plugin, true));
        long pid = ProcessHandle.current().pid();
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("tagline", "Welcome to kong");
        root.put("version", options.version());
        root.put("edition", "community");
        root.put("hostname", node.hostname());
        root.put("node_id", node.nodeId());
        root.put("gateway_release", cluster.release().toString());
        root.put("timers", Map.of("running", 0, "pending", 0));
        root.put("plugins", ordered("available_on_server", available, "enabled_in_cluster", configured));
        root.put("lua_version", "none");
        root.put("configuration", node.configuration());
        root.put("pids", ordered("master", pid, "workers", List.of(pid)));
        return root;
    }

    private Future<Reply> status(AdminRequest request) {
        String unit = request.query().getOrDefault("unit", "m");
        if (!unit.matches("[bBkKmMgG]")) {
            return Future.succeededFuture(
                    Reply.message(400, "invalid unit '" + unit + "' (expected 'k/K', 'm/M', or 'g/G')"));
        }
        String scale = request.query().getOrDefault("scale", "2");
        int decimals = scale.matches("\\d{1,2}") ? Math.min(Integer.parseInt(scale), 12) : 2;
        return store.ping().transform(answer -> {
            Map<String, Object> server = new LinkedHashMap<>();
            server.put("connections_active", connections.active());
            server.put("connections_reading", 0);
            server.put("connections_writing", connections.underWay());
            server.put("connections_waiting", Math.max(0, connections.active() - connections.underWay()));
            server.put("connections_accepted", connections.accepted());
            server.put("connections_handled", connections.accepted());
            server.put("total_requests", connections.requests());
            Runtime runtime = Runtime.getRuntime();
            Object used = memory(runtime.totalMemory() - runtime.freeMemory(), unit, decimals);
            Map<String, Object> worker = ordered("pid", ProcessHandle.current().pid(), "http_allocated_gc", used);
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("database", Map.of("reachable", answer.succeeded()));
            body.put("server", server);
            body.put("cut_off", cluster.cutOff().orElse(null));
            if (configHash != null) {
                body.put("configuration_hash", configHash.get());
            }
            body.put("memory", ordered("workers_lua_vms", List.of(worker), "lua_shared_dicts", Map.of()));
            return Future.succeededFuture(Reply.json(200, body));
        });
    }

    private static Object memory(long bytes, String unit, int decimals) {
        return switch (unit.toLowerCase(Locale.ROOT)) {
            case "b" -> bytes;
            case "k" -> String.format(Locale.ROOT, "%." + decimals + "f KiB", bytes / 1024.0);
            case "g" -> String.format(Locale.ROOT, "%." + decimals + "f GiB", bytes / (1024.0 * 1024 * 1024));
            default -> String.format(Locale.ROOT, "%." + decimals + "f MiB", bytes / (1024.0 * 1024));
        };
    }

    private static Map<String, Object> ordered(String first, Object one, String second, Object two) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(first, one);
        map.put(second, two);
        return map;
    }
}
