package io.drawbridge.sync;

import io.drawbridge.core.config.ConfigSink;
import io.drawbridge.core.config.ConfigSnapshot;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Takes configurations over, except those that it is told not to; takes its time if it is told to. */
final class RecordingSink implements ConfigSink {
    final List<ConfigSnapshot> applied = new CopyOnWriteArrayList<>();
    private final AtomicInteger held = new AtomicInteger();
    private volatile Predicate<ConfigSnapshot> refused = snapshot -> false;
    private volatile Promise<Void> gate;

    void refusing(Predicate<ConfigSnapshot> which) {
        refused = which;
    }

    /** Whoever comes from now on has to wait. */
    void hold() {
        gate = Promise.promise();
    }

    /** How many are waiting. */
    int held() {
        return held.get();
    }

    void release() {
        Promise<Void> open = gate;
        gate = null;
        open.complete();
    }

    /** Digest of what is in use. */
    String digest() {
        return applied.isEmpty() ? "" : applied.get(applied.size() - 1).digest();
    }

    @Override
    public Future<Void> apply(ConfigSnapshot snapshot) {
        if (refused.test(snapshot)) {
            return Future.failedFuture("does not compile");
        }
        Promise<Void> closed = gate;
        if (closed == null) {
            applied.add(snapshot);
            return Future.succeededFuture();
        }
        held.incrementAndGet();
        return closed.future().onSuccess(open -> {
            held.decrementAndGet();
            applied.add(snapshot);
        });
    }
}
