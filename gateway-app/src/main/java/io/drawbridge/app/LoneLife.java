package io.drawbridge.app;

import io.drawbridge.migration.Gate;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;

/** A node without a database: member of nothing, ready as soon as its doors are open. */
record LoneLife(Vertx vertx, NodeDoors doors) implements NodeLife {
    @Override
    public Future<Void> start() {
        return doors.open();
    }

    @Override
    public Future<Void> stop(Duration drain) {
        return doors.close(drain);
    }

    @Override
    public Optional<Gate> gate() {
        return Optional.empty();
    }

    @Override
    public void close() {
        Cluster.attempt(vertx.close(), Cluster.CLOSE_LIMIT);
    }
}
