package io.drawbridge.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drawbridge.app.Drawbridges.Running;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;

/** Who may talk to the Admin API. */
class AdminAccessIT extends ServerFixture {
    private static final String TOKEN = "correct-horse-battery";

    @Test
    void token_everyRequestMustBringIt() throws Exception {
        Path file = Files.writeString(folder.resolve("token"), TOKEN + "\n");
        Drawbridges guarded = drawbridge.with("ADMIN_TOKEN_FILE", file.toString());
        try (Running node = guarded.start()) {
            String url = node.url() + "/services";
            assertThat(status(url, Map.of(), null)).isEqualTo(401);
            assertThat(status(url, Map.of("Kong-Admin-Token", TOKEN + "x"), null))
                    .isEqualTo(401);
            assertThat(status(url, Map.of("Kong-Admin-Token", TOKEN), null)).isEqualTo(200);
            assertThat(status(url, Map.of("Authorization", "Bearer " + TOKEN), null))
                    .isEqualTo(200);
            assertThat(status(node.url() + "/nowhere", Map.of(), null))
                    .as("nothing is told")
                    .isEqualTo(401);
            assertThat(guarded.run("health").exit()).isZero();
            assertThat(drawbridge.run("health").out()).contains("it wants a token");
            assertThat(node.said()).doesNotContain(TOKEN);
        }
    }

    @Test
    void token_tooShort_isFoundBeforeTheDatabaseIsTouched() throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "short");
        Drawbridges.Result start =
                drawbridge.with("ADMIN_TOKEN_FILE", file.toString()).run("start");
        assertThat(start.exit()).isEqualTo(1);
        assertThat(start.err())
                .contains("must hold one word of at least 16 characters")
                .doesNotContain("short");
        assertThat(database.query("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
                .containsExactly("0");
    }

    @Test
    void tls_withoutACertificate_makesOne() throws Exception {
        Drawbridges secure = drawbridge.with("ADMIN_LISTEN", "127.0.0.1:0 http2 ssl");
        try (Running node = secure.start()) {
            assertThat(node.url()).startsWith("https://");
            Path made = folder.resolve("prefix/ssl");
            assertThat(status(node.url() + "/status", Map.of(), context(made.resolve("admin.crt"), null)))
                    .isEqualTo(200);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made.resolve("admin.key"))))
                    .isEqualTo("rw-------");
            assertThat(secure.run("health").exit()).isZero();
        }
    }

    @Test
    void tls_clientsMustShowACertificate() throws Exception {
        ServerKeys keys = ServerKeys.make(folder);
        Path own = Files.copy(keys.key(), folder.resolve("own.key"));
        Drawbridges secure = drawbridge
                .with("ADMIN_LISTEN", "127.0.0.1:0 ssl")
                .with("ADMIN_SSL_CERT", keys.certificate().toString())
                .with("ADMIN_SSL_CERT_KEY", own.toString())
                .with("ADMIN_SSL_CLIENT_CA", keys.authority().toString());
        try (Running node = secure.start()) {
            String url = node.url() + "/status";
            assertThat(status(url, Map.of(), context(keys.authority(), folder.resolve("keys.p12"))))
                    .isEqualTo(200);
            SSLContext stranger = context(keys.authority(), null);
            assertThatThrownBy(() -> status(url, Map.of(), stranger)).isInstanceOf(IOException.class);
        }
    }

    private static int status(String url, Map<String, String> headers, SSLContext context) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url).toURL().openConnection();
        if (connection instanceof HttpsURLConnection secure) {
            secure.setSSLSocketFactory(context.getSocketFactory());
        }
        headers.forEach(connection::setRequestProperty);
        return connection.getResponseCode();
    }

    /** @param own a store with the client's key; null: it has none */
    private static SSLContext context(Path trusted, Path own) throws Exception {
        KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
        authorities.load(null, null);
        try (InputStream certificate = Files.newInputStream(trusted)) {
            authorities.setCertificateEntry(
                    "trusted", CertificateFactory.getInstance("X.509").generateCertificate(certificate));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(authorities);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        if (own != null) {
            keys.init(KeyStore.getInstance(own.toFile(), "changeit".toCharArray()), "changeit".toCharArray());
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
