package io.drawbridge.core.config;

import io.vertx.core.Future;

/** Where configuration goes: what proxies, or what passes it on. */
public interface ConfigSink {
    /**
     * Takes over a whole configuration. Called again only after the future has completed, then with the newest that there is;
     * those between are never seen.
     *
     * @return fails if this configuration cannot be used: then the one before stays in use
     */
    Future<Void> apply(ConfigSnapshot snapshot);
}
