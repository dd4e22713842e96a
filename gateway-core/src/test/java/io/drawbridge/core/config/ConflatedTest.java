package io.drawbridge.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConflatedTest {
    private final Vertx vertx = Vertx.vertx();
    private final BlockingQueue<Long> applied = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> outcomes = new LinkedBlockingQueue<>();

    @AfterEach
    void close() throws Exception {
        vertx.close().await(5, TimeUnit.SECONDS);
    }

    @Test
    void onlyTheNewestOfThoseThatCameMeanwhile() throws Exception {
        Promise<Void> first = Promise.promise();
        Conflated conflated =
                to(snapshot -> snapshot.position().revision() == 1 ? first.future() : Future.succeededFuture());
        for (long revision = 1; revision <= 5; revision++) {
            conflated.offer(at(revision));
        }
        assertThat(next(applied)).isEqualTo(1);
        first.complete();
        assertThat(next(outcomes)).isEqualTo("1 ok");
        assertThat(next(outcomes)).isEqualTo("5 ok");
        assertThat(applied).containsExactly(5L);
    }

    @Test
    void goesOnAfterOneThatIsRefusedOrThrows() throws Exception {
        Conflated conflated = to(snapshot -> {
            if (snapshot.position().revision() == 2) {
                throw new IllegalStateException("broken");
            }
            return snapshot.position().revision() == 1 ? Future.failedFuture("refused") : Future.succeededFuture();
        });
        conflated.offer(at(1));
        assertThat(next(outcomes)).isEqualTo("1 refused");
        conflated.offer(at(2));
        assertThat(next(outcomes)).isEqualTo("2 broken");
        conflated.offer(at(3));
        assertThat(next(outcomes)).isEqualTo("3 ok");
    }

    private Conflated to(ConfigSink sink) {
        return new Conflated(
                vertx,
                snapshot -> {
                    applied.add(snapshot.position().revision());
                    return sink.apply(snapshot);
                },
                (snapshot, failure) -> outcomes.add(
                        snapshot.position().revision() + " " + (failure == null ? "ok" : failure.getMessage())));
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        return queue.poll(5, TimeUnit.SECONDS);
    }

    private static ConfigSnapshot at(long revision) {
        return ConfigSnapshot.of(new Changes.Position("one", revision), List.of());
    }
}
