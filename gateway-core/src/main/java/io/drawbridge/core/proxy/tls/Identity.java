package io.drawbridge.core.proxy.tls;

import io.drawbridge.core.entity.Pem;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;

/** A certificate with those that vouch for it, and its key: what one side of TLS shows. Immutable; tells nothing of the key. */
public final class Identity {
    private static final Duration OWN_LIFE = Duration.ofDays(3650);

    private final X509Certificate[] chain;
    private final PrivateKey key;

    private Identity(List<X509Certificate> chain, PrivateKey key) {
        this.chain = chain.toArray(X509Certificate[]::new);
        this.key = key;
    }

    /**
     * @param chain PEM, the certificate first
     * @param key PEM, without password
     * @throws IllegalArgumentException if one cannot be read, with a reason for people
     */
    public static Identity of(String chain, String key) {
        return new Identity(Pem.chain(chain), Pem.secret(key));
    }

    /** One that signs itself, for {@code localhost}. */
    public static Identity selfSigned() {
        SelfSigned made = SelfSigned.forLocalhost(OWN_LIFE);
        return new Identity(List.of(made.certificate()), made.key());
    }

    /** Whether it has a key for what the JDK calls a key type, such as {@code RSA} or {@code EC_RSA}. */
    boolean fits(String keyType) {
        String algorithm = chain[0].getPublicKey().getAlgorithm();
        return keyType.equals(algorithm)
                || keyType.startsWith(algorithm + "_")
                || keyType.equals("RSASSA-PSS") && algorithm.equals("RSA")
                || keyType.equals("EdDSA") && algorithm.startsWith("Ed");
    }

    X509Certificate[] chain() {
        return chain.clone();
    }

    PrivateKey key() {
        return key;
    }

    @Override
    public String toString() {
        return "identity " + chain[0].getSubjectX500Principal();
    }
}
