package io.drawbridge.sync;

import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslProvider;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.net.SSLEngineOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.core.spi.tls.DefaultSslContextFactory;
import io.vertx.core.spi.tls.SslContextFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.StandardConstants;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** The data plane's end of the cluster's TLS: it shows its certificate, asks for a name and believes who has that name. */
final class PlaneTls {
    private PlaneTls() {}

    /**
     * Blocks.
     *
     * @param name that the control plane's certificate must have, and that it is asked for
     * @throws IOException if a file cannot be read or is not what it should be
     */
    static WebSocketClientOptions options(ClusterTls tls, String name) throws IOException {
        X509TrustManager believed = tls.authority().isPresent()
                ? new Signed(authority(tls.authority().get()), name)
                : new Shared(tls.accepted(), name);
        WebSocketClientOptions options = new WebSocketClientOptions()
                .setSsl(true)
                .setVerifyHost(false)
                .setKeyCertOptions(tls.pair())
                .setTrustOptions(TrustOptions.wrap(believed))
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"));
        return isAddress(name) ? options : options.setSslEngineOptions(new Asking(name));
    }

    private static boolean isAddress(String name) {
        return name.indexOf(':') >= 0 || name.matches("[0-9.]+");
    }

    private static X509TrustManager authority(Path file) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int count = 0;
            for (X509Certificate each : ClusterTls.certificates(file)) {
                store.setCertificateEntry("authority-" + count++, each);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            for (TrustManager each : factory.getTrustManagers()) {
                if (each instanceof X509TrustManager known) {
                    return known;
                }
            }
            throw new IOException("this Java has no trust manager for X.509");
        } catch (GeneralSecurityException unusable) {
            throw new IOException(file + " cannot be used: " + unusable.getMessage(), unusable);
        }
    }

    private static void valid(X509Certificate shown) throws CertificateException {
        Instant now = Instant.now();
        if (now.isBefore(shown.getNotBefore().toInstant())) {
            throw new CertificateException("the control plane's certificate is not valid before "
                    + shown.getNotBefore().toInstant() + ", this node's clock says " + now
                    + "; set the clock, or wait");
        }
        if (now.isAfter(shown.getNotAfter().toInstant())) {
            throw new CertificateException("the control plane's certificate ended at "
                    + shown.getNotAfter().toInstant() + ", this node's clock says " + now
                    + "; give the cluster a new one, or set the clock");
        }
    }

    private static void named(X509Certificate shown, String name) throws CertificateException {
        Set<String> names = CertificateNames.of(shown);
        if (names.stream().noneMatch(each -> matches(each.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT)))) {
            throw new CertificateException("the control plane's certificate is for " + names + ", not for " + name
                    + "; with cluster_mtls=pki the name is cluster_server_name, with shared it is "
                    + ClusterTls.SHARED_NAME);
        }
    }

    /** A star stands for the first label. */
    static boolean matches(String pattern, String name) {
        return pattern.startsWith("*.")
                ? name.indexOf('.') > 0 && name.substring(name.indexOf('.')).equals(pattern.substring(1))
                : pattern.equals(name);
    }

    /** Believes certificates of the cluster itself. */
    private record Shared(Set<String> accepted, String name) implements X509TrustManager {
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            String shown = ClusterTls.digest(chain[0]);
            if (!accepted.contains(shown)) {
                throw new CertificateException("the control plane's certificate is not the cluster's (expected: "
                        + String.join(" or ", accepted) + ", got: " + shown
                        + "); all nodes need the same cluster_cert, or cluster_mtls=pki");
            }
            valid(chain[0]);
            named(chain[0], name);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("for control planes only");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /** Believes whom the authority signed. */
    private record Signed(X509TrustManager authority, String name) implements X509TrustManager {
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            valid(chain[0]);
            authority.checkServerTrusted(chain, type);
            named(chain[0], name);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("for control planes only");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return authority.getAcceptedIssuers();
        }
    }

    /** The JDK's TLS with a server name of any form: to Vert.x and to the JDK's own check one with an underscore is none. */
    private static final class Asking extends SSLEngineOptions {
        private final String name;

        Asking(String name) {
            this.name = name;
        }

        @Override
        public SSLEngineOptions copy() {
            return new Asking(name);
        }

        @Override
        public SslContextFactory sslContextFactory() {
            return new DefaultSslContextFactory(SslProvider.JDK, false) {
                @Override
                public SslContext create() throws SSLException {
                    return new DelegatingSslContext(super.create()) {
                        @Override
                        protected void initEngine(SSLEngine engine) {
                            SSLParameters parameters = engine.getSSLParameters();
                            parameters.setServerNames(List.of(new AnyName(name)));
                            engine.setSSLParameters(parameters);
                        }
                    };
                }
            };
        }
    }

    private static final class AnyName extends SNIServerName {
        AnyName(String name) {
            super(StandardConstants.SNI_HOST_NAME, name.getBytes(StandardCharsets.US_ASCII));
        }
    }
}
