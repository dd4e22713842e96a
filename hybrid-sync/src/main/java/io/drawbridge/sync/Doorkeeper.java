package io.drawbridge.sync;

import io.drawbridge.core.entity.Formats;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocketHandshake;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who of those with a certificate that is believed comes in: by its name, by what is said at the door, if it was not taken back, and when it is its turn. */
final class Doorkeeper {
    private static final Logger LOG = LoggerFactory.getLogger(Doorkeeper.class);

    private static final long MILLI = 1_000_000;

    /* After a restart all come back at once: 500 of them a second come in. One that would wait longer than it has patience for an
    answer, 5 s, is told to come again: data planes do within 5 to 10 s. */
    private final Pace pace = new Pace(Duration.ofMillis(2), Duration.ofSeconds(4));
    private final Vertx vertx;
    private final ClusterTls tls;
    private final Revocation revocation;
    private final Supplier<List<X509Certificate>> authorities;
    private final OcspClient ocsp;

    /** @param authorities who signs data planes' certificates */
    Doorkeeper(Vertx vertx, SyncOptions options, Supplier<List<X509Certificate>> authorities) {
        this.vertx = vertx;
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
            inTurn(handshake);
        } else {
            refusal(shown).onSuccess(refusal -> {
                if (refusal.isPresent()) {
                    LOG.warn("{} ip={}", refusal.get(), ip);
                    handshake.reject(401);
                } else {
                    inTurn(handshake);
                }
            });
        }
    }

    private void inTurn(ServerWebSocketHandshake handshake) {
        OptionalLong wait = pace.turn(System.nanoTime());
        if (wait.isEmpty()) {
            LOG.warn(
                    "too many data planes at once ip={}",
                    handshake.remoteAddress().host());
            handshake.reject(503);
        } else if (wait.getAsLong() < MILLI) {
            handshake.accept();
        } else {
            vertx.setTimer(wait.getAsLong() / MILLI, turn -> handshake.accept());
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
