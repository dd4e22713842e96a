package io.drawbridge.app.options;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a node proxies. Immutable.
 *
 * @param listen where clients connect; empty: it proxies nothing
 * @param statusListen where its state can be asked for; empty: nowhere
 * @param certificate PEM, shown to clients that ask for no name there is a certificate for; empty: one of our own making
 * @param key PEM, of the certificate
 * @param trusted addresses and networks in front of this node, whose word on who the client is counts
 * @param trustedHeader in which those say it
 * @param trustedRecursive whether the last address in it that is not itself trusted counts
 */
public record TrafficOptions(
        List<ListenAddress> listen,
        List<ListenAddress> statusListen,
        Optional<Path> certificate,
        Optional<Path> key,
        List<String> trusted,
        String trustedHeader,
        boolean trustedRecursive) {

    public TrafficOptions {
        listen = List.copyOf(listen);
        statusListen = List.copyOf(statusListen);
        trusted = List.copyOf(trusted);
    }

    static TrafficOptions read(OptionSources from, List<String> problems) {
        Optional<Path> certificate = from.file("ssl_cert", problems);
        Optional<Path> key = from.file("ssl_cert_key", problems);
        if (certificate.isPresent() != key.isPresent()) {
            problems.add("ssl_cert and ssl_cert_key: one is given without the other");
        }
        boolean passes = !from.text("role").equals("control_plane");
        List<ListenAddress> status = new ArrayList<>(from.addresses("status_listen"));
        if (status.stream().anyMatch(ListenAddress::tls)) {
            problems.add("status_listen (" + from.places().get("status_listen") + "): TLS is not spoken there");
        }
        return new TrafficOptions(
                passes ? from.addresses("proxy_listen") : List.of(),
                status,
                certificate,
                key,
                from.strings("trusted_ips"),
                from.text("real_ip_header"),
                (Boolean) from.values().get("real_ip_recursive"));
    }
}
