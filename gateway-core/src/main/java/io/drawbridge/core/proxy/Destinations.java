package io.drawbridge.core.proxy;

import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.Pem;
import io.drawbridge.core.proxy.tls.Certificates;
import io.drawbridge.core.proxy.tls.Identity;
import io.drawbridge.core.proxy.tls.UpstreamTls;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where requests to each service of a configuration go. Immutable. */
final class Destinations {
    private static final Logger LOG = LoggerFactory.getLogger(Destinations.class);
    private static final List<String> BASES = List.of("upstreams", "targets", "certificates", "ca_certificates");

    /** What makes two services share connections of TLS. */
    private record Setup(boolean verify, int depth, List<Entity> authorities, Entity shown) {}

    private final Map<Entity, Destination> byService;
    private final Map<Setup, UpstreamTls> setups;
    private final Upstreams upstreams;

    private Destinations(Map<Entity, Destination> byService, Map<Setup, UpstreamTls> setups, Upstreams upstreams) {
        this.byService = byService;
        this.setups = setups;
        this.upstreams = upstreams;
    }

    static Destinations empty() {
        return new Destinations(Map.of(), Map.of(), Upstreams.empty());
    }

    /** @param previous the configuration of {@code before} */
    static Destinations of(
            ConfigSnapshot snapshot, Certificates certificates, ConfigSnapshot previous, Destinations before) {
        boolean sameBase = BASES.stream().allMatch(type -> snapshot.sameAs(previous, type));
        if (sameBase && snapshot.sameAs(previous, "services")) {
            return before;
        }
        Upstreams upstreams = sameBase ? before.upstreams : Upstreams.of(snapshot, before.upstreams);
        Compilation compilation = new Compilation(snapshot, certificates, upstreams, before);
        Map<Entity, Destination> byService = new IdentityHashMap<>();
        for (Entity service : snapshot.all("services")) {
            Destination known = sameBase ? before.byService.get(service) : null;
            byService.put(service, known != null ? compilation.keep(known) : compilation.make(service));
        }
        return new Destinations(byService, compilation.setups, upstreams);
    }

    /** Null for a service of another configuration. */
    Destination of(Entity service) {
        return byService.get(service);
    }

    /** All ways to speak TLS with upstreams. */
    Set<UpstreamTls> setups() {
        Set<UpstreamTls> all = Collections.newSetFromMap(new IdentityHashMap<>());
        all.addAll(setups.values());
        all.add(UpstreamTls.PLAIN);
        return all;
    }

    List<String> notes() {
        return upstreams.notes();
    }

    /** Confined to one call. */
    private static final class Compilation {
        private final ConfigSnapshot snapshot;
        private final Certificates certificates;
        private final Upstreams upstreams;
        private final Map<UpstreamTls, Setup> known = new IdentityHashMap<>();
        private final Destinations before;
        private final Map<Setup, UpstreamTls> setups = new HashMap<>();

        Compilation(ConfigSnapshot snapshot, Certificates certificates, Upstreams upstreams, Destinations before) {
            this.snapshot = snapshot;
            this.certificates = certificates;
            this.upstreams = upstreams;
            this.before = before;
            before.setups.forEach((setup, tls) -> known.put(tls, setup));
        }

        Destination keep(Destination destination) {
            Setup setup = known.get(destination.setup());
            if (setup != null) {
                setups.put(setup, destination.setup());
            }
            return destination;
        }

        Destination make(Entity service) {
            Optional<Upstreams.Upstream> upstream = upstreams.find((String) service.get("host"));
            Balancer balancer = upstream.map(Upstreams.Upstream::balancer).orElseGet(() -> single(service));
            try {
                return Destination.of(service, balancer, tls(service, upstream), null);
            } catch (IllegalArgumentException unusable) {
                Destination known = before.byService.get(service);
                if (known == null || !unusable.getMessage().equals(known.unusable())) {
                    LOG.warn("service not usable id={} reason={}", service.get("id"), unusable.getMessage());
                }
                return Destination.of(service, balancer, UpstreamTls.PLAIN, unusable.getMessage());
            }
        }

        private static Balancer single(Entity service) {
            int port = service.get("port") instanceof Number number ? number.intValue() : 80;
            return new Balancer(List.of(Target.of((String) service.get("host"), port, null, 1)));
        }

        private UpstreamTls tls(Entity service, Optional<Upstreams.Upstream> upstream) {
            UUID shown = service.reference("client_certificate");
            if (shown == null) {
                shown = upstream.map(one -> one.entity().reference("client_certificate"))
                        .orElse(null);
            }
            boolean verify = Boolean.TRUE.equals(service.get("tls_verify"));
            if (shown == null && !verify) {
                return UpstreamTls.PLAIN;
            }
            Setup setup = new Setup(
                    verify,
                    verify && service.get("tls_verify_depth") instanceof Number depth ? depth.intValue() : -1,
                    verify ? authorities(service) : List.of(),
                    shown == null ? null : required("certificates", shown));
            UpstreamTls made = before.setups.get(setup);
            if (made == null) {
                made = setups.get(setup);
            }
            if (made == null) {
                made = make(setup);
            }
            setups.put(setup, made);
            return made;
        }

        private UpstreamTls make(Setup setup) {
            Optional<Identity> shown = Optional.ofNullable(setup.shown).map(this::identity);
            if (!setup.verify) {
                return UpstreamTls.trusting(shown);
            }
            List<X509Certificate> authorities = new ArrayList<>();
            setup.authorities.forEach(authority -> authorities.addAll(Pem.chain((String) authority.get("cert"))));
            return UpstreamTls.verifying(authorities, setup.depth, shown);
        }

        private Identity identity(Entity certificate) {
            return certificates
                    .identity(certificate)
                    .orElseThrow(() ->
                            new IllegalArgumentException("certificate " + certificate.get("id") + " is unusable"));
        }

        private List<Entity> authorities(Entity service) {
            List<Entity> authorities = new ArrayList<>();
            if (service.get("ca_certificates") instanceof List<?> ids) {
                ids.forEach(id -> authorities.add(required("ca_certificates", UUID.fromString((String) id))));
            }
            return authorities;
        }

        private Entity required(String type, UUID id) {
            return snapshot.find(type, id)
                    .orElseThrow(() -> new IllegalArgumentException("there is no " + type + " " + id));
        }
    }
}
