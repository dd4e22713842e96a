package io.drawbridge.core.proxy.plugin;

import java.util.Map;

/**
 * All plugins of one name. Immutable.
 *
 * @param priority null if this node does not know the plugin
 * @param perConsumer whether some are for one consumer only
 */
record Named(String name, Integer priority, Map<Scope, Configured> scopes, boolean perConsumer) {
    boolean unknown() {
        return priority == null;
    }

    int order() {
        return priority == null ? 0 : priority;
    }

    Configured find(String route, String service, String consumer, String protocol) {
        Configured found = scopes.get(new Scope(route, service, consumer));
        return found != null && found.isFor(protocol) ? found : null;
    }
}
