package io.drawbridge.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.app.Drawbridges.Running;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlPlaneNodeIT {
    @TempDir
    private Path folder;

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
                        .start();
                PushedConfigs dataPlane = new PushedConfigs(port, certificate, key)) {
            JsonObject first = dataPlane.next();
            assertThat(first.getString("type")).isEqualTo("reconfigure");

            assertThat(node.addService("pushed")).isEqualTo(201);
            JsonObject change = dataPlane.next();
            assertThat(change.getJsonObject("config_table")
                            .getJsonArray("services")
                            .getJsonObject(0)
                            .getString("name"))
                    .isEqualTo("pushed");
            String hash = change.getString("config_hash");
            Drawbridges.eventually(() -> {
                JsonArray planes =
                        new JsonObject(node.get("/clustering/data-planes").body()).getJsonArray("data");
                return planes.size() == 1
                        && planes.getJsonObject(0).getString("id").equals(dataPlane.id.toString())
                        && planes.getJsonObject(0).getString("sync_status").equals("normal")
                        && planes.getJsonObject(0).getString("config_hash").equals(hash)
                        && planes.getJsonObject(0)
                                .getJsonObject("link")
                                .getString("state")
                                .equals("acked");
            });
            assertThat(new JsonObject(node.get("/clustering/status").body())
                            .getJsonObject(dataPlane.id.toString())
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

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
