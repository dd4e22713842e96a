package io.drawbridge.sync;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Signs certificates, as files of a folder: {@code name.crt} and {@code name.key}; itself as {@code ca}. */
final class TestAuthority {
    private final Path folder;
    private final KeyPair own = pair();

    TestAuthority(Path folder) throws Exception {
        this.folder = folder;
        write("ca", "root", own, Instant.now(), Duration.ofDays(1), Optional.empty());
    }

    /** @param until from now; negative: it is over */
    X509Certificate issue(String file, String name, Duration until) throws Exception {
        return write(file, name, pair(), Instant.now(), until, Optional.empty());
    }

    /** One that begins to be valid later. */
    X509Certificate issueFor(String file, String name, Duration from) throws Exception {
        return write(file, name, pair(), Instant.now().plus(Duration.ofDays(2)).plus(from), from, Optional.empty());
    }

    /** One that says where to ask whether it was taken back. */
    X509Certificate issueAsking(String file, String name, String responder) throws Exception {
        return write(file, name, pair(), Instant.now(), Duration.ofDays(1), Optional.of(responder));
    }

    PrivateKey key() {
        return own.getPrivate();
    }

    KeyPair keys() {
        return own;
    }

    private static KeyPair pair() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private X509Certificate write(
            String file, String name, KeyPair pair, Instant now, Duration until, Optional<String> responder)
            throws Exception {
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                new X500Name("CN=root"),
                BigInteger.valueOf(System.nanoTime()),
                Date.from(now.minus(Duration.ofDays(2))),
                Date.from(now.plus(until)),
                new X500Name("CN=" + name),
                pair.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(pair == own));
        if (responder.isPresent()) {
            builder.addExtension(
                    Extension.authorityInfoAccess,
                    false,
                    new AuthorityInformationAccess(
                            AccessDescription.id_ad_ocsp,
                            new GeneralName(GeneralName.uniformResourceIdentifier, responder.get())));
        }
        X509Certificate certificate = new org.bouncycastle.cert.jcajce.JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(own.getPrivate())));
        pem(file + ".key", new JcaPKCS8Generator(pair.getPrivate(), null));
        pem(file + ".crt", certificate);
        return certificate;
    }

    private void pem(String file, Object object) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        }
        Files.writeString(folder.resolve(file), text.toString());
    }
}
