package io.drawbridge.app;

import io.drawbridge.core.node.Node;
import io.drawbridge.migration.ClusterState;
import io.drawbridge.migration.Gate;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/** A node on a database: a member of its cluster. */
record DatabaseLife(Cluster cluster, Node node, NodeDoors doors) implements NodeLife {
    @Override
    public Future<Void> start() {
        if (cluster.server() != null) {
            new EmbeddedKeeper(
                            cluster.vertx(), cluster.server(), cluster.options().pollInterval())
                    .start();
        }
        return node.start();
    }

    @Override
    public Future<Void> stop(Duration drain) {
        return node.stop(drain);
    }

    @Override
    public Optional<Gate> gate() {
        return node.watch().latest().map(ClusterState::gate);
    }

    @Override
    public void close() {
        cluster.close();
    }
}
