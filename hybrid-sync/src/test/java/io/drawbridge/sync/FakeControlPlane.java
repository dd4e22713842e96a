package io.drawbridge.sync;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A control plane that says what it is told to, and remembers what it was told: one of Kong's, or a broken one. */
final class FakeControlPlane implements AutoCloseable {
    final List<JsonObject> told = new CopyOnWriteArrayList<>();
    final List<String> pings = new CopyOnWriteArrayList<>();
    final List<String> requests = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private volatile ServerWebSocket socket;

    FakeControlPlane(Vertx vertx, ClusterTls tls, int port) throws IOException {
        ServerSSLOptions read = tls.read().options();
        HttpServerOptions options = new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setSsl(true)
                .setSslEngineOptions(new OpenSSLEngineOptions());
        options.setKeyCertOptions(read.getKeyCertOptions())
                .setTrustOptions(read.getTrustOptions())
                .setClientAuth(read.getClientAuth());
        server = vertx.createHttpServer(options);
        server.webSocketHandler(opened -> {
            requests.add(opened.uri());
            opened.frameHandler(this::frame);
            socket = opened;
        });
        Waiting.await(server.listen());
    }

    private void frame(WebSocketFrame frame) {
        if (frame.isPing()) {
            pings.add(frame.binaryData().toString());
        } else if (frame.isBinary()) {
            told.add(new JsonObject(frame.binaryData()));
        }
    }

    int port() {
        return server.actualPort();
    }

    boolean connected() {
        return socket != null;
    }

    String lastPing() {
        return pings.isEmpty() ? "" : pings.get(pings.size() - 1);
    }

    /** What a data plane said last, besides pings. */
    JsonObject lastTold() {
        return told.isEmpty() ? new JsonObject() : told.get(told.size() - 1);
    }

    void send(Buffer frame) {
        socket.writeFinalBinaryFrame(frame);
    }

    /** One message in three frames. */
    void sendInPieces(Buffer message) {
        int third = message.length() / 3;
        socket.writeFrame(WebSocketFrame.binaryFrame(message.slice(0, third), false));
        socket.writeFrame(WebSocketFrame.continuationFrame(message.slice(third, 2 * third), false));
        socket.writeFrame(WebSocketFrame.continuationFrame(message.slice(2 * third, message.length()), true));
    }

    void hangUp(int code, String reason) {
        ServerWebSocket last = socket;
        socket = null;
        last.close((short) code, reason);
    }

    @Override
    public void close() {
        Waiting.await(server.close());
    }
}
