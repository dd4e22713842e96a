package io.drawbridge.core.proxy;

import io.drawbridge.core.proxy.tls.NamedIdentities;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.SocketAddress;

/** A client's connection. Confined to its event loop. */
final class ClientConnection {
    private final HttpConnection connection;
    private final String peer;
    private final String server;
    private final int port;
    private final String sni;
    private int requests;
    private boolean ending;
    private long idleSince = System.nanoTime();

    ClientConnection(HttpConnection connection) {
        this.connection = connection;
        SocketAddress remote = connection.remoteAddress();
        SocketAddress local = connection.localAddress();
        this.peer = remote == null ? "" : remote.hostAddress();
        this.port = local == null ? 0 : local.port();
        this.server = local == null ? "" : local.hostAddress() + ":" + port;
        this.sni = connection.isSsl() ? NamedIdentities.asked(connection.sslSession()) : null;
    }

    /** Address of who is at its other end. */
    String peer() {
        return peer;
    }

    /** Address and port at this end. */
    String server() {
        return server;
    }

    int port() {
        return port;
    }

    /** What was asked for in the TLS handshake; null if nothing. */
    String sni() {
        return sni;
    }

    /** The answer that is sent now is the last: what follows was perhaps never meant as a request. */
    void endWithThisAnswer() {
        ending = true;
    }

    boolean isEnding() {
        return ending;
    }

    void begin() {
        requests++;
    }

    void end() {
        requests--;
        idleSince = System.nanoTime();
    }

    boolean isIdle(long now, long nanos) {
        return requests == 0 && now - idleSince > nanos;
    }

    /** Of nobody any more. */
    void close() {
        Cut.off(connection);
    }
}
