package io.drawbridge.bench;

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
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.zip.GZIPInputStream;

/**
 * A process with many data planes on real sockets with TLS, which look at nothing of what they get but its digest and say that they have it:
 * {@code port certificate key count full|delta}. Prints {@code up nanos} whenever all are connected, and {@code all nanos frames bytes} when
 * all have the same; the nanoseconds are of the machine's monotonic clock, which its processes share. Ends with its standard input.
 */
final class FleetMain {
    private static final String NOTHING = "0".repeat(32);
    private static final int FRAME_MAX = 64 * 1024 * 1024;
    private static final int BEGIN = 400;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Map<String, Integer> having = new HashMap<>();
    private final Random random = new Random(1);
    private final WebSocketClient client;
    private final int port;
    private final int count;
    private final boolean delta;
    private int open;
    private long frames;
    private long bytes;

    private FleetMain(int port, String certificate, String key, int count, boolean delta) {
        this.port = port;
        this.count = count;
        this.delta = delta;
        WebSocketClientOptions options = new WebSocketClientOptions()
                .setSsl(true)
                .setTrustAll(true)
                .setVerifyHost(false)
                .setMaxFrameSize(FRAME_MAX)
                .setMaxConnections(count + 1)
                .setKeyCertOptions(
                        new PemKeyCertOptions().setCertPath(certificate).setKeyPath(key));
        this.client = vertx.createWebSocketClient(
                OpenSSLEngineOptions.isAvailable() ? options.setSslEngineOptions(new OpenSSLEngineOptions()) : options);
    }

    public static void main(String[] arguments) throws IOException {
        FleetMain fleet = new FleetMain(
                Integer.parseInt(arguments[0]),
                arguments[1],
                arguments[2],
                Integer.parseInt(arguments[3]),
                arguments[4].equals("delta"));
        fleet.vertx.runOnContext(start -> {
            for (int i = 0; i < fleet.count; i++) {
                fleet.new Plane().connect();
            }
        });
        while (System.in.read() >= 0) {
            continue;
        }
        System.exit(0);
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private final class Plane {
        private final UUID id = UUID.randomUUID();
        private String digest = NOTHING;

        void connect() {
            client.connect(port, "127.0.0.1", "/v1/outlet?node_id=" + id + "&node_hostname=fleet&node_version=2.5.1")
                    .onSuccess(this::connected)
                    .onFailure(refused -> vertx.setTimer(1 + random.nextInt(1000), again -> connect()));
        }

        private void connected(WebSocket socket) {
            if (++open == count) {
                say("up " + System.nanoTime());
            }
            socket.closeHandler(over -> {
                open--;
                vertx.setTimer(1 + random.nextInt(1000), again -> connect());
            });
            socket.frameHandler(frame -> {
                if (frame.isBinary()) {
                    frames++;
                    bytes += frame.binaryData().length();
                    has(digest(frame.binaryData()));
                    if (delta) {
                        socket.writeFinalBinaryFrame(Buffer.buffer("{\"type\":\"ack\",\"digest\":\"" + digest + "\"}"));
                    } else {
                        socket.writePing(Buffer.buffer(digest));
                    }
                }
            });
            String own = ",\"drawbridge\":{\"delta\":1,\"encodings\":[\"gzip\"],\"release\":\"2.5\",\"digest\":\""
                    + digest + "\"}";
            socket.writeFinalBinaryFrame(
                    Buffer.buffer("{\"type\":\"basic_info\",\"plugins\":[]" + (delta ? own : "") + "}"));
            socket.writePing(Buffer.buffer(digest));
        }

        private void has(String now) {
            having.merge(digest, -1, Integer::sum);
            having.remove(digest, 0);
            digest = now;
            if (having.merge(digest, 1, Integer::sum) == count) {
                say("all " + System.nanoTime() + " " + frames + " " + bytes);
            }
        }
    }

    private static String digest(Buffer frame) {
        String begin = frame.getByte(0) == '{' ? frame.getString(0, Math.min(BEGIN, frame.length())) : unzipped(frame);
        String key = begin.contains("\"config_hash\":\"") ? "\"config_hash\":\"" : "\"digest\":\"";
        int at = begin.indexOf(key) + key.length();
        return begin.substring(at, at + NOTHING.length());
    }

    private static String unzipped(Buffer frame) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(frame.getBytes(0, BEGIN)), BEGIN)) {
            return new String(in.readNBytes(BEGIN), StandardCharsets.UTF_8);
        } catch (IOException garbage) {
            throw new IllegalStateException(garbage);
        }
    }
}
