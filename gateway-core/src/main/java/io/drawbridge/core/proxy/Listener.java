package io.drawbridge.core.proxy;

/**
 * Where clients connect. Immutable.
 *
 * @param host address or name of an interface
 * @param port 0: any free one
 * @param tls whether TLS is spoken
 * @param http2 whether HTTP/2 is spoken beside HTTP/1.1: over TLS by ALPN, else by prior knowledge or upgrade
 */
public record Listener(String host, int port, boolean tls, boolean http2) {
    public Listener {
        if (host.isEmpty() || port < 0 || port > 65_535) {
            throw new IllegalArgumentException("a listener needs a host and a port from 0 to 65535");
        }
    }
}
