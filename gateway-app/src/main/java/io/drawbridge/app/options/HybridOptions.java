package io.drawbridge.app.options;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a control plane meets its data planes. Immutable.
 *
 * @param listen where
 * @param certificate PEM
 * @param key PEM
 * @param also certificates that are accepted too; without an authority only
 * @param authority who signs data planes' certificates; empty: all share one
 * @param names that a data plane's certificate must have one of; empty: any
 * @param purgeAfter how long a data plane is listed after it was last seen
 */
public record HybridOptions(
        ListenAddress listen,
        Path certificate,
        Path key,
        List<Path> also,
        Optional<Path> authority,
        List<String> names,
        Duration purgeAfter) {
    /** Empty for a node that is no control plane. Adds what is wrong to the problems, in words that Kong's operators know. */
    static Optional<HybridOptions> read(OptionSources from, List<ListenAddress> admin, List<String> problems) {
        if (!from.text("role").equals("control_plane")) {
            return Optional.empty();
        }
        int before = problems.size();
        if (from.given("database") && from.text("database").equals("off")) {
            problems.add("in-memory storage can not be used when role = \"control_plane\"");
        }
        if (admin.isEmpty()) {
            problems.add("admin_listen must be specified when role = \"control_plane\"");
        }
        List<ListenAddress> listen = from.addresses("cluster_listen");
        if (listen.size() != 1) {
            problems.add("cluster_listen must be specified when role = \"control_plane\", as one address");
        }
        Optional<Path> certificate = from.file("cluster_cert", problems);
        Optional<Path> key = from.file("cluster_cert_key", problems);
        if (certificate.isEmpty() || key.isEmpty()) {
            problems.add("cluster certificate and key must be provided to use Hybrid mode: cluster_cert and"
                    + " cluster_cert_key; 'drawbridge hybrid gen_cert' makes them");
        }
        boolean pki = from.text("cluster_mtls").equals("pki");
        Optional<Path> authority = pki ? from.file("cluster_ca_cert", problems) : Optional.empty();
        if (pki && authority.isEmpty()) {
            problems.add("cluster_ca_cert must be specified when cluster_mtls = \"pki\"");
        }
        if (!pki && from.given("cluster_allowed_common_names")) {
            problems.add("cluster_allowed_common_names is only looked at with cluster_mtls = pki");
        }
        return problems.size() > before
                ? Optional.empty()
                : Optional.of(new HybridOptions(
                        listen.get(0),
                        certificate.orElseThrow(),
                        key.orElseThrow(),
                        from.strings("cluster_cert_also").stream().map(Path::of).toList(),
                        authority,
                        from.strings("cluster_allowed_common_names"),
                        (Duration) from.values().get("cluster_data_plane_purge_delay")));
    }
}
