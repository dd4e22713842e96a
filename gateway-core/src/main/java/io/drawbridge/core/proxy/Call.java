package io.drawbridge.core.proxy;

import io.drawbridge.core.proxy.plugin.Exchange;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One request from its arrival to its end, and what this node answers by itself. Confined to the event loop of the request. */
final class Call {
    private static final CharSequence RESPONSE_LATENCY = HttpHeaders.createOptimized("X-Kong-Response-Latency");
    private static final String JSON = "application/json; charset=utf-8";

    private final Means means;
    private final Routing routing;
    private final HttpServerRequest request;
    private final RequestBody body;
    private final ClientConnection client;
    private final long arrived;
    private Exchange exchange;
    private boolean over;

    Call(Means means, HttpServerRequest request, ClientConnection client) {
        this.arrived = System.nanoTime();
        this.means = means;
        this.routing = means.routing().get();
        this.request = request;
        this.body = RequestBody.of(request);
        this.client = client;
        client.begin();
    }

    Means means() {
        return means;
    }

    /** The configuration that it began with. */
    Routing routing() {
        return routing;
    }

    HttpServerRequest request() {
        return request;
    }

    HttpServerResponse response() {
        return request.response();
    }

    RequestBody body() {
        return body;
    }

    ClientConnection client() {
        return client;
    }

    long arrived() {
        return arrived;
    }

    /** Null while it has no route. */
    Exchange exchange() {
        return exchange;
    }

    void exchange(Exchange known) {
        this.exchange = known;
    }

    /** Answers as Kong does. */
    void refuse(int status, String message) {
        refuse(status, message, Map.of());
    }

    void refuse(int status, String message, Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(headers);
        all.put("Content-Type", JSON);
        answer(status, all, new JsonObject().put("message", message).toBuffer());
    }

    /** Answers, unless an answer has begun: then it is cut off, so that nobody takes it for a whole one. */
    void answer(int status, Map<String, String> headers, Buffer content) {
        if (over) {
            return;
        }
        HttpServerResponse response = response();
        if (response.headWritten()) {
            cut();
            finish(0, 0);
            return;
        }
        response.setStatusCode(status).headers().clear();
        if (exchange != null) {
            exchange.status(status);
            headers.forEach(exchange.responseHeaders()::set);
            routing.plugins().response(exchange);
            response.headers().addAll(exchange.responseHeaders());
        } else {
            response.headers().addAll(headers);
        }
        response.putHeader(HttpHeaders.SERVER, means.options().product());
        response.putHeader(
                HttpHeaders.DATE, DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)));
        response.putHeader(RESPONSE_LATENCY, millis(System.nanoTime() - arrived));
        if (request.method() == HttpMethod.HEAD) {
            response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(content.length()));
        }
        end(content);
    }

    private void end(Buffer content) {
        HttpServerResponse response = response();
        boolean usable = body.discard();
        if (!usable && request.version() != HttpVersion.HTTP_2) {
            response.putHeader(HttpHeaders.CONNECTION, "close");
            client.endWithThisAnswer();
        }
        boolean head = request.method() == HttpMethod.HEAD;
        Future<Void> sent = head ? response.end() : response.end(content);
        if (!usable) {
            sent.onComplete(ended -> hangUp());
        }
        finish(0, head ? 0 : content.length());
    }

    /** What has begun as an answer ends here. */
    void cut() {
        response().reset();
        if (request.version() != HttpVersion.HTTP_2) {
            Cut.off(request.connection());
        }
    }

    /** The answer is sent, and what is still to come of the body nobody wants. */
    void leaveBody() {
        if (!body.discard()) {
            hangUp();
        }
    }

    private void hangUp() {
        if (request.version() == HttpVersion.HTTP_2) {
            response().reset();
        } else {
            request.connection().close();
        }
    }

    /** It is over. @param in bytes of the body that came @param out bytes of the body that were sent */
    void finish(long in, long out) {
        if (over) {
            return;
        }
        over = true;
        client.end();
        if (exchange != null) {
            exchange.finished(System.nanoTime(), in, out);
            routing.plugins().log(exchange);
        }
    }

    boolean isOver() {
        return over;
    }

    static String millis(long nanos) {
        return Long.toString(TimeUnit.NANOSECONDS.toMillis(nanos));
    }
}
