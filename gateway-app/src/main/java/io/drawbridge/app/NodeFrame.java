package io.drawbridge.app;

import io.drawbridge.admin.AdminOptions;
import io.drawbridge.admin.AdminToken;
import io.drawbridge.admin.NodeDescription;
import io.drawbridge.app.options.GatewayOptions;
import io.drawbridge.app.options.ListenAddress;
import io.drawbridge.core.release.BundledPlugins;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What every node has, of whatever kind: a name, a file under its prefix, addresses, meters. Immutable.
 *
 * @param options as given
 * @param file claimed
 * @param listeners of the Admin API, one for each address
 * @param description for {@code GET /}
 * @param registry of all meters
 * @param vertx measured by the registry
 */
record NodeFrame(
        GatewayOptions options,
        NodeFile file,
        List<AdminOptions> listeners,
        NodeDescription description,
        PrometheusMeterRegistry registry,
        Vertx vertx) {

    /** Fails if such a node runs here already, or an address is taken. */
    static NodeFrame of(GatewayOptions options) {
        String member = member(options);
        NodeFile file =
                NodeFile.claim(options.prefix(), member, options.release().toString(), adminUrl(options));
        ListenAddress.requireFree("admin_listen", options.adminListen());
        ListenAddress.requireFree("proxy_listen", options.traffic().listen());
        ListenAddress.requireFree("status_listen", options.traffic().statusListen());
        List<AdminOptions> listeners = options.adminListen().stream()
                .map(address -> admin(options, address))
                .toList();
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Vertx vertx = Vertx.builder()
                .with(Wiring.vertxOptions().setMetricsOptions(new MicrometerMetricsOptions().setEnabled(true)))
                .withMetrics(new MicrometerMetricsFactory(registry))
                .build();
        return new NodeFrame(options, file, listeners, describe(options, member), registry, vertx);
    }

    String member() {
        return file.member();
    }

    /** @param found the options with the database as it was found */
    NodeProcess process(GatewayOptions found, NodeLife life) {
        return new NodeProcess(found, life, vertx.getOrCreateContext(), file);
    }

    /* Nodes of one prefix differ by where they listen; one that takes any free port has nothing to be known by. */
    private static String member(GatewayOptions options) {
        if (!options.nodeId().isEmpty()) {
            return options.nodeId();
        }
        Optional<ListenAddress> first = Stream.concat(
                        options.adminListen().stream(), options.traffic().listen().stream())
                .findFirst();
        return first.isPresent() && first.get().port() == 0
                ? UUID.randomUUID().toString()
                : NodeFile.memberId(
                        options.prefix(), first.map(ListenAddress::toString).orElse("off"));
    }

    private static AdminOptions admin(GatewayOptions options, ListenAddress address) {
        return AdminOptions.defaults()
                .listen(address.host(), address.port())
                .reporting(options.reportedVersion())
                .bulk(options.bulkBytesMax())
                .guarded(options.adminFiles()
                        .token()
                        .map(TokenFile::read)
                        .map(AdminToken::of)
                        .orElse(null))
                .over(address.tls() ? AdminCertificate.of(options.prefix(), options.adminFiles()) : null)
                .timing(options.drainTimeout(), options.leaseTtl());
    }

    private static NodeDescription describe(GatewayOptions options, String member) {
        Map<String, Object> settings = new TreeMap<>(options.settings());
        /* What clients of Kong ask for; an embedded server is PostgreSQL to them. */
        settings.put("database", options.database().off() ? "off" : "postgres");
        settings.put("router_flavor", "traditional");
        settings.put("proxy_listeners", described(options.traffic().listen()));
        settings.put("stream_listeners", Map.of());
        settings.put("admin_listeners", described(options.adminListen()));
        return new NodeDescription(
                member, hostname(), settings, List.copyOf(new TreeSet<>(BundledPlugins.of(options.release()))));
    }

    private static List<Map<String, Object>> described(List<ListenAddress> addresses) {
        return addresses.stream().map(ListenAddress::described).toList();
    }

    static String hostname() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "localhost";
        }
    }

    private static String adminUrl(GatewayOptions options) {
        if (!options.adminAdvertise().isEmpty()) {
            return options.adminAdvertise();
        }
        /* Whoever asks for it need not know our certificate. */
        return Stream.concat(
                        options.adminListen().stream().filter(address -> !address.tls()),
                        options.adminListen().stream())
                .findFirst()
                .map(address -> address.everywhere() ? address.at(hostname()).url() : address.url())
                .orElse("");
    }
}
