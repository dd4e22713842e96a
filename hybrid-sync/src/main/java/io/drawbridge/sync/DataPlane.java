package io.drawbridge.sync;

import io.drawbridge.core.config.ConfigSink;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/**
 * Gets the configuration from control planes and hands it to a sink; what was good last is kept in a file, and is what it begins
 * with. Thread-safe.
 */
public final class DataPlane {
    private volatile DataPlaneState state = DataPlaneState.initial();

    public DataPlane(Vertx vertx, DataPlaneOptions options, ConfigSink sink) {}

    /**
     * Applies what was good last, if there is something, and begins to connect. Completes without waiting for a control plane.
     *
     * @return fails if the certificates cannot be used
     */
    public Future<Void> start() {
        return Future.succeededFuture();
    }

    /** Disconnects. Does not fail. */
    public Future<Void> stop() {
        return Future.succeededFuture();
    }

    public DataPlaneState state() {
        return state;
    }
}
