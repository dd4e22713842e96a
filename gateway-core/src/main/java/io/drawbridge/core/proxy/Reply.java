package io.drawbridge.core.proxy;

import io.drawbridge.core.proxy.plugin.Exchange;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.streams.WriteStream;

/** A service's answer on its way to the client. Confined to the event loop of the request. */
final class Reply extends Flow {
    private static final CharSequence VIA = HttpHeaders.createOptimized("Via");
    private static final CharSequence PROXY_LATENCY = HttpHeaders.createOptimized("X-Kong-Proxy-Latency");
    private static final CharSequence UPSTREAM_LATENCY = HttpHeaders.createOptimized("X-Kong-Upstream-Latency");

    private final Call call;
    private final HttpClientResponse answer;
    private final HttpServerResponse response;
    private final Runnable end;
    private final Runnable failure;
    private long length = -1;

    /** @param end when it was handed over @param failure when it will never be whole */
    Reply(Call call, HttpClientResponse answer, Runnable end, Runnable failure) {
        super(answer, call.response());
        this.call = call;
        this.answer = answer;
        this.response = call.response();
        this.end = end;
        this.failure = failure;
    }

    /** @param sentAt when the request was sent, by {@link System#nanoTime} */
    void start(long sentAt) {
        head(call, answer, sentAt);
        String said = response.headers().get(HttpHeaders.CONTENT_LENGTH);
        boolean empty = isBodiless();
        if (said != null && !empty) {
            length = Long.parseLong(said);
        } else if (!empty && call.request().version() != HttpVersion.HTTP_1_0) {
            response.setChunked(true);
        }
        start(this::complete, failed -> failure.run());
        if (said == null && !empty && call.request().version() != HttpVersion.HTTP_1_0) {
            call.means().context().runOnContext(later -> headFirst());
        }
    }

    /** The head of an answer, as plugins have it. */
    static void head(Call call, HttpClientResponse answer, long sentAt) {
        Exchange exchange = call.exchange();
        HttpServerResponse response = call.response();
        response.setStatusCode(answer.statusCode());
        if (answer.statusMessage() != null) {
            response.setStatusMessage(answer.statusMessage());
        }
        MultiMap added = exchange.responseHeaders();
        MultiMap all = response.headers();
        HopByHop.copyOthers(answer.headers(), all);
        all.set(VIA, call.means().options().product());
        all.set(UPSTREAM_LATENCY, Call.millis(exchange.upstreamNanos()));
        all.set(PROXY_LATENCY, Call.millis(sentAt - call.arrived()));
        exchange.status(answer.statusCode());
        if (call.routing().plugins().concern(exchange)) {
            added.names().forEach(name -> all.set(name, added.getAll(name)));
            added.clear();
            added.addAll(all);
            call.routing().plugins().response(exchange);
            all.clear();
            all.addAll(added);
        }
    }

    private boolean isBodiless() {
        int status = answer.statusCode();
        return call.request().method() == HttpMethod.HEAD || status == 204 || status == 304 || status < 200;
    }

    /* A client of server-sent events waits for it, and the first event may take long. */
    private void headFirst() {
        if (!isOver() && !response.headWritten() && !response.closed()) {
            response.writeHead();
        }
    }

    /* With its last byte an answer is complete: nothing more has to be sent. */
    @Override
    void write(WriteStream<Buffer> stream, Buffer chunk) {
        if (bytes() == length) {
            stop();
            response.end(chunk);
            end.run();
        } else {
            super.write(stream, chunk);
        }
    }

    private void complete() {
        MultiMap trailers = answer.trailers();
        if (!trailers.isEmpty() && (response.isChunked() || call.request().version() == HttpVersion.HTTP_2)) {
            HopByHop.copyOthers(trailers, response.trailers());
        }
        response.end();
        end.run();
    }
}
