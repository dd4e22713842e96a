package io.drawbridge.core.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.proxy.tls.NamedIdentities;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ProxyTlsIT {
    private static final String GET = "GET / HTTP/1.1\nHost: a\n\n";
    private static final Certified ROOT = Certified.authority("root");
    private static final Certified BETWEEN = ROOT.authorityBelow("between");

    private static Gateway gateway;

    @BeforeAll
    static void start() {
        gateway = Gateway.start();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static final class All implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /** @param name null to ask for none */
    private static SSLSocket connect(String name) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new All()}, null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", gateway.tlsPort());
        if (name != null) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name)));
            socket.setSSLParameters(parameters);
        }
        socket.startHandshake();
        return socket;
    }

    private static String shown(String name) throws Exception {
        try (SSLSocket socket = connect(name)) {
            X509Certificate certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return certificate.getSubjectX500Principal().getName().substring(3);
        }
    }

    private static Entity certificate(Certified made) {
        return Gateway.entity("certificates", Map.of("cert", made.certificate(), "key", made.key()));
    }

    private static Entity sni(String name, Entity certificate) {
        return Gateway.entity("snis", Map.of("name", name, "certificate", Gateway.reference(certificate)));
    }

    @Test
    void client_seesTheCertificateOfTheNameItAsksFor() throws Exception {
        assertThat(shown("shop.example")).isEqualTo("localhost");
        Entity exact = certificate(Certified.alone("exact"));
        Entity below = certificate(Certified.alone("below"));
        Entity anywhere = certificate(Certified.alone("anywhere"));
        gateway.configure(
                exact, below, anywhere, sni("shop.example", exact), sni("*.example", below), sni("shop.*", anywhere));
        assertThat(shown("shop.example")).isEqualTo("exact");
        assertThat(shown("SHOP.example")).isEqualTo("exact");
        assertThat(shown("other.example")).isEqualTo("below");
        assertThat(shown("a.other.example")).isEqualTo("localhost");
        assertThat(shown("shop.test")).isEqualTo("anywhere");
        assertThat(shown(null)).isEqualTo("localhost");

        Entity all = sni("*", anywhere);
        gateway.configure(all);
        assertThat(shown("a.other.example")).isEqualTo("anywhere");
        assertThat(shown(null)).isEqualTo("anywhere");
        gateway.remove(all);
        gateway.configure(
                Gateway.entity("certificates", Map.of("id", exact.id().toString(), "cert", "broken", "key", "broken")));
        assertThat(shown("shop.example")).as("what cannot be read is not shown").isEqualTo("below");
    }

    @Test
    void certificate_changed_connectionsStay() throws Exception {
        gateway.serve(gateway.upstream(request -> request.response().end("ok")), Map.of());
        try (SSLSocket socket = connect("kept.test")) {
            Wire wire = Wire.over(socket);
            assertThat(wire.send(GET).answer()).endsWith("ok");
            Entity made = certificate(Certified.alone("kept"));
            gateway.configure(made, sni("kept.test", made));
            assertThat(shown("kept.test")).isEqualTo("kept");
            assertThat(wire.send(GET).answer()).endsWith("ok");
        }
    }

    @Test
    void route_bySni_isForThoseWhoAskedForIt() throws Exception {
        Entity service =
                Gateway.service(gateway.upstream(request -> request.response().end("by name")), Map.of());
        gateway.configure(
                service,
                Gateway.route(
                        service,
                        Map.of(
                                "protocols",
                                List.of("https"),
                                "snis",
                                List.of("named.test"),
                                "paths",
                                List.of("/sni"))));
        String get = "GET /sni HTTP/1.1\nHost: a\n\n";
        try (Wire named = Wire.over(connect("named.test"));
                Wire other = Wire.over(connect("other.test"))) {
            assertThat(named.send(get).answer()).endsWith("by name");
            assertThat(other.send(get).answer()).doesNotContain("by name");
        }
    }

    @Test
    void http2_overTls_isChosenByTheClient() {
        gateway.serve(
                gateway.upstream(request ->
                        request.response().end(request.version() + " " + request.getHeader("X-Forwarded-Proto"))),
                Map.of());
        for (HttpVersion version : List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1)) {
            HttpClient client = gateway.vertx.createHttpClient(new HttpClientOptions()
                    .setProtocolVersion(version)
                    .setUseAlpn(true)
                    .setSsl(true)
                    .setTrustAll(true)
                    .setVerifyHost(false));
            String answer = Gateway.await(client.request(HttpMethod.GET, gateway.tlsPort(), "127.0.0.1", "/")
                    .compose(HttpClientRequest::send)
                    .compose(head -> head.body().map(body -> head.version() + " " + body)));
            assertThat(answer).isEqualTo(version + " HTTP_1_1 https");
            Gateway.await(client.close());
        }
    }

    private static int secureUpstream(Certified identity, Certified clients) {
        HttpServerOptions options = new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertValue(Buffer.buffer(identity.certificate()))
                        .setKeyValue(Buffer.buffer(identity.key())));
        if (clients != null) {
            options.setClientAuth(ClientAuth.REQUIRED)
                    .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(clients.certificate())));
        }
        return gateway.upstream(options, request -> {
            String asked = NamedIdentities.asked(request.sslSession());
            request.response().end("secure " + asked + " " + request.getHeader("Host"));
        });
    }

    private static String ask() throws Exception {
        try (Wire wire = Wire.to(gateway.port())) {
            return wire.send(GET).answer();
        }
    }

    @Test
    void service_overTls_isAskedForByName_andBelievedUnlessVerified() throws Exception {
        int port = secureUpstream(Certified.alone("whoever"), null);
        gateway.serve(port, Map.of("protocol", "https", "host", "localhost"));
        assertThat(ask()).endsWith("secure localhost localhost:" + port);
        gateway.serve(port, Map.of("protocol", "https"));
        assertThat(ask()).endsWith("secure null 127.0.0.1:" + port);
        gateway.serve(port, Map.of("protocol", "https", "tls_verify", true, "retries", 0L));
        assertThat(ask()).startsWith("HTTP/1.1 502 ");
    }

    @Test
    void service_verified_needsAuthorityNameAndDepth() throws Exception {
        Entity authority = Gateway.entity("ca_certificates", Map.of("cert", ROOT.certificate()));
        Entity other = Gateway.entity(
                "ca_certificates", Map.of("cert", Certified.authority("other").certificate()));
        gateway.configure(authority, other);
        int port = secureUpstream(BETWEEN.server("localhost"), null);
        for (Object[] row : new Object[][] {
            {"localhost", authority, null, "200"},
            {"localhost", authority, 1L, "200"},
            {"localhost", authority, 0L, "502"},
            {"127.0.0.1", authority, null, "502"},
            {"localhost", other, null, "502"},
        }) {
            Entity ca = (Entity) row[1];
            Map<String, Object> service = new HashMap<>(Map.of(
                    "protocol",
                    "https",
                    "host",
                    row[0],
                    "tls_verify",
                    true,
                    "retries",
                    0L,
                    "ca_certificates",
                    List.of(ca.id().toString())));
            if (row[2] != null) {
                service.put("tls_verify_depth", row[2]);
            }
            gateway.serve(port, service);
            assertThat(ask()).as(service.toString()).startsWith("HTTP/1.1 " + row[3] + " ");
        }
    }

    @Test
    void setUp_noLongerConfigured_requestsUnderWayFinish() throws Exception {
        Promise<HttpServerRequest> arrived = Promise.promise();
        Certified identity = Certified.alone("localhost");
        int port = gateway.upstream(
                new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .setCertValue(Buffer.buffer(identity.certificate()))
                                .setKeyValue(Buffer.buffer(identity.key()))),
                arrived::tryComplete);
        Entity shown = certificate(Certified.alone("gateway"));
        gateway.configure(shown);
        gateway.serve(port, Map.of("protocol", "https", "client_certificate", Gateway.reference(shown)));
        try (Wire wire = Wire.to(gateway.port())) {
            wire.send(GET);
            HttpServerRequest request = Gateway.await(arrived.future());
            Promise<Void> closed = Promise.promise();
            request.connection().closeHandler(gone -> closed.complete());
            gateway.serve(gateway.upstream(other -> other.response().end("new")), Map.of());
            gateway.remove(shown);
            assertThat(ask()).endsWith("new");
            System.gc();
            request.response().end("old");
            assertThat(wire.answer()).endsWith("old");
            Gateway.await(closed.future());
        }
    }

    @Test
    void service_thatAsksWhoIsThere_isShownTheCertificate() throws Exception {
        Certified clients = Certified.authority("clients");
        int port = secureUpstream(Certified.alone("localhost"), clients);
        gateway.serve(port, Map.of("protocol", "https", "retries", 0L));
        assertThat(ask()).startsWith("HTTP/1.1 502 ");
        Entity shown = certificate(clients.server("gateway"));
        gateway.configure(shown);
        gateway.serve(port, Map.of("protocol", "https", "client_certificate", Gateway.reference(shown), "retries", 0L));
        assertThat(ask()).contains("secure ");
        Entity wrong = certificate(Certified.alone("stranger"));
        gateway.configure(wrong);
        gateway.serve(port, Map.of("protocol", "https", "client_certificate", Gateway.reference(wrong), "retries", 0L));
        assertThat(ask()).startsWith("HTTP/1.1 502 ");
    }
}
