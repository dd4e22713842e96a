package io.drawbridge.migration;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** How a test's thread waits: for what is to come, never for a time, and never for ever. */
final class Waiting {
    private static final long LIMIT_SECONDS = 60;

    private Waiting() {}

    static <T> T await(Future<T> future) {
        try {
            return future.await(LIMIT_SECONDS, SECONDS);
        } catch (TimeoutException late) {
            throw new AssertionError("nothing came for " + LIMIT_SECONDS + " s", late);
        }
    }

    static void until(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > SECONDS.toNanos(20)) {
                throw new AssertionError("did not come about in 20 s");
            }
            try {
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (InterruptedException stop) {
                throw new AssertionError(stop);
            }
        }
    }

    static void assertError(MigrationError error, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        MigrationException.class,
                        failure -> Assertions.assertThat(failure.error())
                                .as(failure.getMessage())
                                .isEqualTo(error));
    }
}
