package io.drawbridge.sync;

import static io.drawbridge.sync.Waiting.await;
import static io.drawbridge.sync.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.sync.DataPlaneState.Source;
import io.vertx.core.Vertx;
import io.vertx.core.net.HostAndPort;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A data plane and a control plane of ours, over real TLS. */
class DataPlaneIT {
    @TempDir
    private static Path files;

    private static ClusterTls tls;

    @TempDir
    private Path folder;

    private final RecordingSink sink = new RecordingSink();
    private Vertx vertx;
    private ControlPlane controlPlane;
    private DataPlane dataPlane;

    @BeforeAll
    static void certificates() throws IOException {
        HybridCertificate.make(files.resolve("cluster.crt"), files.resolve("cluster.key"), 10);
        tls = ClusterTls.shared(files.resolve("cluster.crt"), files.resolve("cluster.key"), List.of());
    }

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        controlPlane = controlPlane(0);
    }

    @AfterEach
    void stop() {
        await(dataPlane.stop());
        await(controlPlane.stop());
        await(vertx.close());
    }

    @Test
    void getsWhatThereIs_thenWhatChanges() throws Exception {
        ConfigSnapshot one = Configs.of(3);
        await(controlPlane.apply(one));
        begin(controlPlane.port());
        until(() -> sink.digest().equals(one.digest()));
        until(() -> acked(one));
        assertThat(dataPlane.state().source()).isEqualTo(Source.CONTROL_PLANE);
        assertThat(dataPlane.state().connectedTo()).contains("127.0.0.1:" + controlPlane.port());

        ConfigSnapshot two = Configs.changed(one, 1, "other.example.com");
        await(controlPlane.apply(two));
        until(() -> sink.digest().equals(two.digest()));
        until(() -> acked(two));
        assertThat(dataPlane.state().full()).isEqualTo(1);
        assertThat(dataPlane.state().delta()).isEqualTo(1);
        assertThat(dataPlane.state().refused()).isZero();
        assertThat(dataPlane.state().position()).isEqualTo(two.position());
    }

    private boolean acked(ConfigSnapshot snapshot) {
        return await(controlPlane.details()).values().stream()
                .anyMatch(link -> snapshot.digest().equals(link.getString("acked_hash")));
    }

    private ControlPlane controlPlane(int port) {
        ControlPlane plane = new ControlPlane(
                vertx,
                SyncOptions.defaults("127.0.0.1", port, tls, Configs.RELEASE)
                        .timing(Duration.ofMillis(400), Duration.ofSeconds(1), Duration.ofSeconds(5)),
                new InMemoryDataPlanes());
        await(plane.start());
        return plane;
    }

    private void begin(int... ports) {
        List<HostAndPort> addresses = Arrays.stream(ports)
                .mapToObj(port -> HostAndPort.create("127.0.0.1", port))
                .toList();
        dataPlane = new DataPlane(
                vertx,
                DataPlaneOptions.defaults(
                                addresses, tls, UUID.randomUUID(), "dp-1", "2.5.0", Map.of("key-auth", "2.4.0"), folder)
                        .timing(
                                Duration.ofMillis(50),
                                Duration.ofMillis(200),
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(2)),
                sink);
        await(dataPlane.start());
    }
}
