package io.drawbridge.app;

import io.drawbridge.core.proxy.tls.SelfSigned;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;

/** A certificate that signs itself, made once under a prefix, and its key. Immutable. */
record OwnCertificate(Path certificate, Path key) {
    private static final Duration LIFE = Duration.ofDays(3650);

    /** Where the certificate of that name is, or would be. */
    static OwnCertificate at(Path prefix, String name) {
        Path folder = prefix.resolve("ssl");
        return new OwnCertificate(folder.resolve(name + ".crt"), folder.resolve(name + ".key"));
    }

    /** Made now, if it is not there yet. */
    OwnCertificate made() {
        if (!Files.exists(certificate) || !Files.exists(key)) {
            try {
                SelfSigned fresh = SelfSigned.forLocalhost(LIFE);
                Files.createDirectories(certificate.getParent());
                write(key, new JcaPKCS8Generator(fresh.key(), null));
                write(certificate, fresh.certificate());
            } catch (IOException failure) {
                throw new IllegalStateException("cannot make a certificate in " + certificate.getParent(), failure);
            }
        }
        return this;
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
