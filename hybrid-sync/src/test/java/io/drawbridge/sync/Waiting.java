package io.drawbridge.sync;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.util.function.BooleanSupplier;

/** Waits for what tests wait for, and not forever. */
final class Waiting {
    private Waiting() {}

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(60, SECONDS);
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    static void until(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            MILLISECONDS.sleep(20);
        }
    }
}
