package io.drawbridge.admin;

import io.drawbridge.core.declarative.Document;
import io.drawbridge.core.declarative.TemporaryFile;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Receives large documents into temporary files, within bounds: a client sends no faster than the disk takes, and a file is
 * gone in every outcome. Thread-safe.
 */
final class BulkBodies {
    private static final int AT_ONCE = 4;
    private static final Duration WHOLE = Duration.ofMinutes(10);

    private final Vertx vertx;
    private final AdminOptions options;
    private final AtomicInteger underWay = new AtomicInteger();

    BulkBodies(Vertx vertx, AdminOptions options) {
        this.vertx = vertx;
        this.options = options;
    }

    /** Whether the body is a document, and not a form that has one. */
    static boolean takes(HttpServerRequest request) {
        String type = type(request);
        return type.startsWith("application/json") || Bodies.isYaml(type);
    }

    private static String type(HttpServerRequest request) {
        String type = request.getHeader("Content-Type");
        return type == null ? "" : type.toLowerCase(Locale.ROOT);
    }

    /**
     * Receives the body and has {@code work} done with it. Fails with 413 if it is too long, 503 if too many come at once,
     * 408 if it takes too long, and with {@link java.io.UncheckedIOException} if there is no room for it.
     */
    Future<Reply> with(HttpServerRequest request, Function<Document, Future<Reply>> work) {
        if (Bodies.longer(request, options.bulkBytesMax())) {
            return Future.failedFuture(Bodies.tooLarge());
        }
        request.pause();
        Promise<Void> whole = Promise.promise();
        /* From now on, since nobody says later that the client is gone. */
        request.exceptionHandler(gone -> whole.tryFail(Bodies.cutOff()));
        Future<Reply> done = underWay.incrementAndGet() > AT_ONCE
                ? Future.failedFuture(new AdminException(Pipeline.busy()))
                : vertx.executeBlocking(TemporaryFile::new)
                        .compose(file -> received(request, file, whole)
                                .compose(end -> work.apply(document(request, file)))
                                .onComplete(over -> closed(file)));
        return done.onComplete(over -> underWay.decrementAndGet());
    }

    private static Document document(HttpServerRequest request, TemporaryFile file) {
        return Bodies.isYaml(type(request)) ? Document.yaml(file.read()) : Document.json(file.read());
    }

    /* After all that is being written. */
    private void closed(TemporaryFile file) {
        vertx.executeBlocking(() -> {
            file.close();
            return null;
        });
    }

    private Future<Void> received(HttpServerRequest request, TemporaryFile file, Promise<Void> whole) {
        long start = System.nanoTime();
        long[] last = {start};
        long timer = vertx.setPeriodic(1000, tick -> {
            long now = System.nanoTime();
            if (now - last[0] > options.bodyTimeout().toNanos() || now - start > WHOLE.toNanos()) {
                whole.tryFail(Bodies.tooSlow());
            }
        });
        request.endHandler(end -> whole.tryComplete());
        request.handler(chunk -> {
            last[0] = System.nanoTime();
            if (whole.future().isComplete()) {
                return;
            }
            request.pause();
            written(file, chunk)
                    .onSuccess(size -> {
                        last[0] = System.nanoTime();
                        if (size > options.bulkBytesMax()) {
                            whole.tryFail(Bodies.tooLarge());
                        }
                        request.resume();
                    })
                    .onFailure(failure -> {
                        whole.tryFail(failure);
                        request.resume();
                    });
        });
        request.resume();
        Bodies.welcome(request);
        return whole.future().onComplete(end -> vertx.cancelTimer(timer));
    }

    private Future<Long> written(TemporaryFile file, Buffer chunk) {
        ByteBuffer bytes = ByteBuffer.wrap(chunk.getBytes());
        return vertx.executeBlocking(() -> {
            file.write(bytes);
            return file.size();
        });
    }
}
