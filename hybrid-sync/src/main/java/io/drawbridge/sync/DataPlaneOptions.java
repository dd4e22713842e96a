package io.drawbridge.sync;

import io.drawbridge.core.store.DataPlaneRow;
import io.drawbridge.migration.Release;
import io.vertx.core.net.HostAndPort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * How a data plane gets its configuration. Immutable.
 *
 * @param controlPlanes where control planes listen: between 1 and 32. It begins with any of them and moves to the next when one fails
 * @param tls whom it believes, and who it is
 * @param serverName the name that a control plane's certificate must have when there is an authority; empty: the host it
 *     connects to. In shared mode the name is always {@link ClusterTls#SHARED_NAME}
 * @param id of this node, the same after a restart
 * @param version of this node, e.g. {@code 2.5.1}
 * @param plugins versions of those that are switched on, by name; an empty text if one has none
 * @param folder where the last good configuration is kept: files of its own, made when there is something to keep
 * @param frameMax largest compressed configuration, in bytes. Default 16 MiB
 * @param configMax largest configuration, in bytes. Default 512 MiB
 * @param timing when it connects, and what it waits for
 */
public record DataPlaneOptions(
        List<HostAndPort> controlPlanes,
        ClusterTls tls,
        Optional<String> serverName,
        UUID id,
        String hostname,
        String version,
        Map<String, String> plugins,
        Path folder,
        int frameMax,
        long configMax,
        Timing timing) {
    public DataPlaneOptions {
        controlPlanes = List.copyOf(controlPlanes);
        plugins = Map.copyOf(plugins);
        if (controlPlanes.isEmpty() || controlPlanes.size() > 32) {
            throw new IllegalArgumentException("there must be between 1 and 32 control planes");
        }
        if (controlPlanes.stream().anyMatch(each -> each.port() < 1 || each.port() > 65_535)) {
            throw new IllegalArgumentException("a control plane is host:port, with a port between 1 and 65535");
        }
        if (DataPlaneRow.release(version).isEmpty()) {
            throw new IllegalArgumentException("a version is like 2.5.1, not " + version);
        }
        if (frameMax < 64 * 1024 || configMax < frameMax) {
            throw new IllegalArgumentException("frameMax must be at least 64 KiB, configMax at least frameMax");
        }
    }

    /**
     * When a data plane connects, and what it waits for. Immutable.
     *
     * @param retryBase after a failure the next attempt is made after any time up to this, which doubles with each one. Default 0.5 s
     * @param retryMax but at most up to this. Default 10 s
     * @param ping how often it says what it has. Default 30 s
     * @param silence a connection on which nothing came for this long is dropped. Default 45 s
     * @param timeout for a connection and its greeting. Default 5 s
     */
    public record Timing(Duration retryBase, Duration retryMax, Duration ping, Duration silence, Duration timeout) {
        public Timing {
            if (retryBase.toMillis() < 1 || retryBase.compareTo(retryMax) > 0) {
                throw new IllegalArgumentException("retryBase must be at least 1 ms and at most retryMax");
            }
            if (ping.toMillis() < 1 || ping.compareTo(silence) >= 0 || timeout.toMillis() < 1) {
                throw new IllegalArgumentException("ping and timeout must be at least 1 ms, silence longer than ping");
            }
        }
    }

    public static DataPlaneOptions defaults(
            List<HostAndPort> controlPlanes,
            ClusterTls tls,
            UUID id,
            String hostname,
            String version,
            Map<String, String> plugins,
            Path folder) {
        Timing timing = new Timing(
                Duration.ofMillis(500),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(45),
                Duration.ofSeconds(5));
        return new DataPlaneOptions(
                controlPlanes,
                tls,
                Optional.empty(),
                id,
                hostname,
                version,
                plugins,
                folder,
                16 * 1024 * 1024,
                512L * 1024 * 1024,
                timing);
    }

    /** With this name for control planes. */
    public DataPlaneOptions naming(String name) {
        return with(Optional.of(name), frameMax, configMax, timing);
    }

    /** With other limits, in bytes. */
    public DataPlaneOptions sizing(int frame, long config) {
        return with(serverName, frame, config, timing);
    }

    /** With another pace. */
    public DataPlaneOptions timing(
            Duration firstRetry, Duration lastRetry, Duration every, Duration drop, Duration greeting) {
        return with(serverName, frameMax, configMax, new Timing(firstRetry, lastRetry, every, drop, greeting));
    }

    private DataPlaneOptions with(Optional<String> name, int frame, long config, Timing when) {
        return new DataPlaneOptions(
                controlPlanes, tls, name, id, hostname, version, plugins, folder, frame, config, when);
    }

    /** Major and minor of {@link #version}. */
    Release release() {
        return DataPlaneRow.release(version).orElseThrow();
    }
}
