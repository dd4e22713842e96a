package io.drawbridge.sync;

import io.drawbridge.core.config.ConfigSink;
import io.drawbridge.core.config.ConfigSnapshot;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** Takes configurations over, except those that it is told not to. */
final class RecordingSink implements ConfigSink {
    final List<ConfigSnapshot> applied = new CopyOnWriteArrayList<>();
    private volatile Predicate<ConfigSnapshot> refused = snapshot -> false;

    void refusing(Predicate<ConfigSnapshot> which) {
        refused = which;
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
        applied.add(snapshot);
        return Future.succeededFuture();
    }
}
