package io.drawbridge.migration;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;

/** The loops that {@code Future} lacks. */
public final class Futures {
    private Futures() {}

    /** Runs {@code action} on one item after the other; stops at the first failure. For lists, not for streams. */
    public static <T> Future<Void> forEach(Iterable<T> items, Function<T, Future<Void>> action) {
        Future<Void> chain = Future.succeededFuture();
        for (T item : items) {
            chain = chain.compose(done -> action.apply(item));
        }
        return chain;
    }

    /** Completes after the given time; at least a millisecond. */
    public static Future<Void> pause(Vertx vertx, Duration time) {
        return vertx.timer(Math.max(1, time.toMillis()), java.util.concurrent.TimeUnit.MILLISECONDS)
                .mapEmpty();
    }

    /**
     * Repeats {@code round} until it yields something other than null, and yields that. Each round decides itself how
     * long to pause. A failed round ends the loop.
     *
     * <p>Not written as {@code round().compose(x -> again())}: past some thousand rounds completing the innermost future
     * overflows the stack, and the outermost never completes. Every round here starts from a timer or the event loop.
     */
    public static <T> Future<T> loop(Vertx vertx, Supplier<Future<T>> round) {
        Promise<T> result = Promise.promise();
        next(vertx, round, result);
        return result.future();
    }

    private static <T> void next(Vertx vertx, Supplier<Future<T>> round, Promise<T> result) {
        Future.<Void>succeededFuture()
                .compose(start -> round.get())
                .onComplete(
                        value -> {
                            if (value != null) {
                                result.complete(value);
                            } else {
                                vertx.runOnContext(again -> next(vertx, round, result));
                            }
                        },
                        result::fail);
    }
}
