package io.drawbridge.sync;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.TrustOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.X509TrustManager;

/**
 * The certificates of a cluster, as files: who the control plane is, and which data planes it believes. Immutable.
 *
 * @param certificate PEM; in shared mode every data plane shows it too
 * @param key PEM, of {@code certificate}
 * @param also more certificates that data planes may show in shared mode, so that a rotation overlaps
 * @param authority PEM of who signs the data planes' certificates; empty: shared mode
 * @param names common or alternative names, one of which a data plane's certificate must have; empty: any. Not in shared mode
 */
public record ClusterTls(Path certificate, Path key, List<Path> also, Optional<Path> authority, Set<String> names) {
    /** The name that data planes ask for in shared mode. */
    public static final String SHARED_NAME = "kong_clustering";

    public ClusterTls {
        also = List.copyOf(also);
        names = Set.copyOf(names);
        if (authority.isPresent() && !also.isEmpty()) {
            throw new IllegalArgumentException("with a certificate authority no single certificates are accepted");
        }
        if (authority.isEmpty() && !names.isEmpty()) {
            throw new IllegalArgumentException("names are only looked at with a certificate authority");
        }
    }

    /** One pair for all nodes. */
    public static ClusterTls shared(Path certificate, Path key, List<Path> also) {
        return new ClusterTls(certificate, key, also, Optional.empty(), Set.of());
    }

    /** Each node has a pair of its own, signed by the authority. */
    public static ClusterTls pki(Path certificate, Path key, Path authority, Set<String> names) {
        return new ClusterTls(certificate, key, List.of(), Optional.of(authority), names);
    }

    /**
     * What the files say now. Blocks.
     *
     * @throws IOException if a file cannot be read or is not what it should be
     */
    Loaded read() throws IOException {
        ServerSSLOptions options = new ServerSSLOptions();
        options.setKeyCertOptions(pair());
        options.setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"));
        options.setClientAuth(ClientAuth.REQUIRED);
        if (authority.isPresent()) {
            List<X509Certificate> authorities = certificates(authority.get());
            options.setTrustOptions(
                    new PemTrustOptions().addCertValue(Buffer.buffer(Files.readAllBytes(authority.get()))));
            return new Loaded(options, authorities, contents());
        }
        options.setTrustOptions(TrustOptions.wrap(new Known(accepted())));
        return new Loaded(options, List.of(), contents());
    }

    /** Who the node is. Blocks. */
    PemKeyCertOptions pair() throws IOException {
        return new PemKeyCertOptions()
                .setCertValue(Buffer.buffer(Files.readAllBytes(certificate)))
                .setKeyValue(Buffer.buffer(Files.readAllBytes(key)));
    }

    /** Digests of the certificates that may be shown in shared mode. Blocks. */
    Set<String> accepted() throws IOException {
        Set<String> accepted = new HashSet<>();
        accepted.add(digest(certificates(certificate).get(0)));
        for (Path other : also) {
            accepted.add(digest(certificates(other).get(0)));
        }
        return accepted;
    }

    /** @param authorities who signs, empty in shared mode @param contents equal if and only if the files are */
    record Loaded(ServerSSLOptions options, List<X509Certificate> authorities, String contents) {}

    private String contents() throws IOException {
        MessageDigest all = sha256();
        List<Path> files = new ArrayList<>(List.of(certificate, key));
        files.addAll(also);
        authority.ifPresent(files::add);
        for (Path file : files) {
            all.update(Files.readAllBytes(file));
        }
        return HexFormat.of().formatHex(all.digest());
    }

    /** Whether a data plane with this certificate has one of the names. */
    boolean named(Certificate shown) {
        return names.isEmpty()
                || shown instanceof X509Certificate known
                        && CertificateNames.of(known).stream().anyMatch(names::contains);
    }

    static List<X509Certificate> certificates(Path file) throws IOException {
        try {
            Collection<? extends Certificate> found = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
            if (found.isEmpty()) {
                throw new IOException(file + " has no certificate");
            }
            return found.stream().map(X509Certificate.class::cast).toList();
        } catch (CertificateException unreadable) {
            throw new IOException(file + " is no certificate: " + unreadable.getMessage(), unreadable);
        }
    }

    static String digest(X509Certificate certificate) {
        try {
            return HexFormat.of().formatHex(sha256().digest(certificate.getEncoded()));
        } catch (CertificateEncodingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Believes certificates that it knows, whoever signed them. */
    private record Known(Set<String> accepted) implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            String shown = digest(chain[0]);
            if (!accepted.contains(shown)) {
                throw new CertificateException("data plane presented incorrect client certificate during handshake"
                        + " (expected: " + String.join(" or ", accepted) + ", got: " + shown + ")");
            }
            chain[0].checkValidity();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("for clients only");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
