package io.drawbridge.sync;

import io.drawbridge.core.entity.Formats;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocketHandshake;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who of those with a certificate that is believed comes in: by its name, by what is said at the door, and if it was not taken back. */
final class Doorkeeper {
    private static final Logger LOG = LoggerFactory.getLogger(Doorkeeper.class);

    private final ClusterTls tls;
    private final Revocation revocation;
    private final Supplier<List<X509Certificate>> authorities;
    private final OcspClient ocsp;

    /** @param authorities who signs data planes' certificates */
    Doorkeeper(Vertx vertx, SyncOptions options, Supplier<List<X509Certificate>> authorities) {
        this.tls = options.tls();
        this.revocation = options.tls().authority().isPresent() ? options.revocation() : Revocation.OFF;
        this.authorities = authorities;
        this.ocsp = new OcspClient(vertx);
    }

    void handshake(ServerWebSocketHandshake handshake) {
        MultiMap query = PeerInfo.query(handshake.query());
        List<X509Certificate> shown = shown(handshake);
        String ip = handshake.remoteAddress().host();
        if (!ControlPlane.PATH.equals(handshake.path())) {
            handshake.reject(404);
        } else if (shown.isEmpty() || !tls.named(shown.get(0))) {
            LOG.warn("data plane's certificate has none of the names ip={}", ip);
            handshake.reject(401);
        } else if (!Formats.isUuid(String.valueOf(query.get("node_id")))) {
            LOG.warn("data plane didn't pass the id ip={}", ip);
            handshake.reject(400);
        } else if (query.get("node_version") == null) {
            LOG.warn("data plane didn't pass the version ip={}", ip);
            handshake.reject(400);
        } else if (revocation == Revocation.OFF) {
            handshake.accept();
        } else {
            refusal(shown).onSuccess(refusal -> {
                if (refusal.isPresent()) {
                    LOG.warn("{} ip={}", refusal.get(), ip);
                    handshake.reject(401);
                } else {
                    handshake.accept();
                }
            });
        }
    }

    /* In the words that Kong's operators know. Does not fail. */
    private Future<Optional<String>> refusal(List<X509Certificate> shown) {
        List<X509Certificate> issuers = new ArrayList<>(shown.subList(1, shown.size()));
        issuers.addAll(authorities.get());
        return ocsp.revoked(shown.get(0), issuers)
                .map(revoked -> revoked
                        ? Optional.of("data plane client certificate was revoked: failed to validate OCSP response:"
                                + " certificate status \"revoked\" in the OCSP response")
                        : Optional.<String>empty())
                .otherwise(unknown -> {
                    String told =
                            "data plane client certificate revocation check failed: " + ControlPlane.reason(unknown);
                    if (revocation == Revocation.ON) {
                        return Optional.of(told);
                    }
                    LOG.warn(told);
                    return Optional.empty();
                });
    }

    private static List<X509Certificate> shown(ServerWebSocketHandshake handshake) {
        try {
            List<X509Certificate> chain = new ArrayList<>();
            for (Certificate each : handshake.peerCertificates()) {
                chain.add((X509Certificate) each);
            }
            return chain;
        } catch (SSLPeerUnverifiedException nobody) {
            return List.of();
        }
    }
}
