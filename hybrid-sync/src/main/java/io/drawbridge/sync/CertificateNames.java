package io.drawbridge.sync;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** Under which names a certificate goes. */
final class CertificateNames {
    private static final Set<Integer> DNS_OR_IP = Set.of(2, 7);

    private CertificateNames() {}

    /** Its common name and its alternative host names and addresses. */
    static Set<String> of(X509Certificate certificate) {
        Set<String> names = new HashSet<>();
        try {
            for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    names.add(part.getValue().toString());
                }
            }
            if (certificate.getSubjectAlternativeNames() != null) {
                for (List<?> name : certificate.getSubjectAlternativeNames()) {
                    if (DNS_OR_IP.contains(name.get(0))) {
                        names.add((String) name.get(1));
                    }
                }
            }
        } catch (InvalidNameException | CertificateParsingException unreadable) {
            return Set.of();
        }
        return names;
    }
}
