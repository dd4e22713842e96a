package io.drawbridge.admin;

import io.drawbridge.core.declarative.Yaml;
import io.drawbridge.core.entity.Violations;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** Reads and parses request bodies, within bounds. Thread-safe. */
final class Bodies {
    /* Beyond this, parsing would hold up other requests of the same event loop. */
    private static final int INLINE_BYTES_MAX = 64 * 1024;

    private static final long LINGER_MILLIS = 1000;

    private final Vertx vertx;
    private final AdminOptions options;
    private final AtomicLong held = new AtomicLong();

    Bodies(Vertx vertx, AdminOptions options) {
        this.vertx = vertx;
        this.options = options;
    }

    /** Whether it is known where the body ends; if not, what follows could pass for another request. */
    static boolean framed(HttpServerRequest request) {
        String coding = request.getHeader("Transfer-Encoding");
        return coding == null || coding.strip().equalsIgnoreCase("chunked");
    }

    /** Whether the request may carry what it says that it carries; if not, it is answered with an empty 415. */
    static boolean acceptable(HttpServerRequest request) {
        if (!writes(request.method())) {
            return true;
        }
        String type = request.getHeader("Content-Type");
        if (type == null) {
            String length = request.getHeader("Content-Length");
            return length == null
                    ? request.getHeader("Transfer-Encoding") == null
                    : length.strip().equals("0");
        }
        String known = type.toLowerCase(Locale.ROOT);
        return known.startsWith("application/json")
                || known.startsWith("multipart/form-data")
                || known.startsWith("application/x-www-form-urlencoded")
                || isYaml(known) && ConfigResource.takesYaml(request.path());
    }

    /**
     * Reads the body and has {@code work} done with it; counts its bytes until then. Fails with 413 if there are too many,
     * 503 if those of all requests are, 408 if they take too long.
     */
    Future<Reply> with(HttpServerRequest request, Function<Buffer, Future<Reply>> work) {
        AtomicLong mine = new AtomicLong();
        return read(request, mine).compose(work).onComplete(done -> held.addAndGet(-mine.get()));
    }

    private Future<Buffer> read(HttpServerRequest request, AtomicLong mine) {
        Promise<Buffer> whole = Promise.promise();
        Buffer collected = Buffer.buffer();
        long timer = vertx.setTimer(options.bodyTimeout().toMillis(), late -> whole.tryFail(tooSlow()));
        request.handler(chunk -> {
            if (whole.future().isComplete()) {
                return;
            }
            if (collected.length() + chunk.length() > options.bodyBytesMax()) {
                whole.tryFail(tooLarge());
                return;
            }
            mine.addAndGet(chunk.length());
            if (held.addAndGet(chunk.length()) > options.bodiesBytesMax()) {
                whole.tryFail(new AdminException(Pipeline.busy()));
                return;
            }
            collected.appendBuffer(chunk);
        });
        request.exceptionHandler(gone -> whole.tryFail(cutOff()));
        request.endHandler(end -> whole.tryComplete(collected));
        welcome(request);
        return whole.future().onComplete(read -> vertx.cancelTimer(timer));
    }

    /** Ends the connection; a client that is still sending has a moment to read the answer. */
    Future<Void> hangUp(HttpServerRequest request) {
        if (request.isEnded()) {
            return request.connection().close();
        }
        request.pause();
        vertx.setTimer(LINGER_MILLIS, late -> request.connection().close());
        return Future.succeededFuture();
    }

    /** Whether the announced length is already too much. */
    boolean tooLong(HttpServerRequest request) {
        return longer(request, options.bodyBytesMax());
    }

    static boolean longer(HttpServerRequest request, long bytesMax) {
        String length = request.getHeader("Content-Length");
        try {
            return length != null && Long.parseLong(length.strip()) > bytesMax;
        } catch (NumberFormatException unknown) {
            return true;
        }
    }

    static AdminException tooSlow() {
        return new AdminException(Reply.message(408, "Request body timed out").with("Connection", "close"));
    }

    /** Tells a client that asked first to send its body. */
    static void welcome(HttpServerRequest request) {
        if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
            request.response().writeContinue();
        }
    }

    /** For the log: the client is not there any more to read it. */
    static AdminException cutOff() {
        return new AdminException(Reply.message(400, "Request body broken off").with("Connection", "close"));
    }

    static AdminException tooLarge() {
        return new AdminException(Reply.message(413, "Request body too large").with("Connection", "close"));
    }

    /** The body's values. Methods that do not write have none, whatever was sent. */
    Future<AdminRequest.Body> parse(HttpServerRequest request, Buffer bytes) {
        if (!writes(request.method())) {
            return Future.succeededFuture(AdminRequest.Body.NONE);
        }
        String given = request.getHeader("Content-Type");
        String type = given == null ? "" : given;
        return bytes.length() <= INLINE_BYTES_MAX && !isYaml(type.toLowerCase(Locale.ROOT))
                ? Future.succeededFuture().map(here -> parse(type, bytes))
                : vertx.executeBlocking(() -> parse(type, bytes), false);
    }

    private static AdminRequest.Body parse(String type, Buffer bytes) {
        String known = type.toLowerCase(Locale.ROOT);
        if (known.contains("application/json")) {
            return new AdminRequest.Body(json(bytes), false);
        }
        if (known.startsWith("multipart/form-data")) {
            return new AdminRequest.Body(FormBody.nested(Multipart.parse(type, bytes.getBytes())), true);
        }
        if (isYaml(known)) {
            return new AdminRequest.Body(yaml(bytes), false);
        }
        return bytes.length() == 0
                ? new AdminRequest.Body(Map.of(), true)
                : new AdminRequest.Body(FormBody.nested(urlEncoded(bytes)), true);
    }

    private static Map<String, Object> json(Buffer bytes) {
        Object value;
        try {
            if (Percent.text(ByteBuffer.wrap(bytes.getBytes())) == null) {
                throw new DecodeException("not UTF-8");
            }
            value = Json.decodeValue(bytes);
        } catch (DecodeException malformed) {
            throw new AdminException(Reply.message(400, "Cannot parse JSON body"));
        }
        if (value instanceof JsonObject object) {
            return plain(object.getMap());
        }
        if (value instanceof JsonArray array) {
            Map<String, Object> numbered = new LinkedHashMap<>();
            for (int i = 0; i < Math.min(array.size(), AdminRequest.ARGUMENTS_MAX); i++) {
                numbered.put(String.valueOf(i + 1), array.getValue(i));
            }
            return numbered;
        }
        throw Problem.schemaViolation(Violations.ofEntity("expected a record"));
    }

    static boolean isYaml(String type) {
        return type.startsWith("text/yaml") || type.startsWith("application/yaml");
    }

    private static Map<String, Object> yaml(Buffer bytes) {
        String text = Percent.text(ByteBuffer.wrap(bytes.getBytes()));
        if (text == null) {
            throw new AdminException(Reply.message(400, "Cannot parse YAML body"));
        }
        return Yaml.parse(text);
    }

    private static Map<String, Object> plain(Map<?, ?> map) {
        Map<String, Object> plain = new LinkedHashMap<>();
        map.forEach((key, value) -> plain.put(String.valueOf(key), plainValue(value)));
        return plain;
    }

    private static Object plainValue(Object value) {
        if (value instanceof JsonObject object) {
            return plain(object.getMap());
        }
        if (value instanceof Map<?, ?> map) {
            return plain(map);
        }
        if (value instanceof JsonArray array) {
            return plainList(array.getList());
        }
        return value instanceof List<?> list ? plainList(list) : value;
    }

    private static List<Object> plainList(List<?> list) {
        List<Object> plain = new ArrayList<>(list.size());
        list.forEach(each -> plain.add(plainValue(each)));
        return plain;
    }

    private static List<FormBody.Argument> urlEncoded(Buffer bytes) {
        String text = Percent.text(ByteBuffer.wrap(bytes.getBytes()));
        if (text == null) {
            throw unreadable();
        }
        List<FormBody.Argument> arguments = new ArrayList<>();
        for (String pair : text.split("&", AdminRequest.ARGUMENTS_MAX + 2)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = Percent.decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : Percent.decode(pair.substring(equals + 1));
            if (name == null || value == null) {
                throw unreadable();
            }
            arguments.add(new FormBody.Argument(name, value));
        }
        return arguments;
    }

    static AdminException unreadable() {
        return new AdminException(Reply.message(400, "Cannot parse form body"));
    }

    private static boolean writes(HttpMethod method) {
        return method.equals(HttpMethod.POST) || method.equals(HttpMethod.PUT) || method.equals(HttpMethod.PATCH);
    }
}
