package io.drawbridge.core.entity;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/** Certificates and keys as PEM texts. Each check yields what is wrong, or null. */
public final class Pem {
    private static final String NO_CERTIFICATE = "invalid certificate: no certificate in PEM form";
    private static final String NO_KEY = "invalid key: no private key in PEM form";

    private Pem() {}

    static String certificate(String text) {
        try {
            return read(text).isPresent() ? null : NO_CERTIFICATE;
        } catch (IOException | GeneralSecurityException | RuntimeException malformed) {
            return "invalid certificate: " + reason(malformed);
        }
    }

    static String key(String text) {
        try {
            return privateKey(text).isPresent() ? null : NO_KEY;
        } catch (IOException | RuntimeException malformed) {
            return "invalid key: " + reason(malformed);
        }
    }

    static String publicKey(String text) {
        try (PEMParser parser = new PEMParser(new StringReader(text))) {
            return parser.readObject() instanceof SubjectPublicKeyInfo ? null : "invalid key";
        } catch (IOException | RuntimeException malformed) {
            return "invalid key";
        }
    }

    /** How many certificates the text has; those that cannot be read count. */
    static int certificates(String text) {
        return text.split("-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----", -1).length - 1;
    }

    /** The first certificate. Empty if there is none. */
    static Optional<X509Certificate> read(String text) throws IOException, GeneralSecurityException {
        try (PEMParser parser = new PEMParser(new StringReader(text))) {
            return parser.readObject() instanceof X509CertificateHolder holder
                    ? Optional.of(new JcaX509CertificateConverter().getCertificate(holder))
                    : Optional.empty();
        }
    }

    /**
     * All certificates, in their order.
     *
     * @throws IllegalArgumentException if there is none, or one cannot be read
     */
    public static List<X509Certificate> chain(String text) {
        List<X509Certificate> chain = new ArrayList<>();
        try (PEMParser parser = new PEMParser(new StringReader(text))) {
            for (Object each = parser.readObject(); each != null; each = parser.readObject()) {
                if (each instanceof X509CertificateHolder holder) {
                    chain.add(new JcaX509CertificateConverter().getCertificate(holder));
                }
            }
        } catch (IOException | GeneralSecurityException malformed) {
            throw new IllegalArgumentException("invalid certificate: " + reason(malformed), malformed);
        }
        if (chain.isEmpty()) {
            throw new IllegalArgumentException(NO_CERTIFICATE);
        }
        return chain;
    }

    /**
     * The private key.
     *
     * @throws IllegalArgumentException if there is none, or it cannot be read
     */
    public static PrivateKey secret(String text) {
        try {
            return privateKey(text).orElseThrow(() -> new IllegalArgumentException(NO_KEY));
        } catch (IOException malformed) {
            throw new IllegalArgumentException("invalid key: " + reason(malformed), malformed);
        }
    }

    /** Lower-case hex of the certificate's SHA-256. */
    static String digest(X509Certificate certificate) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    }

    /** Whether the key is that of the certificate. Both must be readable. */
    static boolean match(String certificate, String key) {
        try {
            PublicKey open = read(certificate).orElseThrow().getPublicKey();
            PrivateKey secret = privateKey(key).orElseThrow();
            String algorithm = switch (secret.getAlgorithm()) {
                case "RSA" -> "SHA256withRSA";
                case "EC", "ECDSA" -> "SHA256withECDSA";
                case "DSA" -> "SHA256withDSA";
                default -> secret.getAlgorithm();
            };
            byte[] probe = "probe".getBytes(StandardCharsets.US_ASCII);
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(secret);
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(open);
            signature.update(probe);
            return signature.verify(signed);
        } catch (IOException | GeneralSecurityException | RuntimeException unequal) {
            return false;
        }
    }

    /** The kind of the certificate's key, e.g. {@code RSA}. */
    static String kind(String certificate) {
        try {
            return read(certificate).orElseThrow().getPublicKey().getAlgorithm();
        } catch (IOException | GeneralSecurityException impossible) {
            throw new IllegalArgumentException("not a certificate", impossible);
        }
    }

    private static Optional<PrivateKey> privateKey(String text) throws IOException {
        try (PEMParser parser = new PEMParser(new StringReader(text))) {
            JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
            for (Object each = parser.readObject(); each != null; each = parser.readObject()) {
                if (each instanceof PEMKeyPair pair) {
                    return Optional.of(converter.getPrivateKey(pair.getPrivateKeyInfo()));
                }
                if (each instanceof PrivateKeyInfo info) {
                    return Optional.of(converter.getPrivateKey(info));
                }
            }
            return Optional.empty();
        }
    }

    private static String reason(Exception failure) {
        String said = failure.getMessage();
        return said == null ? "cannot be read" : said.lines().findFirst().orElse("cannot be read");
    }
}
