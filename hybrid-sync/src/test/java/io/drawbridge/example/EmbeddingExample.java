package io.drawbridge.example;

import io.drawbridge.core.config.ConfigSink;
import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.entity.Entity;
import io.drawbridge.sync.ClusterTls;
import io.drawbridge.sync.DataPlane;
import io.drawbridge.sync.DataPlaneOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.HostAndPort;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A gateway of one's own that gets its configuration from a control plane: a Vert.x program with hybrid-sync and nothing else of
 * Drawbridge. It only remembers where services are; yours would route by it.
 */
public final class EmbeddingExample implements ConfigSink {
    private final DataPlane dataPlane;
    private volatile Map<String, String> services = Map.of();

    /**
     * @param controlPlane where it listens
     * @param folder has {@code cluster.crt} and {@code cluster.key}; what was good last is kept in it
     */
    public EmbeddingExample(Vertx vertx, HostAndPort controlPlane, Path folder) {
        ClusterTls tls = ClusterTls.shared(folder.resolve("cluster.crt"), folder.resolve("cluster.key"), List.of());
        UUID id =
                UUID.nameUUIDFromBytes(folder.toString().getBytes(StandardCharsets.UTF_8)); // the same after a restart
        Map<String, String> plugins = Map.of("key-auth", "2.4.0", "acl", "3.0.1"); // what this gateway can do
        dataPlane = new DataPlane(
                vertx,
                DataPlaneOptions.defaults(
                        List.of(controlPlane), tls, id, "my-gateway", "2.5.0", plugins, folder.resolve("kept")),
                this);
    }

    /** Serves what was good last, if there is something, whether or not the control plane answers. */
    public Future<Void> start() {
        return dataPlane.start();
    }

    public Future<Void> stop() {
        return dataPlane.stop();
    }

    /** Called with each new configuration, one at a time. A future that fails leaves the one before in use. */
    @Override
    public Future<Void> apply(ConfigSnapshot config) {
        Map<String, String> next = new TreeMap<>();
        for (Entity service : config.all("services")) {
            next.put((String) service.get("name"), service.get("host") + ":" + service.get("port"));
        }
        services = next;
        return Future.succeededFuture();
    }

    /** Addresses by name. */
    public Map<String, String> services() {
        return services;
    }
}
