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
 * @param revocation whether their certificates may have been taken back: {@code off, on, optional}
 * @param unfit what becomes of configuration that a data plane cannot use: {@code withhold, withhold_plugins, block}
 * @param purgeAfter how long a data plane is listed after it was last seen
 */
public record HybridOptions(
        ListenAddress listen,
        Path certificate,
        Path key,
        List<Path> also,
        Optional<Path> authority,
        List<String> names,
        String revocation,
        String unfit,
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
        Optional<ClusterFiles> files = ClusterFiles.read(from, problems);
        if (from.text("cluster_mtls").equals("shared") && from.given("cluster_allowed_common_names")) {
            problems.add("cluster_allowed_common_names is only looked at with cluster_mtls = pki");
        }
        if (from.text("cluster_mtls").equals("shared")
                && !from.text("cluster_ocsp").equals("off")) {
            problems.add("cluster_ocsp is only looked at with cluster_mtls = pki");
        }
        return problems.size() > before
                ? Optional.empty()
                : files.map(tls -> new HybridOptions(
                        listen.get(0),
                        tls.certificate(),
                        tls.key(),
                        tls.also(),
                        tls.authority(),
                        from.strings("cluster_allowed_common_names"),
                        from.text("cluster_ocsp"),
                        from.text("cluster_unfit"),
                        (Duration) from.values().get("cluster_data_plane_purge_delay")));
    }
}
