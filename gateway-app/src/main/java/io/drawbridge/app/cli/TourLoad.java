package io.drawbridge.app.cli;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * Traffic through the gateways of the tour: so many requests a second whatever the answers take, turn by turn to those in rotation;
 * every tenth without a key, which must be refused. Confined to the context that starts it, but for {@link #rotation}.
 */
final class TourLoad {
    private static final int TICK_MS = 10;
    private static final int KEYLESS = 10;
    private static final int WAITING_MAX = 1000;
    private static final int TIMEOUT_MS = 10_000;
    private static final int FAILURES_TOLD = 5;

    private final Vertx vertx;
    private final HttpClient client;
    private final String key;
    private final List<Integer> rotation = new CopyOnWriteArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final List<Long> tookNanos = new ArrayList<>();
    private long timer;
    private int sent;
    private int refused;
    private int failed;
    private int waiting;
    private long longestNanos;

    /** @param key that the gateway knows */
    TourLoad(Vertx vertx, String key) {
        this.vertx = vertx;
        this.key = key;
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout(TIMEOUT_MS), new PoolOptions().setHttp1MaxSize(32));
    }

    /** What came of it. @param failures the first few, in words */
    record Result(int sent, int refused, int failed, double longestMillis, double p99Millis, List<String> failures) {}

    /** Ports of gateways that get requests; from any thread. */
    List<Integer> rotation() {
        return rotation;
    }

    void start() {
        timer = vertx.setPeriodic(TICK_MS, tick -> rotation.forEach(this::send));
    }

    /** Completes when the last answer is there. */
    Future<Result> stop() {
        vertx.cancelTimer(timer);
        return vertx.timer(1, TimeUnit.MILLISECONDS)
                .compose(ended ->
                        waiting == 0 ? Future.succeededFuture() : vertx.timer(TIMEOUT_MS, TimeUnit.MILLISECONDS))
                .map(over -> result());
    }

    private void send(int port) {
        sent++;
        if (waiting >= WAITING_MAX) {
            failed("no answer to " + waiting + " requests");
            return;
        }
        boolean keyless = sent % KEYLESS == 0;
        long began = System.nanoTime();
        waiting++;
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI("/demo");
        if (!keyless) {
            options.putHeader("apikey", key);
        }
        client.request(options)
                .compose(request -> request.send())
                .compose(answer -> answer.body().map(body -> judged(answer.statusCode(), keyless, body)))
                .recover(failure -> Future.succeededFuture(String.valueOf(failure.getMessage())))
                .timeout(TIMEOUT_MS, TimeUnit.MILLISECONDS)
                .onComplete(done -> {
                    waiting--;
                    long took = System.nanoTime() - began;
                    longestNanos = Math.max(longestNanos, took);
                    tookNanos.add(took);
                    String wrong =
                            done.succeeded() ? done.result() : done.cause().getMessage();
                    if (wrong != null) {
                        failed("port " + port + ": " + wrong);
                    } else if (keyless) {
                        refused++;
                    }
                });
    }

    /* Null: as it must be. */
    private static String judged(int status, boolean keyless, Buffer body) {
        return status == (keyless ? 401 : 200) ? null : "HTTP " + status + (keyless ? " without a key" : " " + body);
    }

    private void failed(String reason) {
        failed++;
        if (failures.size() < FAILURES_TOLD) {
            failures.add(reason);
        }
    }

    private Result result() {
        List<Long> sorted = tookNanos.stream().sorted().toList();
        long p99 = sorted.isEmpty() ? 0 : sorted.get(sorted.size() * 99 / 100);
        return new Result(sent, refused, failed, longestNanos / 1e6, p99 / 1e6, List.copyOf(failures));
    }
}
