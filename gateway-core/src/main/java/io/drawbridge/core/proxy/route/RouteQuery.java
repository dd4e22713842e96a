package io.drawbridge.core.proxy.route;

import io.vertx.core.MultiMap;
import java.util.Locale;

/**
 * What of a request decides which route it takes. Immutable, but for the headers.
 *
 * @param scheme {@code http} or {@code https}: what the client used, as far as it may be believed
 * @param http2 whether it came by HTTP/2
 * @param method in capitals
 * @param host as in {@code Host} or {@code :authority}, perhaps with a port, in lower case; empty if the request named none
 * @param port of the listener
 * @param path as it came, without query
 * @param sni what the client asked for in the TLS handshake, in lower case; null if nothing
 * @param headers of the request
 */
public record RouteQuery(
        String scheme, boolean http2, String method, String host, int port, String path, String sni, MultiMap headers) {

    boolean encrypted() {
        return "https".equals(scheme);
    }

    boolean grpc() {
        String type = headers.get("content-type");
        return type != null && type.toLowerCase(Locale.ROOT).startsWith("application/grpc");
    }
}
