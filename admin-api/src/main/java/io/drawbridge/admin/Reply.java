package io.drawbridge.admin;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer before it is sent. Immutable.
 *
 * @param status the HTTP status
 * @param type content type; null: no body
 * @param body null: none
 * @param headers more headers
 */
record Reply(int status, String type, String body, Map<String, String> headers) {
    private static final String JSON = "application/json; charset=utf-8";

    static Reply json(int status, Object body) {
        return new Reply(status, JSON, JsonText.of(body), Map.of());
    }

    static Reply message(int status, String message) {
        return json(status, Map.of("message", message));
    }

    static Reply empty(int status) {
        return new Reply(status, null, null, Map.of());
    }

    static Reply text(int status, String type, String body) {
        return new Reply(status, type, body, Map.of());
    }

    static Reply notFound() {
        return message(404, "Not found");
    }

    /** @param allowed the methods that would be answered */
    static Reply methodNotAllowed(String allowed) {
        return message(405, "Method not allowed").with("Allow", allowed);
    }

    /** Whether nothing more is said on the connection. */
    boolean last() {
        return "close".equals(headers.get("Connection"));
    }

    Reply with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Reply(status, type, body, more);
    }
}
