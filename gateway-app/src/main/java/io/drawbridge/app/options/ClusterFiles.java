package io.drawbridge.app.options;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * By what control planes and data planes know each other. Immutable.
 *
 * @param certificate PEM
 * @param key PEM
 * @param also certificates that are accepted too; without an authority only
 * @param authority who signs the other side's certificates; empty: all share one
 */
record ClusterFiles(Path certificate, Path key, List<Path> also, Optional<Path> authority) {
    /** Empty if something is missing, which is added to the problems. */
    static Optional<ClusterFiles> read(OptionSources from, List<String> problems) {
        int before = problems.size();
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
        return problems.size() > before
                ? Optional.empty()
                : Optional.of(new ClusterFiles(
                        certificate.orElseThrow(),
                        key.orElseThrow(),
                        from.strings("cluster_cert_also").stream().map(Path::of).toList(),
                        authority));
    }
}
