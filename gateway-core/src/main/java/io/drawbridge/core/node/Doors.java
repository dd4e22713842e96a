package io.drawbridge.core.node;

import io.vertx.core.Future;
import java.time.Duration;

/** What a node opens when it is ready and closes first when it ends: its listeners. */
public interface Doors {
    Future<Void> open();

    /** Takes no more requests, and waits for those in flight at most this long. Does not fail. */
    Future<Void> close(Duration drain);
}
