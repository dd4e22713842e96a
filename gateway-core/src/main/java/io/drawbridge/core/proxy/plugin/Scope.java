package io.drawbridge.core.proxy.plugin;

import io.drawbridge.core.entity.Entity;
import java.util.Map;

/** The ids that a plugin is limited to, each null for any. Immutable. */
record Scope(String route, String service, String consumer) {
    static Scope of(Entity plugin) {
        return new Scope(id(plugin, "route"), id(plugin, "service"), id(plugin, "consumer"));
    }

    private static String id(Entity plugin, String field) {
        return plugin.get(field) instanceof Map<?, ?> reference ? (String) reference.get("id") : null;
    }
}
