package io.drawbridge.core.proxy.tls;

import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.entity.Entity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configured certificates, and which of them a client sees by the name that it asks for: the name itself, {@code *.a.com},
 * {@code a.*}, {@code *}. Immutable.
 */
public final class Certificates {
    private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);

    /* Of a certificate entity that cannot be read there are none. */
    private final Map<Entity, List<Identity>> identities;
    private final Map<String, List<Identity>> names;

    private Certificates(Map<Entity, List<Identity>> identities, Map<String, List<Identity>> names) {
        this.identities = identities;
        this.names = names;
    }

    /** None. */
    public static Certificates empty() {
        return new Certificates(Map.of(), Map.of());
    }

    /**
     * Not for event loops.
     *
     * @param previous the configuration of {@code before}
     * @param before those that are as they were are taken from there
     */
    public static Certificates of(ConfigSnapshot snapshot, ConfigSnapshot previous, Certificates before) {
        if (snapshot.sameAs(previous, "certificates") && snapshot.sameAs(previous, "snis")) {
            return before;
        }
        Map<Entity, List<Identity>> identities = new IdentityHashMap<>();
        for (Entity certificate : snapshot.all("certificates")) {
            List<Identity> known = before.identities.get(certificate);
            identities.put(certificate, known != null ? known : read(certificate));
        }
        Map<String, List<Identity>> names = new HashMap<>();
        for (Entity sni : snapshot.all("snis")) {
            snapshot.find("certificates", sni.reference("certificate"))
                    .map(identities::get)
                    .filter(found -> !found.isEmpty())
                    .ifPresent(found -> names.put(((String) sni.get("name")).toLowerCase(Locale.ROOT), found));
        }
        return new Certificates(identities, names);
    }

    private static List<Identity> read(Entity certificate) {
        List<Identity> read = new ArrayList<>();
        try {
            read.add(Identity.of((String) certificate.get("cert"), (String) certificate.get("key")));
            if (certificate.get("cert_alt") instanceof String other) {
                read.add(Identity.of(other, (String) certificate.get("key_alt")));
            }
        } catch (IllegalArgumentException unreadable) {
            LOG.warn("certificate not usable id={} reason={}", certificate.get("id"), unreadable.getMessage());
        }
        return List.copyOf(read);
    }

    /** What a certificate entity of this configuration is; empty if it cannot be read. */
    public Optional<Identity> identity(Entity certificate) {
        return identities.getOrDefault(certificate, List.of()).stream().findFirst();
    }

    /** For a name in lower case, null if none was asked for; empty if there is none for it. */
    List<Identity> named(String name) {
        if (names.isEmpty()) {
            return List.of();
        }
        List<Identity> found = name == null ? null : matching(name);
        return found != null ? found : names.getOrDefault("*", List.of());
    }

    private List<Identity> matching(String name) {
        List<Identity> found = names.get(name);
        int first = name.indexOf('.');
        if (found == null && first >= 0) {
            found = names.get("*" + name.substring(first));
        }
        if (found == null && first >= 0) {
            found = names.get(name.substring(0, name.lastIndexOf('.')) + ".*");
        }
        return found;
    }
}
