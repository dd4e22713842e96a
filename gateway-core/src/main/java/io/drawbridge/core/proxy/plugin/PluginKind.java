package io.drawbridge.core.proxy.plugin;

import io.drawbridge.core.entity.Entity;

/** A plugin that the proxy can run, by the name that configuration calls it. Thread-safe. */
public interface PluginKind {
    /** As in the {@code name} of a plugin entity, e.g. {@code key-auth}. */
    String name();

    /** Told to control planes, e.g. {@code 2.3.0}. */
    String version();

    /** Plugins of a higher one come first; those with the same by name. */
    int priority();

    /**
     * Makes what one plugin entity configures ready for requests. Called when the entity is new or has changed, not on an event
     * loop.
     *
     * @throws IllegalArgumentException if it cannot be used, with a reason for people: requests that it would see are refused
     *     then
     */
    Plugin create(Entity configured);
}
