package io.drawbridge.core.proxy;

import java.time.Duration;

/**
 * The bounds of a proxy. Immutable.
 *
 * @param headerBytes largest head of a request or an answer. Default 32 KiB
 * @param lineBytes longest request line. Default 8 KiB
 * @param bodyBytes largest body of a request that a plugin may read as a whole. Default 8 MiB
 * @param http2Streams most requests at once on one HTTP/2 connection of a client. Default 128
 * @param upstreamConnections most connections to one upstream address, for each event loop. Default 1024
 * @param upstreamWaiting most requests that wait for one of those, for each event loop. Default 4096
 * @param upstreamSetups most different TLS set-ups towards upstreams at once. Default 1000
 * @param upstreamIdle how long an unused connection to an upstream is kept, at least 1 s. Default 60 s
 * @param clientIdle how long a client's connection is kept without a request, its first head included. Default 75 s
 * @param clientSilence how long a client may neither send what it has announced nor take what it asked for. Default 60 s
 */
public record ProxyLimits(
        int headerBytes,
        int lineBytes,
        int bodyBytes,
        int http2Streams,
        int upstreamConnections,
        int upstreamWaiting,
        int upstreamSetups,
        Duration upstreamIdle,
        Duration clientIdle,
        Duration clientSilence) {
    public ProxyLimits {
        if (headerBytes < 1024 || lineBytes < 512 || bodyBytes < 0 || http2Streams < 1) {
            throw new IllegalArgumentException("headerBytes at least 1024, lineBytes 512, bodyBytes 0, http2Streams 1");
        }
        if (upstreamConnections < 1 || upstreamWaiting < 1 || upstreamSetups < 1) {
            throw new IllegalArgumentException("upstreamConnections, upstreamWaiting, upstreamSetups at least 1");
        }
        if (upstreamIdle.toSeconds() < 1 || clientIdle.toMillis() < 1 || clientSilence.toMillis() < 1) {
            throw new IllegalArgumentException("upstreamIdle at least 1 s, clientIdle and clientSilence 1 ms");
        }
    }

    public static ProxyLimits defaults() {
        return new ProxyLimits(
                32 * 1024,
                8 * 1024,
                8 * 1024 * 1024,
                128,
                1024,
                4096,
                1000,
                Duration.ofSeconds(60),
                Duration.ofSeconds(75),
                Duration.ofSeconds(60));
    }

    /** With other waits for upstreams and clients. */
    public ProxyLimits waiting(Duration upstream, Duration idle, Duration silence) {
        return new ProxyLimits(
                headerBytes,
                lineBytes,
                bodyBytes,
                http2Streams,
                upstreamConnections,
                upstreamWaiting,
                upstreamSetups,
                upstream,
                idle,
                silence);
    }
}
