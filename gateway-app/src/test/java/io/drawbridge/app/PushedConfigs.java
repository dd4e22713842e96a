package io.drawbridge.app;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;

/** A data plane that takes what it is sent, and says so. */
final class PushedConfigs implements AutoCloseable {
    private static final String NOTHING = "0".repeat(32);

    final UUID id = UUID.randomUUID();
    private final Vertx vertx = Vertx.vertx();
    /* A client that nobody refers to closes its connections when it is collected. */
    private final WebSocketClient client;
    private final BlockingQueue<JsonObject> pushed = new LinkedBlockingQueue<>();

    PushedConfigs(int port, Path certificate, Path key) throws Exception {
        client = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setSsl(true)
                .setTrustAll(true)
                .setVerifyHost(false)
                .setMaxFrameSize(4 * 1024 * 1024)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath(certificate.toString())
                        .setKeyPath(key.toString())));
        WebSocket socket = client.connect(new WebSocketConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(port)
                        .setURI("/v1/outlet?node_id=" + id + "&node_hostname=dp&node_version=2.5.1"))
                .await(20, SECONDS);
        socket.frameHandler(frame -> {
            if (frame.isBinary()) {
                JsonObject message = unzipped(frame.binaryData());
                pushed.add(message);
                socket.writePing(Buffer.buffer(message.getString("config_hash")));
            }
        });
        socket.writeFinalBinaryFrame(new JsonObject()
                .put("type", "basic_info")
                .put("plugins", new JsonArray().add(new JsonObject().put("name", "key-auth")))
                .toBuffer());
        socket.writePing(Buffer.buffer(NOTHING));
    }

    /** The next one; null if none comes within 20 s. */
    JsonObject next() throws InterruptedException {
        return pushed.poll(20, SECONDS);
    }

    private static JsonObject unzipped(Buffer frame) {
        try {
            return new JsonObject(
                    Buffer.buffer(new GZIPInputStream(new ByteArrayInputStream(frame.getBytes())).readAllBytes()));
        } catch (IOException garbage) {
            throw new IllegalStateException(garbage);
        }
    }

    @Override
    public void close() throws TimeoutException {
        vertx.close().await(10, SECONDS);
    }
}
