package io.drawbridge.core.proxy.tls;

import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * How TLS is spoken with upstreams. Immutable. Two are the same only if they are one object: connections are kept for each.
 */
public final class UpstreamTls {
    /** Nothing is checked and nothing shown. */
    public static final UpstreamTls PLAIN = new UpstreamTls(null, null);

    private final TrustManager trust;
    private final Identity shown;

    private UpstreamTls(TrustManager trust, Identity shown) {
        this.trust = trust;
        this.shown = shown;
    }

    /** Whoever answers is believed. @param shown what this side is known by, if the other asks */
    public static UpstreamTls trusting(Optional<Identity> shown) {
        return new UpstreamTls(null, shown.orElse(null));
    }

    /**
     * Who answers must have a certificate for the name that is asked for.
     *
     * @param authorities of whom one must vouch for it; none: those that the JDK knows
     * @param depth most certificates between its own and the authority's; negative: any number
     * @param shown what this side is known by, if the other asks
     */
    public static UpstreamTls verifying(List<X509Certificate> authorities, int depth, Optional<Identity> shown) {
        try {
            Set<TrustAnchor> anchors = (authorities.isEmpty() ? known() : authorities)
                    .stream().map(authority -> new TrustAnchor(authority, null)).collect(Collectors.toSet());
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
            parameters.setRevocationEnabled(false);
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(new CertPathTrustManagerParameters(parameters));
            X509ExtendedTrustManager any = (X509ExtendedTrustManager) factory.getTrustManagers()[0];
            return new UpstreamTls(depth < 0 ? any : new ShortChains(any, anchors, depth), shown.orElse(null));
        } catch (GeneralSecurityException unusable) {
            throw new IllegalArgumentException("authorities cannot be used: " + unusable.getMessage(), unusable);
        }
    }

    private static List<X509Certificate> known() throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        return Arrays.stream(factory.getTrustManagers())
                .filter(X509TrustManager.class::isInstance)
                .flatMap(each -> Arrays.stream(((X509TrustManager) each).getAcceptedIssuers()))
                .toList();
    }

    /** Has a client speak TLS so where a request asks for TLS. */
    public void apply(HttpClientOptions options) {
        options.setTrustAll(trust == null).setVerifyHost(trust != null);
        if (trust != null) {
            options.setTrustOptions(TrustOptions.wrap(trust));
        }
        if (shown != null) {
            options.setKeyCertOptions(KeyCertOptions.wrap(new OneIdentity(shown)));
        }
    }
}
