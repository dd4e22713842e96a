package io.drawbridge.core.proxy.plugin;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a plugin has decided on a request. Immutable. */
public sealed interface Verdict {
    /** Nothing against it. */
    Future<Verdict> PASS = Future.succeededFuture(new Pass());

    /** The request goes on to the next plugin, at last to the service. */
    record Pass() implements Verdict {}

    /**
     * This is answered, and the request goes no further.
     *
     * @param status of HTTP
     * @param headers by name
     * @param body may be empty
     */
    record Answer(int status, Map<String, String> headers, Buffer body) implements Verdict {
        public Answer {
            headers = Map.copyOf(headers);
        }
    }

    /** As Kong answers: JSON with a message. */
    static Future<Verdict> refuse(int status, String message, Map<String, String> headers) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Content-Type", "application/json; charset=utf-8");
        return Future.succeededFuture(
                new Answer(status, all, new JsonObject().put("message", message).toBuffer()));
    }
}
