package io.drawbridge.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.app.Drawbridges.Running;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedNodeIT {
    @TempDir
    private Path folder;

    private Drawbridges drawbridge;

    @BeforeEach
    void openToTheServersUser() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        drawbridge = new Drawbridges(folder);
    }

    @AfterEach
    void stop() throws Exception {
        drawbridge.close();
        drawbridge.run("postgres", "stop", "--force");
    }

    @Test
    void serverKilled_underALoneNode_isStartedAgainByItAndNothingIsLost() throws Exception {
        try (Running node = drawbridge.start()) {
            assertThat(node.addService("before")).isEqualTo(201);
            long server = serverPid();
            ProcessHandle.of(server).orElseThrow().destroyForcibly();

            Drawbridges.eventually(() -> node.addService("after" + System.nanoTime()) == 201);
            assertThat(serverPid()).isNotEqualTo(server);
            assertThat(node.get("/services/before").statusCode()).isEqualTo(200);
            assertThat(drawbridge.run("health").exit()).isZero();

            node.stop();
            assertThat(drawbridge.run("postgres", "status").out()).startsWith("stopped");
        }
    }

    @Test
    void serverStoppedByForce_staysStoppedUntilSomebodyWantsIt() throws Exception {
        try (Running node = drawbridge.start()) {
            assertThat(drawbridge.run("postgres", "stop", "--force").exit()).isZero();
            Drawbridges.eventually(() -> node.get("/services").statusCode() == 503);
            Thread.sleep(2000);
            assertThat(drawbridge.run("postgres", "status").out()).startsWith("stopped");

            assertThat(drawbridge.run("migrations", "list").exit()).isZero();
            Drawbridges.eventually(() -> node.addService("after" + System.nanoTime()) == 201);
        }
    }

    private long serverPid() throws Exception {
        return drawbridge
                .run("postgres", "status")
                .out()
                .lines()
                .filter(line -> line.startsWith("  pid    "))
                .mapToLong(line -> Long.parseLong(line.substring("  pid    ".length())))
                .findFirst()
                .orElseThrow();
    }
}
