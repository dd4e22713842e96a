package io.drawbridge.core.proxy.plugin;

import io.drawbridge.core.entity.Entity;
import java.util.List;

/**
 * One enabled plugin entity, and what runs it. Immutable.
 *
 * @param plugin null if it cannot run, because of the {@code reason}
 */
record Configured(Entity entity, Scope scope, List<?> protocols, Plugin plugin, String reason) {
    static Configured usable(Entity entity, Plugin plugin) {
        return new Configured(entity, Scope.of(entity), protocolsOf(entity), plugin, null);
    }

    static Configured unusable(Entity entity, String reason) {
        return new Configured(entity, Scope.of(entity), protocolsOf(entity), null, reason);
    }

    String name() {
        return (String) entity.get("name");
    }

    boolean isFor(String protocol) {
        return protocols == null || protocols.contains(protocol);
    }

    /** Of two for the same requests, which workspaces make possible, all nodes must choose the same. */
    boolean isBefore(Configured other) {
        return ((String) entity.get("id")).compareTo((String) other.entity.get("id")) < 0;
    }

    private static List<?> protocolsOf(Entity entity) {
        return entity.get("protocols") instanceof List<?> list ? list : null;
    }
}
