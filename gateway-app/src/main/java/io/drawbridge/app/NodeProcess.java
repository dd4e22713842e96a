package io.drawbridge.app;

import io.drawbridge.app.options.GatewayOptions;
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

    private final GatewayOptions options;
    private final NodeLife life;
    private final Context context;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile NodeFile file;

    /** @param options with the database as it was found */
    NodeProcess(GatewayOptions options, NodeLife life, Context context, NodeFile file) {
        this.options = options;
        this.life = life;
        this.context = context;
        this.file = file;
    }

    /** Completes when the node is ready; fails with what an operator must decide. */
    public Future<Void> start() {
        return onContext(life::start).onSuccess(ready -> {
            file = file.readyAt(adminUrls().stream().findFirst().orElse(""));
            file.write(prefix());
        });
    }

    /** Drains and ends everything that was built. Blocks; may be called from any thread, does its work once. */
    public void stop() {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        Duration drain = options.drainTimeout();
        Cluster.attempt(onContext(() -> life.stop(drain)), drain.plus(STOP_SLACK));
        life.close();
        file.remove(prefix());
    }

    /** Whether {@link #stop} was called. */
    public boolean stopping() {
        return ended.get();
    }

    public GatewayOptions options() {
        return options;
    }

    public String member() {
        return file.member();
    }

    /** Where the Admin API listens, once the node is ready. */
    public List<String> adminUrls() {
        return life.doors().adminUrls();
    }

    /** Where clients connect, once the node is ready. */
    public List<String> proxyUrls() {
        return life.doors().proxyUrls();
    }

    /** The gate as last seen; empty if it is not known, or there is none. */
    public Optional<Gate> gate() {
        return life.gate();
    }

    private java.nio.file.Path prefix() {
        return options.prefix();
    }

    private Future<Void> onContext(Supplier<Future<Void>> work) {
        Promise<Void> promise = Promise.promise();
        context.runOnContext(run -> work.get().onComplete(promise));
        return promise.future();
    }
}
