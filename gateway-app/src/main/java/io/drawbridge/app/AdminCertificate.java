package io.drawbridge.app;

import io.drawbridge.admin.AdminTls;
import io.drawbridge.app.options.AdminFiles;
import io.drawbridge.core.proxy.tls.SelfSigned;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;

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
            } catch (IOException failure) {
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

    private static void make(Path certificate, Path key) throws IOException {
        SelfSigned made = SelfSigned.forLocalhost(LIFE);
        Files.createDirectories(certificate.getParent());
        write(key, new JcaPKCS8Generator(made.key(), null));
        write(certificate, made.certificate());
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
