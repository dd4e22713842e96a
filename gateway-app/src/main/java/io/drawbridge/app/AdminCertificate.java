package io.drawbridge.app;

import io.drawbridge.admin.AdminTls;
import io.drawbridge.app.options.AdminFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** The certificate of the Admin API's TLS listeners: the one that is named, or one that signs itself, made once. */
public final class AdminCertificate {
    private static final Duration LIFE = Duration.ofDays(3650);

    private AdminCertificate() {}

    /** Makes a certificate under the prefix if none is named and none is there. */
    static AdminTls of(Path prefix, AdminFiles files) {
        Path authority = files.clientAuthority().orElse(null);
        if (files.certificate().isPresent()) {
            return new AdminTls(files.certificate().get(), files.key().orElseThrow(), authority);
        }
        Path certificate = own(prefix);
        Path key = certificate.resolveSibling("admin.key");
        if (!Files.exists(certificate) || !Files.exists(key)) {
            try {
                make(certificate, key);
            } catch (IOException | GeneralSecurityException | OperatorCreationException failure) {
                throw new IllegalStateException("cannot make a certificate in " + certificate.getParent(), failure);
            }
        }
        return new AdminTls(certificate, key, authority);
    }

    /** Trusts this node's certificate and no other. */
    public static SSLSocketFactory trusting(Path prefix, AdminFiles files) throws IOException {
        try (InputStream certificate = Files.newInputStream(files.certificate().orElse(own(prefix)))) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry(
                    "admin", CertificateFactory.getInstance("X.509").generateCertificate(certificate));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException unusable) {
            throw new IOException("its certificate cannot be used: " + unusable.getMessage(), unusable);
        }
    }

    private static Path own(Path prefix) {
        return prefix.resolve("ssl").resolve("admin.crt");
    }

    private static void make(Path certificate, Path key)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        X500Name name = new X500Name("CN=localhost");
        Instant now = Instant.now();
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                name,
                new BigInteger(64, new SecureRandom()),
                Date.from(now.minus(Duration.ofHours(1))),
                Date.from(now.plus(LIFE)),
                name,
                pair.getPublic());
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
            new GeneralName(GeneralName.dNSName, "localhost"), new GeneralName(GeneralName.iPAddress, "127.0.0.1")
        }));
        Files.createDirectories(certificate.getParent());
        write(key, new JcaPKCS8Generator(pair.getPrivate(), null));
        write(certificate, builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
    }

    /** Readable by us alone, and there as a whole or not at all. */
    private static void write(Path file, Object object) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        }
        Path next = Files.createTempFile(
                file.getParent(),
                file.getFileName().toString(),
                ".next",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(next, text.toString());
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
