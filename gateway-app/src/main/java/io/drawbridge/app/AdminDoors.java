package io.drawbridge.app;

import io.drawbridge.core.node.Doors;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/** The Admin API as the node's doors. */
final class AdminDoors implements Doors {
    @Override
    public Future<Void> open() {
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> close(Duration drain) {
        return Future.succeededFuture();
    }

    List<String> urls() {
        return List.of();
    }
}
