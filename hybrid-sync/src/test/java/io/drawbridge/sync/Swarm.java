package io.drawbridge.sync;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.function.IntSupplier;
import java.util.zip.GZIPInputStream;

/** Many data planes on real sockets, which look at nothing of what they get but its hash, say it, and come back when they are cut off. */
final class Swarm implements AutoCloseable {
    private static final String HASH = "\"config_hash\":\"";
    private static final int FRAME_MAX = 64 * 1024 * 1024;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final WebSocketClient client;
    private final List<Plane> planes = new ArrayList<>();
    private volatile boolean over;

    Swarm(Path certificate, Path key) {
        WebSocketClientOptions options = new WebSocketClientOptions()
                .setSsl(true)
                .setTrustAll(true)
                .setVerifyHost(false)
                .setMaxFrameSize(FRAME_MAX)
                .setMaxConnections(10_000)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath(certificate.toString())
                        .setKeyPath(key.toString()));
        client = vertx.createWebSocketClient(
                OpenSSLEngineOptions.isAvailable() ? options.setSslEngineOptions(new OpenSSLEngineOptions()) : options);
    }

    /** One that connects wherever the port is then. */
    Plane add(String version, IntSupplier port) {
        Plane plane = new Plane(version, port);
        planes.add(plane);
        vertx.runOnContext(start -> plane.connect());
        return plane;
    }

    List<Plane> planes() {
        return planes;
    }

    boolean allHave(String digest) {
        return planes.stream().allMatch(plane -> plane.hash.equals(digest));
    }

    @Override
    public void close() throws TimeoutException {
        over = true;
        vertx.close().await(20, SECONDS);
    }

    /** One of them. Fields are for anybody to read. */
    final class Plane {
        final UUID id = UUID.randomUUID();
        private final String version;
        private final Random random = new Random(id.getLeastSignificantBits());
        private volatile IntSupplier port;
        private WebSocket socket;
        volatile String hash = FakeDataPlane.NOTHING;
        volatile int payloads;
        volatile int connections;

        private Plane(String version, IntSupplier port) {
            this.version = version;
            this.port = port;
        }

        /** Goes to another control plane. */
        void move(IntSupplier other) {
            port = other;
            vertx.runOnContext(now -> socket.close());
        }

        private void connect() {
            if (over) {
                return;
            }
            client.connect(
                            port.getAsInt(),
                            "127.0.0.1",
                            "/v1/outlet?node_id=" + id + "&node_hostname=swarm&node_version=" + version)
                    .onSuccess(this::connected)
                    .onFailure(refused -> vertx.setTimer(50 + random.nextInt(200), again -> connect()));
        }

        private void connected(WebSocket now) {
            socket = now;
            connections++;
            now.closeHandler(closed -> vertx.setTimer(1 + random.nextInt(100), again -> connect()));
            now.frameHandler(frame -> {
                if (frame.isBinary()) {
                    payloads++;
                    hash = digest(frame.binaryData());
                    now.writePing(Buffer.buffer(hash));
                }
            });
            now.writeFinalBinaryFrame(Buffer.buffer("{\"type\":\"basic_info\",\"plugins\":[]}"));
            now.writePing(Buffer.buffer(hash));
        }
    }

    private static String digest(Buffer frame) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(frame.getBytes()))) {
            String begin = new String(in.readNBytes(200), StandardCharsets.UTF_8);
            int at = begin.indexOf(HASH) + HASH.length();
            return begin.substring(at, at + FakeDataPlane.NOTHING.length());
        } catch (IOException garbage) {
            throw new IllegalStateException(garbage);
        }
    }
}
