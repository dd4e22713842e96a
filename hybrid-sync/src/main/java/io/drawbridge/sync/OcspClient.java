package io.drawbridge.sync;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Asks whether certificates were taken back: those whom they name, within 5 s. Thread-safe. */
final class OcspClient {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int ANSWER_MAX = 64 * 1024;
    private static final int ASKED_AT_ONCE = 16;
    private static final int WAITING_MAX = 1000;

    private final Vertx vertx;
    private final HttpClient client;

    OcspClient(Vertx vertx) {
        this.vertx = vertx;
        this.client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setConnectTimeout((int) LIMIT.toMillis())
                        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                        .setIdleTimeout((int) LIMIT.toMillis()),
                new PoolOptions().setHttp1MaxSize(ASKED_AT_ONCE).setMaxWaitQueueSize(WAITING_MAX));
    }

    /**
     * Whether it was taken back.
     *
     * @param others of which one is the issuer
     * @return fails, with a reason for people, if that cannot be known
     */
    Future<Boolean> revoked(X509Certificate leaf, List<X509Certificate> others) {
        return vertx.executeBlocking(
                        () -> {
                            OcspAnswer expected = new OcspAnswer(leaf, others);
                            return new Question(expected, expected.responder(), expected.question());
                        },
                        false)
                .compose(question -> ask(question)
                        .compose(answer -> vertx.executeBlocking(
                                () -> question.expected().revoked(answer.getBytes(), Instant.now()), false)))
                .timeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private record Question(OcspAnswer expected, String responder, byte[] text) {}

    private Future<Buffer> ask(Question question) {
        RequestOptions where = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(question.responder())
                .setTimeout(LIMIT.toMillis())
                .putHeader("Content-Type", "application/ocsp-request");
        return client.request(where)
                .compose(request ->
                        request.send(Buffer.buffer(question.text())).compose(response -> body(request, response)));
    }

    private static Future<Buffer> body(HttpClientRequest request, HttpClientResponse response) {
        if (response.statusCode() != 200) {
            return Future.failedFuture("OCSP responder returns bad HTTP status code: " + response.statusCode());
        }
        Promise<Buffer> body = Promise.promise();
        Buffer all = Buffer.buffer();
        response.exceptionHandler(body::tryFail)
                .endHandler(end -> body.tryComplete(all))
                .handler(part -> {
                    if (all.length() + part.length() > ANSWER_MAX) {
                        body.tryFail("OCSP responder answers with more than " + ANSWER_MAX + " bytes");
                        request.reset();
                    } else {
                        all.appendBuffer(part);
                    }
                });
        return body.future();
    }
}
