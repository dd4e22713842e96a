package io.drawbridge.sync;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drawbridge.migration.Release;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterTlsIT {
    private static final Release RELEASE = Release.of(2, 5);
    private static final String URI = "/v1/outlet?node_id=" + UUID.randomUUID() + "&node_version=2.5.1";

    @TempDir
    private Path files;

    private final Vertx vertx = Vertx.vertx();
    private ControlPlane plane;
    private TestAuthority authority;
    private Path cluster;
    private Path clusterKey;

    @BeforeEach
    void certificates() throws Exception {
        cluster = files.resolve("cluster.crt");
        clusterKey = files.resolve("cluster.key");
        HybridCertificate.make(cluster, clusterKey, 10);
        authority = new TestAuthority(files);
    }

    @AfterEach
    void stop() throws Exception {
        plane.stop().await(10, SECONDS);
        vertx.close().await(10, SECONDS);
    }

    @Test
    void pki_whoeverTheAuthoritySigned_ifTheNameIsOneOfTheAllowed() throws Exception {
        authority.issue("dp", "dp.example.com", Duration.ofDays(1));
        authority.issue("other", "other.example.com", Duration.ofDays(1));
        authority.issue("old", "dp.example.com", Duration.ofDays(-1));
        authority.issueFor("early", "dp.example.com", Duration.ofDays(1));
        start(ClusterTls.pki(cluster, clusterKey, files.resolve("ca.crt"), Set.of("dp.example.com")));

        assertThat(answer("dp")).startsWith("HTTP/1.1 101");
        assertThat(answer("other")).startsWith("HTTP/1.1 401");
        assertThatThrownBy(() -> answer("old")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> answer("early")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> answer("cluster")).isInstanceOf(IOException.class);
        assertThatThrownBy(this::nobody).isInstanceOf(IOException.class);
    }

    @Test
    void shared_theNextCertificateIsBelievedBesideTheOneInUse() throws Exception {
        HybridCertificate.make(files.resolve("next.crt"), files.resolve("next.key"), 10);
        HybridCertificate.make(files.resolve("stranger.crt"), files.resolve("stranger.key"), 10);
        start(ClusterTls.shared(cluster, clusterKey, List.of(files.resolve("next.crt"))));

        assertThat(answer("cluster")).startsWith("HTTP/1.1 101");
        assertThat(answer("next")).startsWith("HTTP/1.1 101");
        assertThatThrownBy(() -> answer("stranger")).isInstanceOf(IOException.class);
    }

    @Test
    void filesThatChangeAreUsedWithoutARestart_thoseThatAreBrokenAreNot() throws Exception {
        start(ClusterTls.shared(cluster, clusterKey, List.of()));
        HybridCertificate.make(files.resolve("next.crt"), files.resolve("next.key"), 10);
        assertThatThrownBy(() -> answer("next")).isInstanceOf(IOException.class);

        Files.writeString(cluster, "no certificate");
        plane.reload().await(10, SECONDS);
        Files.copy(files.resolve("next.key"), clusterKey, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(files.resolve("next.crt"), cluster, StandardCopyOption.REPLACE_EXISTING);
        plane.reload().await(10, SECONDS);
        assertThat(answer("next")).startsWith("HTTP/1.1 101");
    }

    private void start(ClusterTls tls) throws Exception {
        plane = new ControlPlane(vertx, SyncOptions.defaults("127.0.0.1", 0, tls, RELEASE), new InMemoryDataPlanes());
        plane.start().await(10, SECONDS);
    }

    private void nobody() throws Exception {
        try (FakeDataPlane dataPlane = FakeDataPlane.open(plane.port(), null, null)) {
            dataPlane.upgrade(URI);
        }
    }

    private String answer(String who) throws Exception {
        try (FakeDataPlane dataPlane =
                FakeDataPlane.open(plane.port(), files.resolve(who + ".crt"), files.resolve(who + ".key"))) {
            return dataPlane.upgrade(URI);
        }
    }
}
