package io.drawbridge.core.entity;

import io.drawbridge.core.entity.Field.Builder;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code certificates}, {@code snis}, {@code ca_certificates}. */
final class TlsTypes {
    static final EntityType CERTIFICATE = new EntityType(
            "certificates",
            "certificates",
            "certificates",
            null,
            true,
            Stream.of(
                            CommonFields.id(),
                            CommonFields.createdAt(),
                            Field.string("cert").required().rule(Rule.text(Pem::certificate)),
                            Field.string("key").required().rule(Rule.text(Pem::key)),
                            Field.string("cert_alt")
                                    .rule(Rule.text(Pem::certificate))
                                    .since(2, 4),
                            Field.string("key_alt").rule(Rule.text(Pem::key)).since(2, 4),
                            CommonFields.tags())
                    .map(Builder::build)
                    .toList(),
            List.of(
                    new EntityCheck.AllOrNone(List.of("cert_alt", "key_alt")),
                    pair("cert", "key", "certificate does not match key"),
                    pair("cert_alt", "key_alt", "alternative certificate does not match key"),
                    new EntityCheck.Custom(List.of("cert", "key", "cert_alt", "key_alt"), TlsTypes::sameKind)),
            (input, found) -> {});

    static final EntityType SNI = new EntityType(
            "snis",
            "snis",
            "snis",
            "name",
            true,
            Stream.of(
                            CommonFields.id(),
                            Field.string("name").required().uniqueEverywhere().rule(Rule.text(Formats::wildcardHost)),
                            CommonFields.createdAt(),
                            CommonFields.tags(),
                            Field.foreign("certificate", "certificates").required())
                    .map(Builder::build)
                    .toList(),
            List.of(),
            (input, found) -> {});

    static final EntityType CA_CERTIFICATE = new EntityType(
            "ca_certificates",
            "ca_certificates",
            "ca_certificates",
            null,
            false,
            Stream.of(
                            CommonFields.id(),
                            CommonFields.createdAt(),
                            Field.string("cert").required().rule(Rule.text(TlsTypes::authority)),
                            Field.string("cert_digest").unique().since(2, 1),
                            CommonFields.tags())
                    .map(Builder::build)
                    .toList(),
            List.of(),
            TlsTypes::digest);

    private TlsTypes() {}

    private static EntityCheck pair(String certificate, String key, String wrong) {
        return new EntityCheck.Custom(
                List.of(certificate, key),
                values -> values.get(certificate) instanceof String cert
                                && values.get(key) instanceof String secret
                                && !Pem.match(cert, secret)
                        ? wrong
                        : null);
    }

    private static String sameKind(Map<String, Object> values) {
        if (!(values.get("cert") instanceof String cert) || !(values.get("cert_alt") instanceof String alternative)) {
            return null;
        }
        return Pem.kind(cert).equals(Pem.kind(alternative))
                ? "certificate and alternative certificate need to have different type (e.g. RSA and ECDSA), the provided"
                        + " certificates were both of the same type"
                : null;
    }

    private static String authority(String text) {
        String wrong = Pem.certificate(text);
        if (wrong != null) {
            return wrong;
        }
        if (Pem.certificates(text) > 1) {
            return "please submit only one certificate at a time";
        }
        X509Certificate certificate = parsed(text).orElseThrow();
        if (certificate.getNotAfter().before(new Date())) {
            return "certificate expired, \"Not After\" time is in the past";
        }
        return certificate.getBasicConstraints() < 0
                ? "certificate does not appear to be a CA because it is missing the \"CA\" basic constraint"
                : null;
    }

    /* Always of the certificate that is kept, whatever was given. */
    private static void digest(Map<String, Object> input, Violations found) {
        if (input.get("cert") instanceof String text) {
            parsed(text)
                    .ifPresentOrElse(
                            certificate -> input.put("cert_digest", digest(certificate)),
                            () -> input.remove("cert_digest"));
        } else {
            input.remove("cert_digest");
        }
    }

    private static String digest(X509Certificate certificate) {
        try {
            return Pem.digest(certificate);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Optional<X509Certificate> parsed(String text) {
        try {
            return Pem.read(text);
        } catch (IOException | GeneralSecurityException | RuntimeException malformed) {
            return Optional.empty();
        }
    }
}
