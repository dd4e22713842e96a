package io.drawbridge.app;

import io.drawbridge.admin.AdminTls;
import io.drawbridge.app.options.AdminFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** The certificate of the Admin API's TLS listeners: the one that is named, or one that signs itself, made once. */
public final class AdminCertificate {
    private AdminCertificate() {}

    /** Makes a certificate under the prefix if none is named and none is there. */
    static AdminTls of(Path prefix, AdminFiles files) {
        Path authority = files.clientAuthority().orElse(null);
        if (files.certificate().isPresent()) {
            return new AdminTls(files.certificate().get(), files.key().orElseThrow(), authority);
        }
        OwnCertificate own = own(prefix).made();
        return new AdminTls(own.certificate(), own.key(), authority);
    }

    /** Trusts this node's certificate and no other. */
    public static SSLSocketFactory trusting(Path prefix, AdminFiles files) throws IOException {
        try (InputStream certificate = Files.newInputStream(files.certificate().orElseGet(own(prefix)::certificate))) {
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

    private static OwnCertificate own(Path prefix) {
        return OwnCertificate.at(prefix, "admin");
    }
}
