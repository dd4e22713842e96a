package io.drawbridge.core.proxy;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;

/** The body of a request, held back until somebody takes it. Confined to the event loop of the request. */
final class RequestBody {
    /** What of an unwanted body is read so that the connection can be used again, in bytes. */
    private static final int DISCARD_MAX = 256 * 1024;

    /** Of an exabyte less one. */
    private static final int LENGTH_DIGITS = 18;

    private final HttpServerRequest request;
    private final boolean present;
    private final boolean sized;
    private boolean awaited;
    private boolean lost;
    private Future<Buffer> whole;

    private RequestBody(HttpServerRequest request, boolean present, boolean sized, boolean awaited, boolean lost) {
        this.request = request;
        this.present = present;
        this.sized = sized;
        this.awaited = awaited;
        this.lost = lost;
    }

    /** Of a request that has just arrived. */
    static RequestBody of(HttpServerRequest request) {
        MultiMap headers = request.headers();
        String length = headers.get(HttpHeaders.CONTENT_LENGTH);
        boolean lost = !isFramed(request);
        boolean present;
        if (length != null) {
            present = !length.equals("0");
        } else if (request.version() == HttpVersion.HTTP_2) {
            present = request.method() != HttpMethod.GET && request.method() != HttpMethod.HEAD;
        } else {
            present = headers.contains(HttpHeaders.TRANSFER_ENCODING);
        }
        if (!present) {
            return new RequestBody(request, false, length != null, false, lost);
        }
        request.pause();
        String expect = headers.get(HttpHeaders.EXPECT);
        return new RequestBody(request, true, length != null, "100-continue".equalsIgnoreCase(expect), lost);
    }

    /* Where an encoding that is not known ends, or what is said to have two lengths, everybody may see otherwise. */
    private static boolean isFramed(HttpServerRequest request) {
        MultiMap headers = request.headers();
        List<String> lengths = headers.getAll(HttpHeaders.CONTENT_LENGTH);
        if (lengths.size() > 1 || lengths.size() == 1 && !isNumber(lengths.get(0))) {
            return false;
        }
        if (request.version() == HttpVersion.HTTP_2) {
            return true;
        }
        List<String> encodings = headers.getAll(HttpHeaders.TRANSFER_ENCODING);
        return encodings.isEmpty() || encodings.size() == 1 && encodings.get(0).equalsIgnoreCase("chunked");
    }

    private static boolean isNumber(String length) {
        for (int i = 0; i < length.length(); i++) {
            if (length.charAt(i) < '0' || length.charAt(i) > '9') {
                return false;
            }
        }
        return !length.isEmpty() && length.length() <= LENGTH_DIGITS;
    }

    /** False: nobody can say where it ends. It is not to be read, and the connection ends with the answer. */
    boolean isFramed() {
        return !lost;
    }

    /** Whether there is one, or may be. */
    boolean isPresent() {
        return present;
    }

    /** Whether the request says how long it is. */
    boolean isSized() {
        return sized;
    }

    /** What a plugin has read of it; null if none did. */
    Buffer read() {
        return whole == null ? null : whole.result();
    }

    /** A client that waits for leave to send it gets that. */
    void invite() {
        if (awaited) {
            awaited = false;
            request.response().writeContinue();
        }
    }

    /** All of it. Fails if it is larger than {@code max} bytes or ends before its end. */
    Future<Buffer> readAll(int max) {
        if (whole == null) {
            whole = present ? collected(max) : Future.succeededFuture(Buffer.buffer());
        }
        return whole;
    }

    private Future<Buffer> collected(int max) {
        Promise<Buffer> promise = Promise.promise();
        Buffer all = Buffer.buffer();
        request.exceptionHandler(promise::tryFail);
        request.endHandler(end -> promise.tryComplete(all));
        request.handler(chunk -> {
            if (all.length() + chunk.length() > max) {
                promise.tryFail("the body is larger than " + max + " bytes");
            } else if (!promise.future().isComplete()) {
                all.appendBuffer(chunk);
            }
        });
        invite();
        request.resume();
        return promise.future();
    }

    /** What is still to come will not: the connection ends with the answer. */
    void giveUp() {
        lost = true;
    }

    /**
     * Nobody wants it: so that the connection can be used again, what little there is of it is read.
     *
     * @return false if that is not worth it, or never comes: the connection ends with the answer
     */
    boolean discard() {
        if (!present || whole != null && whole.succeeded() || request.isEnded()) {
            return true;
        }
        if (lost || awaited || isLong()) {
            return false;
        }
        long[] bytes = {0};
        request.exceptionHandler(failed -> {});
        request.endHandler(end -> {});
        request.handler(chunk -> {
            bytes[0] += chunk.length();
            if (bytes[0] > DISCARD_MAX) {
                request.connection().close();
            }
        });
        request.resume();
        return true;
    }

    private boolean isLong() {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length != null && (length.length() > 9 || Long.parseLong(length) > DISCARD_MAX);
    }
}
