package io.drawbridge.core.proxy.route;

import java.util.Map;

/** Why a request that matches a route must not take it, and what it is answered. Immutable. */
public sealed interface Refusal {
    /** By what the client calls it: the same URL with {@code https}, host without port. @param status 301, 302, 307 or 308 */
    record Redirect(int status) implements Refusal {}

    /**
     * An answer.
     *
     * @param message of the JSON body; null for none
     */
    record Answer(int status, String message, Map<String, String> headers) implements Refusal {}

    /** The route takes encrypted requests only. @param status as configured: 426 or one of the redirects */
    static Refusal plain(int status) {
        return status == 426
                ? new Answer(
                        status,
                        "Please use HTTPS protocol",
                        Map.of("Connection", "Upgrade", "Upgrade", "TLS/1.2, HTTP/1.1"))
                : new Redirect(status);
    }

    Refusal NOT_GRPC = new Answer(415, "Non-gRPC request matched gRPC route", Map.of());
    Refusal NOT_HTTP2 =
            new Answer(426, "Please use HTTP2 protocol", Map.of("Connection", "Upgrade", "Upgrade", "HTTP/2"));
    Refusal PLAIN_GRPC = new Answer(
            200,
            null,
            Map.of(
                    "Content-Type",
                    "application/grpc",
                    "grpc-status",
                    "1",
                    "grpc-message",
                    "gRPC request matched gRPCs route"));
    /** A route's regular expression took too long, or is none that can be run: nobody knows whether it matches. */
    Refusal UNDECIDED = new Answer(500, "An unexpected error occurred", Map.of());
}
