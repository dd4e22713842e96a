package io.drawbridge.admin;

import io.drawbridge.core.declarative.DeclarativeStore;
import io.drawbridge.core.declarative.MemoryConfig;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.PluginSchemas;
import io.drawbridge.core.entity.Validator;
import io.drawbridge.core.store.EntityStore;
import io.drawbridge.migration.Migrator;
import io.drawbridge.migration.Release;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Admin API's server: listens, answers, drains. Its whole URL table is {@link #routes}. Thread-safe. */
public final class AdminServer {
    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);

    private final Vertx vertx;
    private final AdminOptions options;
    private final RouteTable routes;
    private final Connections connections;
    private final HttpServer server;
    private volatile long watch = -1;

    /**
     * Of a node with a database.
     *
     * @param cluster what this node last saw of the cluster
     * @param store where entities are kept, gated
     * @param migrator this node's, of this node's release
     * @param scrape the meters as Prometheus reads them
     * @param listener hears of every answered request
     */
    public AdminServer(
            Vertx vertx,
            AdminOptions options,
            NodeDescription node,
            Cluster cluster,
            EntityStore store,
            Migrator<?> migrator,
            Supplier<String> scrape,
            AdminListener listener) {
        this(vertx, options, node, cluster, store, migrator, Optional.empty(), scrape, listener);
    }

    /**
     * Of a node with a database, which may be a control plane.
     *
     * @param planes what a control plane knows of data planes; empty: it is none
     */
    public AdminServer(
            Vertx vertx,
            AdminOptions options,
            NodeDescription node,
            Cluster cluster,
            EntityStore store,
            Migrator<?> migrator,
            Optional<DataPlanes> planes,
            Supplier<String> scrape,
            AdminListener listener) {
        this(
                vertx,
                options,
                node,
                cluster,
                store,
                List.of(
                        new MigrationResource(vertx, migrator, cluster, options.memberAlive())::routes,
                        DocumentResource::refused,
                        planes.<Consumer<RouteTable>>map(known -> new ClusteringResource(known)::routes)
                                .orElse(ClusteringResource::refused)),
                null,
                scrape,
                listener);
    }

    /**
     * Of a node without a database.
     *
     * @param store what {@code config} keeps, to be read
     * @param config replaced by whole documents
     * @param scrape the meters as Prometheus reads them
     * @param listener hears of every answered request
     */
    public AdminServer(
            Vertx vertx,
            AdminOptions options,
            NodeDescription node,
            Release release,
            EntityStore store,
            MemoryConfig config,
            Supplier<String> scrape,
            AdminListener listener) {
        this(
                vertx,
                options,
                node,
                Cluster.none(release),
                store,
                List.of(
                        new DocumentResource(vertx, types(release, node), config)::routes,
                        MigrationResource::refused,
                        ClusteringResource::refused),
                config::hash,
                scrape,
                listener);
    }

    private AdminServer(
            Vertx vertx,
            AdminOptions options,
            NodeDescription node,
            Cluster cluster,
            EntityStore store,
            List<Consumer<RouteTable>> ofItsKind,
            Supplier<String> configHash,
            Supplier<String> scrape,
            AdminListener listener) {
        this.vertx = vertx;
        this.options = options;
        this.connections = new Connections(vertx);
        PluginSchemas plugins = plugins(cluster.release(), node);
        EntityTypes types = types(cluster.release(), node);
        Validator validator = new Validator(InstantSource.system());
        Inputs inputs = new Inputs(types, store, validator);
        List<Consumer<RouteTable>> special = new ArrayList<>(List.of(new NodeResource(
                options, node, cluster, types.get("plugins"), store, scrape, connections, configHash)::routes));
        special.addAll(ofItsKind);
        special.addAll(List.of(
                new SchemaResource(types, plugins, inputs)::routes,
                new CertificateResource(types, store, inputs)::routes,
                new TagResource(store)::routes,
                new PluginUrls(plugins, store)::routes,
                new ConfigResource(new DeclarativeStore(vertx, types, store, validator))::routes,
                new AclResource(types, store, inputs)::routes,
                new TargetResource(types, store, inputs, node.nodeId())::routes));
        this.routes = routes(options.version(), types, new EntityResource(types, store, inputs), special);
        Pipeline pipeline = new Pipeline(
                routes,
                new Bodies(vertx, options),
                new BulkBodies(vertx, options),
                cluster,
                options,
                listener,
                connections);
        this.server = vertx.createHttpServer(bounds(options))
                .connectionHandler(connections::opened)
                .invalidRequestHandler(pipeline::invalid)
                .requestHandler(pipeline::handle);
    }

    private static PluginSchemas plugins(Release release, NodeDescription node) {
        return PluginSchemas.at(release).only(Set.copyOf(node.plugins()));
    }

    /** The entity types of a node, with the plugins that it can run. */
    public static EntityTypes types(Release release, NodeDescription node) {
        return EntityTypes.at(release, plugins(release, node));
    }

    /** Every URL of the Admin API. Those of entities derive from their types. */
    private static RouteTable routes(
            String version, EntityTypes types, EntityResource entities, List<Consumer<RouteTable>> special) {
        RouteTable table = new RouteTable();
        special.forEach(each -> each.accept(table));
        table.at("/openapi.json")
                .get(request -> Future.succeededFuture(Reply.json(200, OpenApi.document(version, table, types))));
        table.at("/endpoints")
                .get(request -> Future.succeededFuture(Reply.json(200, Map.of("data", endpoints(table)))));
        for (EntityType type : types.all()) {
            if (!type.name().equals("targets")) {
                entities.routes(table, type);
            }
        }
        return table;
    }

    private static List<String> endpoints(RouteTable table) {
        return table.routes().stream()
                .map(RouteTable.Route::pattern)
                .distinct()
                .sorted(Comparator.comparing((String pattern) -> pattern.replace('/', '\0')))
                .toList();
    }

    private static HttpServerOptions bounds(AdminOptions options) {
        HttpServerOptions bounds = new HttpServerOptions()
                .setHost(options.host())
                .setPort(options.port())
                .setMaxInitialLineLength(options.headerBytesMax())
                .setMaxHeaderSize(options.headerBytesMax())
                .setHttp2ClearTextEnabled(false)
                .setTcpNoDelay(true);
        if (options.tls() != null) {
            options.tls().apply(bounds);
        }
        return bounds;
    }

    /** Yields the port that it listens on. */
    public Future<Integer> start() {
        return server.listen()
                .map(HttpServer::actualPort)
                .onSuccess(port -> watch = connections.watch(options.idleTimeout()))
                .onSuccess(port -> LOG.info("admin api listening host={} port={}", options.host(), port));
    }

    /** Takes no more connections, waits for requests under way, closes. Does not fail. */
    public Future<Void> stop() {
        vertx.cancelTimer(watch);
        return server.shutdown(options.drainTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .otherwiseEmpty();
    }

    RouteTable routes() {
        return routes;
    }
}
