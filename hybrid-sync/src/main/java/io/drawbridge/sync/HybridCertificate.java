package io.drawbridge.sync;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** The one pair of certificate and key that all nodes of a cluster share. */
public final class HybridCertificate {
    /** How long one is valid if nothing else is said. */
    public static final int DAYS = 1095;

    private static final Duration SKEW = Duration.ofHours(1);

    private HybridCertificate() {}

    /**
     * Makes a pair that signs itself: readable by all, the key by its owner alone.
     *
     * @param days for which it is valid, 1 to 36500
     * @throws IOException if one of the files is there already, or cannot be written; then neither is left behind
     */
    public static void make(Path certificate, Path key, int days) throws IOException {
        if (days < 1 || days > 36_500) {
            throw new IllegalArgumentException("days must be between 1 and 36500");
        }
        create(key, "rw-------");
        try {
            create(certificate, "rw-r--r--");
            try {
                fill(certificate, key, days);
            } catch (IOException | RuntimeException failure) {
                Files.delete(certificate);
                throw failure;
            }
        } catch (IOException | RuntimeException failure) {
            Files.delete(key);
            throw failure;
        }
    }

    private static void fill(Path certificate, Path key, int days) throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp384r1"));
            KeyPair pair = generator.generateKeyPair();
            X500Name name = new X500Name("CN=" + ClusterTls.SHARED_NAME);
            Instant now = Instant.now();
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    name,
                    new BigInteger(64, new SecureRandom()),
                    Date.from(now.minus(SKEW)),
                    Date.from(now.plus(Duration.ofDays(days))),
                    name,
                    pair.getPublic());
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(new GeneralName(GeneralName.dNSName, ClusterTls.SHARED_NAME)));
            Files.writeString(key, pem(new JcaPKCS8Generator(pair.getPrivate(), null)));
            Files.writeString(
                    certificate,
                    pem(builder.build(new JcaContentSignerBuilder("SHA384withECDSA").build(pair.getPrivate()))));
        } catch (GeneralSecurityException | OperatorCreationException impossible) {
            throw new IllegalStateException("no certificate can be made here", impossible);
        }
    }

    private static void create(Path file, String rights) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
    }

    private static String pem(Object object) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        }
        return text.toString();
    }
}
