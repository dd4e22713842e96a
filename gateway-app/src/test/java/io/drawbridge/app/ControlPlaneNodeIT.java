package io.drawbridge.app;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.app.Drawbridges.Running;
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
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlPlaneNodeIT {
    private static final String NOTHING = "0".repeat(32);

    @TempDir
    private Path folder;

    private final Vertx vertx = Vertx.vertx();
    /* A client that nobody refers to closes its connections when it is collected. */
    private WebSocketClient client;
    private Drawbridges drawbridge;
    private Path certificate;
    private Path key;

    @BeforeEach
    void prepare() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        drawbridge = new Drawbridges(folder);
        certificate = folder.resolve("cluster.crt");
        key = folder.resolve("cluster.key");
        assertThat(drawbridge
                        .run("hybrid", "gen_cert", certificate.toString(), key.toString())
                        .exit())
                .isZero();
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().await(10, SECONDS);
        drawbridge.close();
        drawbridge.run("postgres", "stop", "--force");
    }

    @Test
    void certificate_isOnlyForItsOwnerToKeep_andNeverOverwritten() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(certificate)))
                .isEqualTo("rw-r--r--");
        String before = Files.readString(certificate);
        Drawbridges.Result again = drawbridge.run("hybrid", "gen_cert", certificate.toString(), key.toString());
        assertThat(again.exit()).isEqualTo(1);
        assertThat(again.err()).contains("is there already");
        assertThat(Files.readString(certificate)).isEqualTo(before);
    }

    @Test
    void whatIsWrittenByTheAdminApi_arrivesAtADataPlane() throws Exception {
        int port = freePort();
        try (Running node = drawbridge
                .with("ROLE", "control_plane")
                .with("CLUSTER_LISTEN", "127.0.0.1:" + port)
                .with("CLUSTER_CERT", certificate.toString())
                .with("CLUSTER_CERT_KEY", key.toString())
                .start()) {
            BlockingQueue<JsonObject> pushed = new LinkedBlockingQueue<>();
            UUID id = UUID.randomUUID();
            WebSocket link = connect(port, id, pushed);
            JsonObject first = pushed.poll(20, SECONDS);
            assertThat(first.getString("type")).isEqualTo("reconfigure");
            link.writePing(Buffer.buffer(first.getString("config_hash")));

            assertThat(node.addService("pushed")).isEqualTo(201);
            JsonObject change = pushed.poll(20, SECONDS);
            assertThat(change.getJsonObject("config_table")
                            .getJsonArray("services")
                            .getJsonObject(0)
                            .getString("name"))
                    .isEqualTo("pushed");
            String hash = change.getString("config_hash");
            link.writePing(Buffer.buffer(hash));
            Drawbridges.eventually(() -> {
                JsonArray planes =
                        new JsonObject(node.get("/clustering/data-planes").body()).getJsonArray("data");
                return planes.size() == 1
                        && planes.getJsonObject(0).getString("id").equals(id.toString())
                        && planes.getJsonObject(0).getString("sync_status").equals("normal")
                        && planes.getJsonObject(0).getString("config_hash").equals(hash)
                        && planes.getJsonObject(0)
                                .getJsonObject("link")
                                .getString("state")
                                .equals("acked");
            });
            assertThat(new JsonObject(node.get("/clustering/status").body())
                            .getJsonObject(id.toString())
                            .getString("hostname"))
                    .isEqualTo("dp");
        }
    }

    @Test
    void withoutWhatAControlPlaneNeeds_itSaysSoAndDoesNotStart() throws Exception {
        Drawbridges.Result bare = drawbridge.with("ROLE", "control_plane").run("check");
        assertThat(bare.exit()).isEqualTo(1);
        assertThat(bare.err()).contains("cluster certificate and key must be provided to use Hybrid mode");
        Drawbridges.Result memory = drawbridge
                .with("ROLE", "control_plane")
                .with("DATABASE", "off")
                .with("ADMIN_LISTEN", "off")
                .run("check");
        assertThat(memory.err())
                .contains("in-memory storage can not be used when role = \"control_plane\"")
                .contains("admin_listen must be specified when role = \"control_plane\"");
    }

    private WebSocket connect(int port, UUID id, BlockingQueue<JsonObject> pushed) throws Exception {
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
                pushed.add(unzipped(frame.binaryData()));
            }
        });
        socket.writeFinalBinaryFrame(new JsonObject()
                .put("type", "basic_info")
                .put("plugins", new JsonArray().add(new JsonObject().put("name", "key-auth")))
                .toBuffer());
        socket.writePing(Buffer.buffer(NOTHING));
        return socket;
    }

    private static JsonObject unzipped(Buffer frame) {
        try {
            return new JsonObject(
                    Buffer.buffer(new GZIPInputStream(new ByteArrayInputStream(frame.getBytes())).readAllBytes()));
        } catch (IOException garbage) {
            throw new IllegalStateException(garbage);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
