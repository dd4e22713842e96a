package io.drawbridge.app;

import io.drawbridge.app.options.GatewayOptions;
import io.drawbridge.core.node.Node;
import io.drawbridge.migration.ClusterState;
import io.drawbridge.migration.Gate;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** One node as a process: what {@link Wiring#node} built, its file under the prefix, its orderly end. Thread-safe. */
public final class NodeProcess {
    private static final Duration STOP_SLACK = Duration.ofSeconds(10);

    private final Cluster cluster;
    private final Node node;
    private final Context context;
    private final Supplier<List<String>> adminUrls;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile NodeFile file;

    NodeProcess(Cluster cluster, Node node, Context context, Supplier<List<String>> adminUrls, NodeFile file) {
        this.cluster = cluster;
        this.node = node;
        this.context = context;
        this.adminUrls = adminUrls;
        this.file = file;
    }

    /** Completes when the node is ready; fails with what an operator must decide. */
    public Future<Void> start() {
        if (cluster.server() != null) {
            new EmbeddedKeeper(cluster.vertx(), cluster.server(), options().pollInterval()).start();
        }
        return onContext(node::start).onSuccess(ready -> {
            file = file.readyAt(adminUrls().stream().findFirst().orElse(""));
            file.write(prefix());
        });
    }

    /** Drains and ends everything that was built. Blocks; may be called from any thread, does its work once. */
    public void stop() {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        Duration drain = options().drainTimeout();
        Cluster.attempt(onContext(() -> node.stop(drain)), drain.plus(STOP_SLACK));
        cluster.close();
        file.remove(prefix());
    }

    /** Whether {@link #stop} was called. */
    public boolean stopping() {
        return ended.get();
    }

    public GatewayOptions options() {
        return cluster.options();
    }

    public String member() {
        return cluster.migration().member();
    }

    /** Where the Admin API listens, once the node is ready. */
    public List<String> adminUrls() {
        return adminUrls.get();
    }

    /** The gate as last seen. */
    public Optional<Gate> gate() {
        return node.watch().latest().map(ClusterState::gate);
    }

    private java.nio.file.Path prefix() {
        return cluster.options().prefix();
    }

    private Future<Void> onContext(Supplier<Future<Void>> work) {
        Promise<Void> promise = Promise.promise();
        context.runOnContext(run -> work.get().onComplete(promise));
        return promise.future();
    }
}
