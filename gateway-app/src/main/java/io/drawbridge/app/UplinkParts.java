package io.drawbridge.app;

import io.drawbridge.app.options.UplinkOptions;
import io.drawbridge.core.config.ConfigSink;
import io.drawbridge.core.proxy.plugin.PluginKind;
import io.drawbridge.sync.ClusterTls;
import io.drawbridge.sync.DataPlane;
import io.drawbridge.sync.DataPlaneOptions;
import io.vertx.core.net.HostAndPort;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** What makes a node a data plane. */
final class UplinkParts {
    /* Data planes tell a patch level too. */
    private static final String PATCH = ".0";

    private static final long CONFIG_MAX = 512L * 1024 * 1024;

    private UplinkParts() {}

    static DataPlane of(NodeFrame frame, UplinkOptions uplink, List<PluginKind> kinds, ConfigSink sink) {
        ClusterTls tls = uplink.authority()
                .map(authority -> ClusterTls.pki(uplink.certificate(), uplink.key(), authority, Set.of()))
                .orElseGet(() -> ClusterTls.shared(uplink.certificate(), uplink.key(), uplink.also()));
        Map<String, String> versions = new TreeMap<>();
        kinds.forEach(kind -> versions.put(kind.name(), kind.version()));
        DataPlaneOptions options = DataPlaneOptions.defaults(
                        uplink.controlPlanes().stream()
                                .map(each -> HostAndPort.parseAuthority(each, -1))
                                .toList(),
                        tls,
                        UUID.fromString(frame.member()),
                        NodeFrame.hostname(),
                        frame.options().release() + PATCH,
                        versions,
                        frame.options().prefix().resolve("data-plane").resolve(frame.member()))
                .sizing(uplink.payloadMax(), Math.max(CONFIG_MAX, uplink.payloadMax()));
        return new DataPlane(
                frame.vertx(), uplink.serverName().map(options::naming).orElse(options), sink);
    }
}
