package io.drawbridge.sync;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.migration.Release;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.bouncycastle.cert.ocsp.jcajce.JcaBasicOCSPRespBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A responder as a certificate authority runs one, and a control plane that asks it. */
class OcspIT {
    private static final String URI = "/v1/outlet?node_id=" + UUID.randomUUID() + "&node_version=2.5.1";

    @TempDir
    private Path files;

    private final Vertx vertx = Vertx.vertx();
    private TestAuthority authority;
    private HttpServer responder;
    private PrivateKey signer;
    private volatile CertificateStatus status = CertificateStatus.GOOD;
    private volatile int code = 200;
    private volatile boolean mute;
    private volatile Duration age = Duration.ZERO;
    private ControlPlane plane;

    @BeforeEach
    void authority() throws Exception {
        authority = new TestAuthority(files);
        signer = authority.key();
        HybridCertificate.make(files.resolve("cluster.crt"), files.resolve("cluster.key"), 10);
        responder = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> answer(request, body)))
                .listen(0, "127.0.0.1")
                .await(10, SECONDS);
        authority.issueAsking("dp", "dp", "http://127.0.0.1:" + responder.actualPort() + "/ocsp");
        authority.issue("silent", "dp", Duration.ofDays(1));
    }

    @AfterEach
    void stop() throws Exception {
        plane.stop().await(10, SECONDS);
        vertx.close().await(10, SECONDS);
    }

    @Test
    void on_theGoodComeIn_theRevokedAndTheUnknownDoNot() throws Exception {
        start(Revocation.ON);
        assertThat(door("dp")).startsWith("HTTP/1.1 101");
        assertThat(door("silent")).as("nobody to ask").startsWith("HTTP/1.1 401");

        status = new RevokedStatus(new Date(), 1);
        assertThat(door("dp")).startsWith("HTTP/1.1 401");
        status = new UnknownStatus();
        assertThat(door("dp")).startsWith("HTTP/1.1 401");
        status = CertificateStatus.GOOD;
        code = 500;
        assertThat(door("dp")).startsWith("HTTP/1.1 401");
        code = 200;
        age = Duration.ofHours(3);
        assertThat(door("dp")).as("an answer of yesterday").startsWith("HTTP/1.1 401");
        age = Duration.ZERO;
        signer = new TestAuthority(Files.createDirectory(files.resolve("other"))).key();
        assertThat(door("dp")).as("an answer of nobody").startsWith("HTTP/1.1 401");
        signer = authority.key();
        assertThat(door("dp")).startsWith("HTTP/1.1 101");
        responder.close().await(10, SECONDS);
        assertThat(door("dp")).as("unreachable").startsWith("HTTP/1.1 401");
    }

    @Test
    void optional_onlyTheRevokedDoNotComeIn() throws Exception {
        start(Revocation.OPTIONAL);
        assertThat(door("dp")).startsWith("HTTP/1.1 101");
        assertThat(door("silent")).startsWith("HTTP/1.1 101");
        code = 500;
        assertThat(door("dp")).startsWith("HTTP/1.1 101");
        code = 200;
        status = new RevokedStatus(new Date(), 1);
        assertThat(door("dp")).startsWith("HTTP/1.1 401");
    }

    @Test
    void responderThatNeverAnswers_isWaitedForFiveSeconds_whileOthersComeIn() throws Exception {
        start(Revocation.ON);
        mute = true;
        long start = System.nanoTime();
        CompletableFuture<String> waiting = CompletableFuture.supplyAsync(() -> {
            try (FakeDataPlane dataPlane = open("dp")) {
                dataPlane.patience(Duration.ofSeconds(9));
                return dataPlane.upgrade(URI);
            } catch (Exception failure) {
                throw new IllegalStateException(failure);
            }
        });
        assertThat(door("silent")).startsWith("HTTP/1.1 401");
        assertThat(waiting).isNotDone();
        assertThat(waiting.get(9, SECONDS)).startsWith("HTTP/1.1 401");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(8));
    }

    @Test
    void off_nobodyIsAsked() throws Exception {
        start(Revocation.OFF);
        status = new RevokedStatus(new Date(), 1);
        assertThat(door("dp")).startsWith("HTTP/1.1 101");
    }

    private void start(Revocation revocation) throws Exception {
        ClusterTls tls = ClusterTls.pki(
                files.resolve("cluster.crt"), files.resolve("cluster.key"), files.resolve("ca.crt"), Set.of());
        plane = new ControlPlane(
                vertx,
                SyncOptions.defaults("127.0.0.1", 0, tls, Release.of(2, 5)).revocation(revocation),
                new InMemoryDataPlanes());
        plane.start().await(10, SECONDS);
    }

    private String door(String who) throws Exception {
        try (FakeDataPlane dataPlane = open(who)) {
            return dataPlane.upgrade(URI);
        }
    }

    private FakeDataPlane open(String who) throws Exception {
        return FakeDataPlane.open(plane.port(), files.resolve(who + ".crt"), files.resolve(who + ".key"));
    }

    private void answer(HttpServerRequest request, Buffer body) {
        if (mute) {
            return;
        }
        try {
            OCSPReq asked = new OCSPReq(body.getBytes());
            BasicOCSPRespBuilder builder = new JcaBasicOCSPRespBuilder(
                    authority.keys().getPublic(),
                    new JcaDigestCalculatorProviderBuilder().build().get(CertificateID.HASH_SHA1));
            Instant then = Instant.now().minus(age);
            builder.addResponse(
                    asked.getRequestList()[0].getCertID(),
                    status,
                    Date.from(then),
                    Date.from(then.plus(Duration.ofHours(1))));
            Extension nonce = asked.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce);
            builder.setResponseExtensions(new Extensions(nonce));
            request.response()
                    .setStatusCode(code)
                    .end(Buffer.buffer(new OCSPRespBuilder()
                            .build(
                                    OCSPRespBuilder.SUCCESSFUL,
                                    builder.build(
                                            new JcaContentSignerBuilder("SHA256withECDSA").build(signer),
                                            null,
                                            new Date()))
                            .getEncoded()));
        } catch (Exception failure) {
            request.response().setStatusCode(503).end();
        }
    }
}
