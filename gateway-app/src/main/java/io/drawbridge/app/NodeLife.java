package io.drawbridge.app;

import io.drawbridge.migration.Gate;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/** What a process that is a node does from its start to its end, by the kind of node. Confined to the node's context but for {@link #close}. */
interface NodeLife {
    /** Completes when the node is ready; fails with what an operator must decide. */
    Future<Void> start();

    /** Closes the doors, waits for requests in flight. Does not fail; may be called at any time. */
    Future<Void> stop(Duration drain);

    /** What it opens. */
    NodeDoors doors();

    /** The gate as last seen; empty if it is not known, or there is none. */
    Optional<Gate> gate();

    /** Releases everything. Blocks. */
    void close();
}
