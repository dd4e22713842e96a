package io.drawbridge.core.proxy;

import java.io.StringWriter;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate made for a test. @param certificate PEM, with those that vouch for it, but for the first @param key PEM */
record Certified(String name, String certificate, String key, PrivateKey secret, String issuers) {
    static Certified authority(String name) {
        return make(name, null, true);
    }

    Certified authorityBelow(String other) {
        return make(other, this, true);
    }

    Certified server(String... names) {
        return make(names[0], this, false, names);
    }

    static Certified alone(String... names) {
        return make(names[0], null, false, names);
    }

    private static Certified make(String name, Certified issuer, boolean authority, String... names) {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("EC").generateKeyPair();
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    new X500Name("CN=" + (issuer == null ? name : issuer.name)),
                    new BigInteger(64, new SecureRandom()),
                    Date.from(Instant.now().minusSeconds(60)),
                    Date.from(Instant.now().plusSeconds(86_400)),
                    new X500Name("CN=" + name),
                    pair.getPublic());
            if (authority) {
                builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            } else {
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(Arrays.stream(names)
                                .map(each -> new GeneralName(
                                        each.matches("[0-9.]+") ? GeneralName.iPAddress : GeneralName.dNSName, each))
                                .toArray(GeneralName[]::new)));
            }
            PrivateKey signing = issuer == null ? pair.getPrivate() : issuer.secret;
            String own = pem(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signing)));
            String above = issuer == null ? "" : issuer.issuers;
            return new Certified(
                    name,
                    own + above,
                    pem(new JcaPKCS8Generator(pair.getPrivate(), null)),
                    pair.getPrivate(),
                    issuer == null ? "" : own + above);
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static String pem(Object object) throws Exception {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        }
        return text.toString();
    }
}
