package io.drawbridge.core.proxy.plugin.builtin;

import io.drawbridge.core.proxy.plugin.Exchange;
import io.drawbridge.core.proxy.plugin.Plugin;
import io.drawbridge.core.proxy.plugin.Verdict;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Map;

/**
 * {@code request-termination}: answers every request the same. Immutable.
 *
 * @param answer what it answers
 */
record RequestTermination(Future<Verdict> answer) implements Plugin {
    private static final String JSON = "application/json; charset=utf-8";
    private static final Map<Integer, String> MESSAGES = Map.of(
            401, "Unauthorized",
            404, "Not found",
            405, "Method not allowed",
            500, "An unexpected error occurred",
            502, "Bad Gateway",
            503, "Service unavailable");

    static RequestTermination of(Settings settings) {
        int status = settings.number("status_code") == 0 ? 503 : (int) settings.number("status_code");
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("status_code " + status + " ends no request");
        }
        String body = settings.text("body");
        String message = settings.text("message", MESSAGES.get(status));
        if (status == 204 || status == 304 || body == null && message == null) {
            return answer(new Verdict.Answer(status, Map.of(), Buffer.buffer()));
        }
        return body == null
                ? new RequestTermination(Verdict.refuse(status, message, Map.of()))
                : answer(new Verdict.Answer(
                        status, Map.of("Content-Type", settings.text("content_type", JSON)), Buffer.buffer(body)));
    }

    private static RequestTermination answer(Verdict verdict) {
        return new RequestTermination(Future.succeededFuture(verdict));
    }

    @Override
    public Future<Verdict> access(Exchange exchange) {
        return answer;
    }
}
