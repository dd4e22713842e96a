package io.drawbridge.sync;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.CertException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.bouncycastle.cert.ocsp.OCSPReqBuilder;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/**
 * A question to a responder about one certificate, and what its answer is worth: RFC 6960. An answer counts if the issuer signed it, or
 * whom the issuer allowed to, if it is of now, and if it answers this question. Immutable.
 */
final class OcspAnswer {
    private static final Duration SKEW = Duration.ofMinutes(5);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final X509CertificateHolder leaf;
    private final X509CertificateHolder issuer;
    private final DigestCalculatorProvider digests;
    private final byte[] nonce = new byte[16];

    /** Cannot be asked, or the answer is worth nothing; the message says why. */
    static final class Unusable extends Exception {
        private static final long serialVersionUID = 1;

        Unusable(String why) {
            super(why);
        }
    }

    /** @param others of which one is the issuer */
    OcspAnswer(X509Certificate leaf, List<X509Certificate> others) throws Unusable {
        try {
            this.leaf = new JcaX509CertificateHolder(leaf);
            this.issuer = new JcaX509CertificateHolder(others.stream()
                    .filter(other -> issued(other, leaf))
                    .findFirst()
                    .orElseThrow(() -> new Unusable("its issuer is not known")));
            this.digests = new JcaDigestCalculatorProviderBuilder().build();
        } catch (GeneralSecurityException | OperatorCreationException unreadable) {
            throw new Unusable("certificate cannot be read: " + unreadable.getMessage());
        }
        RANDOM.nextBytes(nonce);
    }

    /** Where the certificate says that one can ask. */
    String responder() throws Unusable {
        return Optional.ofNullable(AuthorityInformationAccess.fromExtensions(leaf.getExtensions())).stream()
                .flatMap(access -> Stream.of(access.getAccessDescriptions()))
                .filter(each -> each.getAccessMethod().equals(AccessDescription.id_ad_ocsp)
                        && each.getAccessLocation().getTagNo() == GeneralName.uniformResourceIdentifier)
                .map(each -> each.getAccessLocation().getName().toString())
                .filter(url -> url.startsWith("http://") || url.startsWith("https://"))
                .findFirst()
                .orElseThrow(() -> new Unusable("no OCSP endpoint found in the certificate"));
    }

    byte[] question() throws Unusable {
        try {
            OCSPReq request = new OCSPReqBuilder()
                    .addRequest(new CertificateID(digests.get(CertificateID.HASH_SHA1), issuer, leaf.getSerialNumber()))
                    .setRequestExtensions(new Extensions(new Extension(
                            OCSPObjectIdentifiers.id_pkix_ocsp_nonce, false, new DEROctetString(nonce).getEncoded())))
                    .build();
            return request.getEncoded();
        } catch (OCSPException | OperatorCreationException | IOException impossible) {
            throw new Unusable(impossible.getMessage());
        }
    }

    /** Whether the certificate was taken back. */
    boolean revoked(byte[] answer, Instant now) throws Unusable {
        try {
            OCSPResp response = new OCSPResp(answer);
            if (response.getStatus() != OCSPResp.SUCCESSFUL
                    || !(response.getResponseObject() instanceof BasicOCSPResp basic)) {
                throw new Unusable("OCSP responder answers with status " + response.getStatus());
            }
            if (!signed(basic, now)) {
                throw new Unusable("OCSP response is signed by nobody who may");
            }
            Extension echoed = basic.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce);
            if (echoed != null
                    && !echoed.getExtnValue().equals(new DEROctetString(new DEROctetString(nonce).getEncoded()))) {
                throw new Unusable("OCSP response answers another request");
            }
            SingleResp about = about(basic);
            if (about.getThisUpdate().toInstant().isAfter(now.plus(SKEW))
                    || about.getNextUpdate() != null
                            && about.getNextUpdate().toInstant().isBefore(now.minus(SKEW))) {
                throw new Unusable("OCSP response is not of now");
            }
            if (about.getCertStatus() == null) {
                return false;
            }
            if (about.getCertStatus() instanceof RevokedStatus) {
                return true;
            }
            throw new Unusable("certificate status \"unknown\" in the OCSP response");
        } catch (IOException | OCSPException garbage) {
            throw new Unusable("OCSP response cannot be read: " + garbage.getMessage());
        }
    }

    private SingleResp about(BasicOCSPResp basic) throws Unusable, OCSPException {
        for (SingleResp each : basic.getResponses()) {
            if (each.getCertID().getSerialNumber().equals(leaf.getSerialNumber())
                    && each.getCertID().matchesIssuer(issuer, digests)) {
                return each;
            }
        }
        throw new Unusable("OCSP response is about another certificate");
    }

    private boolean signed(BasicOCSPResp basic, Instant now) {
        return Stream.concat(Stream.of(issuer), Stream.of(basic.getCerts()).filter(each -> allowed(each, now)))
                .anyMatch(signer -> {
                    try {
                        return basic.isSignatureValid(new JcaContentVerifierProviderBuilder().build(signer));
                    } catch (OCSPException
                            | OperatorCreationException
                            | java.security.cert.CertificateException
                            | RuntimeException other) {
                        return false;
                    }
                });
    }

    /* Whom the issuer lets answer in its place. */
    private boolean allowed(X509CertificateHolder signer, Instant now) {
        try {
            ExtendedKeyUsage usage = ExtendedKeyUsage.fromExtensions(signer.getExtensions());
            return usage != null
                    && usage.hasKeyPurposeId(KeyPurposeId.id_kp_OCSPSigning)
                    && signer.isValidOn(Date.from(now))
                    && signer.isSignatureValid(new JcaContentVerifierProviderBuilder().build(issuer));
        } catch (CertException
                | OperatorCreationException
                | java.security.cert.CertificateException
                | RuntimeException other) {
            return false;
        }
    }

    private static boolean issued(X509Certificate other, X509Certificate leaf) {
        try {
            if (other.equals(leaf) || !other.getSubjectX500Principal().equals(leaf.getIssuerX500Principal())) {
                return false;
            }
            leaf.verify(other.getPublicKey());
            return true;
        } catch (GeneralSecurityException no) {
            return false;
        }
    }
}
