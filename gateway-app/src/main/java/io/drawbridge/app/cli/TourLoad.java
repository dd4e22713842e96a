package io.drawbridge.app.cli;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Traffic through the gateways of the tour: a hundred requests a second to each in rotation, whatever the answers take; every tenth
 * without a key, which must be refused. Thread-safe.
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
    private final Context context;
    /* Requests without an answer yet, by port; those that get no more, and who waits for their last answer. */
    private final Map<Integer, Integer> waiting = new LinkedHashMap<>();
    private final Map<Integer, Promise<Void>> leaving = new HashMap<>();
    private final List<String> failures = new ArrayList<>();
    private final List<Long> tookNanos = new ArrayList<>();
    private final long timer;
    private int sent;
    private int refused;
    private int failed;

    /** @param key that the gateway knows */
    TourLoad(Vertx vertx, String key) {
        this.vertx = vertx;
        this.key = key;
        this.context = vertx.getOrCreateContext();
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout(TIMEOUT_MS), new PoolOptions().setHttp1MaxSize(32));
        this.timer = vertx.setPeriodic(TICK_MS, tick -> context.runOnContext(now -> send()));
    }

    /** What came of it. @param failures the first few, in words */
    record Result(int sent, int refused, int failed, double longestMillis, double p99Millis, List<String> failures) {}

    /** From now on this gateway gets its share. */
    void admit(int port) {
        context.runOnContext(now -> waiting.put(port, 0));
    }

    /** It gets no more; completes when it has answered all that it got. */
    Future<Void> retire(int port) {
        Promise<Void> last = Promise.promise();
        context.runOnContext(now -> {
            leaving.put(port, last);
            left(port);
        });
        return last.future();
    }

    /** Completes when the last answer is there. */
    Future<Result> stop() {
        vertx.cancelTimer(timer);
        Promise<Void> last = Promise.promise();
        context.runOnContext(now -> Future.join(
                        List.copyOf(waiting.keySet()).stream().map(this::retire).toList())
                .<Void>mapEmpty()
                .onComplete(last));
        return last.future().map(over -> result());
    }

    private void left(int port) {
        if (leaving.containsKey(port) && waiting.getOrDefault(port, 0) == 0) {
            waiting.remove(port);
            leaving.remove(port).complete();
        }
    }

    private void send() {
        waiting.keySet().stream()
                .filter(port -> !leaving.containsKey(port))
                .toList()
                .forEach(this::send);
    }

    private void send(int port) {
        sent++;
        if (waiting.get(port) >= WAITING_MAX) {
            failed("no answer to " + WAITING_MAX + " requests");
            return;
        }
        boolean keyless = sent % KEYLESS == 0;
        long began = System.nanoTime();
        waiting.merge(port, 1, Integer::sum);
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
                .onComplete(done -> context.runOnContext(now -> {
                    tookNanos.add(System.nanoTime() - began);
                    String wrong =
                            done.succeeded() ? done.result() : done.cause().getMessage();
                    if (wrong != null) {
                        failed("port " + port + ": " + wrong);
                    } else if (keyless) {
                        refused++;
                    }
                    waiting.merge(port, -1, Integer::sum);
                    left(port);
                }));
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
        return new Result(sent, refused, failed, millis(sorted, 100), millis(sorted, 99), List.copyOf(failures));
    }

    /* So many of a hundred took at most this. */
    private static double millis(List<Long> sorted, int percent) {
        return sorted.isEmpty() ? 0 : sorted.get((sorted.size() - 1) * percent / 100) / 1e6;
    }
}
