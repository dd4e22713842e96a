package io.drawbridge.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.example.EmbeddingExample;
import io.vertx.core.Vertx;
import io.vertx.core.net.HostAndPort;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/embedding.md, at a real control plane. */
class EmbeddingExampleIT {
    @TempDir
    private Path folder;

    @Test
    void getsAConfiguration_thenWhatChanges_andHasItWithoutAControlPlane() throws Exception {
        Path certificate = folder.resolve("cluster.crt");
        Path key = folder.resolve("cluster.key");
        HybridCertificate.make(certificate, key, 10);
        Vertx vertx = Vertx.vertx();
        ControlPlane controlPlane = new ControlPlane(
                vertx,
                SyncOptions.defaults("127.0.0.1", 0, ClusterTls.shared(certificate, key, List.of()), Configs.RELEASE),
                new InMemoryDataPlanes());
        Waiting.await(controlPlane.start());
        ConfigSnapshot config = Configs.of(2);
        Waiting.await(controlPlane.apply(config));
        HostAndPort address = HostAndPort.create("127.0.0.1", controlPlane.port());

        EmbeddingExample gateway = new EmbeddingExample(vertx, address, folder);
        Waiting.await(gateway.start());
        Waiting.until(() -> gateway.services().equals(Map.of("s0", "example.com:80", "s1", "example.com:80")));
        Waiting.await(controlPlane.apply(Configs.changed(config, 1, "other.example.com")));
        Waiting.until(() -> "other.example.com:80".equals(gateway.services().get("s1")));
        Waiting.await(gateway.stop());
        Waiting.await(controlPlane.stop());

        EmbeddingExample alone = new EmbeddingExample(vertx, address, folder);
        Waiting.await(alone.start());
        assertThat(alone.services()).containsEntry("s1", "other.example.com:80");
        Waiting.await(alone.stop());
        Waiting.await(vertx.close());
    }

    @Test
    void document_showsTheProgramThatIsTested() throws Exception {
        Path root = Path.of(System.getProperty("drawbridge.root"));
        String program =
                Files.readString(root.resolve("hybrid-sync/src/test/java/io/drawbridge/example/EmbeddingExample.java"));

        assertThat(Files.readString(root.resolve("docs/embedding.md"))).contains("```java\n" + program + "```");
    }
}
