package io.drawbridge.sync;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drawbridge.migration.Release;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
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
    private KeyPair authority;
    private Path cluster;
    private Path clusterKey;

    @BeforeEach
    void certificates() throws Exception {
        cluster = files.resolve("cluster.crt");
        clusterKey = files.resolve("cluster.key");
        HybridCertificate.make(cluster, clusterKey, 10);
        authority = pair();
        issue("ca", "root", authority, Duration.ofDays(1));
    }

    @AfterEach
    void stop() throws Exception {
        plane.stop().await(10, SECONDS);
        vertx.close().await(10, SECONDS);
    }

    @Test
    void pki_whoeverTheAuthoritySigned_ifTheNameIsOneOfTheAllowed() throws Exception {
        issue("dp", "dp.example.com", pair(), Duration.ofDays(1));
        issue("other", "other.example.com", pair(), Duration.ofDays(1));
        issue("old", "dp.example.com", pair(), Duration.ofDays(-1));
        start(ClusterTls.pki(cluster, clusterKey, files.resolve("ca.crt"), Set.of("dp.example.com")));

        assertThat(answer("dp")).startsWith("HTTP/1.1 101");
        assertThat(answer("other")).startsWith("HTTP/1.1 401");
        assertThatThrownBy(() -> answer("old")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> answer("cluster")).isInstanceOf(IOException.class);
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

    private String answer(String who) throws Exception {
        try (FakeDataPlane dataPlane =
                FakeDataPlane.open(plane.port(), files.resolve(who + ".crt"), files.resolve(who + ".key"))) {
            return dataPlane.upgrade(URI);
        }
    }

    private static KeyPair pair() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    /** A certificate that the authority signed, valid until then. */
    private void issue(String file, String name, KeyPair pair, Duration until) throws Exception {
        Instant now = Instant.now();
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                new X500Name("CN=root"),
                BigInteger.valueOf(System.nanoTime()),
                Date.from(now.minus(Duration.ofDays(2))),
                Date.from(now.plus(until)),
                new X500Name("CN=" + name),
                pair.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(pair == authority));
        pem(file + ".key", new JcaPKCS8Generator(pair.getPrivate(), null));
        pem(file + ".crt", builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(authority.getPrivate())));
    }

    private void pem(String file, Object object) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        }
        Files.writeString(files.resolve(file), text.toString());
    }
}
