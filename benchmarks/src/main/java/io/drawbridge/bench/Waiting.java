package io.drawbridge.bench;

import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for futures on the main thread. */
final class Waiting {
    private Waiting() {}

    static <T> T on(Future<T> future) {
        try {
            return future.await(30, TimeUnit.MINUTES);
        } catch (TimeoutException late) {
            throw new IllegalStateException("nothing came for 30 minutes", late);
        }
    }
}
