package io.drawbridge.app.options;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a data plane gets its configuration. Immutable.
 *
 * @param controlPlanes as {@code host:port}, at least one
 * @param certificate PEM; in shared mode the control plane shows the same
 * @param key PEM
 * @param also certificates that the control plane may show besides, in shared mode
 * @param authority who signs the control plane's certificate; empty: all share one
 * @param serverName the name in it; empty: the host of the address
 * @param payloadMax largest frame taken, in bytes
 */
public record UplinkOptions(
        List<String> controlPlanes,
        Path certificate,
        Path key,
        List<Path> also,
        Optional<Path> authority,
        Optional<String> serverName,
        int payloadMax) {

    public UplinkOptions {
        controlPlanes = List.copyOf(controlPlanes);
        also = List.copyOf(also);
    }

    /** Empty for a node that is no data plane. Adds what is wrong to the problems, in words that Kong's operators know. */
    static Optional<UplinkOptions> read(OptionSources from, List<ListenAddress> proxy, List<String> problems) {
        if (!from.text("role").equals("data_plane")) {
            return Optional.empty();
        }
        int before = problems.size();
        if (from.given("database") && !from.text("database").equals("off")) {
            problems.add("only in-memory storage can be used when role = \"data_plane\"\n"
                    + "Hint: set database = off in your configuration file");
        }
        if (proxy.isEmpty()) {
            problems.add("proxy_listen must be specified when role = \"data_plane\"");
        }
        List<String> controlPlanes = addresses(from, problems);
        Optional<ClusterFiles> files = ClusterFiles.read(from, problems);
        String name = from.text("cluster_server_name");
        return problems.size() > before
                ? Optional.empty()
                : files.map(tls -> new UplinkOptions(
                        controlPlanes,
                        tls.certificate(),
                        tls.key(),
                        tls.also(),
                        tls.authority(),
                        Optional.of(name).filter(each -> !each.isEmpty()),
                        (Integer) from.values().get("cluster_max_payload")));
    }

    private static List<String> addresses(OptionSources from, List<String> problems) {
        List<String> addresses = new ArrayList<>();
        for (String each : from.strings("cluster_control_plane")) {
            URI parsed = URI.create("wss://" + each);
            if (parsed.getHost() == null || parsed.getPort() < 1) {
                problems.add("cluster_control_plane (" + from.places().get("cluster_control_plane") + "): bad value '"
                        + each + "'; allowed: host:port pairs separated by commas");
            }
            addresses.add(each);
        }
        if (addresses.isEmpty()) {
            problems.add("cluster_control_plane must be specified when role = \"data_plane\": host:port of a control"
                    + " plane, or of several separated by commas");
        }
        return addresses;
    }
}
