package io.drawbridge.admin;

import io.drawbridge.core.entity.PluginSchemas;
import io.drawbridge.core.store.EntityStore;
import io.vertx.core.Future;

/**
 * The URLs that plugins bring, for as long as the node has them switched on. This node runs no requests through
 * plugins: a response cache is always empty, and nobody here can ask an authority for certificates. Thread-safe.
 */
final class PluginUrls {
    private static final String NO_CERTIFICATES =
            "certificates cannot be ordered here: this node has no proxy to answer the authority's challenge";

    private final PluginSchemas plugins;
    private final EntityStore store;

    PluginUrls(PluginSchemas plugins, EntityStore store) {
        this.plugins = plugins;
        this.store = store;
    }

    void routes(RouteTable table) {
        if (plugins.find("proxy-cache").isPresent()) {
            RouteTable.Handler notCached = request -> Future.succeededFuture(Reply.notFound());
            table.at("/proxy-cache").delete(request -> Future.succeededFuture(Reply.empty(204)));
            table.at("/proxy-cache/{cache_key}").get(notCached).delete(notCached);
            table.at("/proxy-cache/{plugin_id}/caches/{cache_key}")
                    .get(notCached)
                    .delete(notCached);
        }
        if (plugins.find("acme").isPresent()) {
            /* Would write certificates, so the gate has the first word. */
            RouteTable.Handler refused = request ->
                    store.transact(access -> Future.succeededFuture()).map(open -> Reply.message(400, NO_CERTIFICATES));
            table.at("/acme").post(refused).patch(refused);
        }
    }
}
