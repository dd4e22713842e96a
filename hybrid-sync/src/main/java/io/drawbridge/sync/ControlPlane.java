package io.drawbridge.sync;

import io.drawbridge.core.config.ConfigSink;
import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.store.DataPlaneRow;
import io.drawbridge.core.store.DataPlaneTable;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.OpenSSLEngineOptions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the configuration to data planes. A change is pushed when a moment of quiet has passed; whoever has it already gets
 * nothing. Listens with mutual TLS; certificates are read again when their files change. Thread-safe.
 */
public final class ControlPlane implements ConfigSink {
    static final String PATH = "/v1/outlet";
    private static final int FRAME_MAX = 1024 * 1024;
    private static final long HELLO_MILLIS = 5000;
    private static final long RECORD_MILLIS = 1000;
    private static final long PURGE_MILLIS = 60_000;
    private static final long RELOAD_MILLIS = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);

    private final Vertx vertx;
    private final Context context;
    private final SyncOptions options;
    private final DataPlaneTable table;
    private final Fleet fleet;
    private final Doorkeeper door;
    private final List<Long> timers = new ArrayList<>();
    private HttpServer server;
    private ClusterTls.Loaded certificates;
    private ConfigSnapshot next;
    private long pushTimer = -1;
    private long firstChangeNanos;
    private long pushedNanos;

    /** @param table where what is known of data planes is kept for all control planes */
    public ControlPlane(Vertx vertx, SyncOptions options, DataPlaneTable table) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.options = options;
        this.table = table;
        this.fleet = new Fleet(vertx, options, table);
        this.door = new Doorkeeper(vertx, options, () -> certificates.authorities());
    }

    /** Begins to listen. Fails if a certificate cannot be used or the port is taken. */
    public Future<Void> start() {
        return onContext(() -> vertx.executeBlocking(options.tls()::read, false).compose(tls -> {
            certificates = tls;
            HttpServerOptions http = new HttpServerOptions()
                    .setHost(options.host())
                    .setPort(options.port())
                    .setSsl(true)
                    .setMaxWebSocketFrameSize(FRAME_MAX)
                    .setMaxWebSocketMessageSize(FRAME_MAX)
                    .setPerFrameWebSocketCompressionSupported(false)
                    .setPerMessageWebSocketCompressionSupported(false)
                    .setReadIdleTimeout((int) options.timing().idle().toMillis())
                    .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                    .setTcpNoDelay(true)
                    .setTcpKeepAlive(true);
            http.setKeyCertOptions(tls.options().getKeyCertOptions())
                    .setTrustOptions(tls.options().getTrustOptions())
                    .setClientAuth(tls.options().getClientAuth())
                    .setEnabledSecureTransportProtocols(tls.options().getEnabledSecureTransportProtocols());
            if (OpenSSLEngineOptions.isAvailable()) {
                http.setSslEngineOptions(new OpenSSLEngineOptions());
            } else {
                LOG.warn(
                        "no native TLS on this platform: data planes that ask for {} cannot connect",
                        ClusterTls.SHARED_NAME);
            }
            server = vertx.createHttpServer(http);
            server.webSocketHandshakeHandler(door::handshake);
            server.webSocketHandler(this::connected);
            server.requestHandler(request -> request.response()
                    .setStatusCode(404)
                    .putHeader("Connection", "close")
                    .end());
            server.exceptionHandler(
                    failure -> LOG.warn("connection of a data plane refused reason={}", reason(failure)));
            timers.add(vertx.setPeriodic(RECORD_MILLIS, tick -> fleet.record()));
            timers.add(vertx.setPeriodic(PURGE_MILLIS, tick -> {
                table.purge();
                fleet.identify();
            }));
            timers.add(vertx.setPeriodic(RELOAD_MILLIS, tick -> reload()));
            return fleet.identify().compose(known -> server.listen()).mapEmpty();
        }));
    }

    /** Where it listens. */
    public int port() {
        return server.actualPort();
    }

    /** Says goodbye to data planes and stops listening. Does not fail. */
    public Future<Void> stop() {
        return onContext(() -> {
                    timers.forEach(vertx::cancelTimer);
                    List.copyOf(fleet.links()).forEach(link -> link.close(1001, "control plane stops"));
                    fleet.record();
                    return server == null ? Future.<Void>succeededFuture() : server.close();
                })
                .otherwiseEmpty();
    }

    @Override
    public Future<Void> apply(ConfigSnapshot snapshot) {
        return onContext(() -> {
            long now = System.nanoTime();
            if (fleet.newest().isEmpty()) {
                pushedNanos = now;
                fleet.offer(snapshot);
                return Future.succeededFuture();
            }
            if (next == null) {
                firstChangeNanos = now;
            }
            next = snapshot;
            if (pushTimer >= 0) {
                vertx.cancelTimer(pushTimer);
            }
            pushTimer = vertx.setTimer(waitMillis(now), fired -> {
                ConfigSnapshot newest = next;
                next = null;
                pushTimer = -1;
                pushedNanos = System.nanoTime();
                fleet.offer(newest);
            });
            return Future.succeededFuture();
        });
    }

    private long waitMillis(long now) {
        long patience =
                options.timing().patience().minusNanos(now - firstChangeNanos).toMillis();
        long gap = options.timing().gap().minusNanos(now - pushedNanos).toMillis();
        return Math.max(
                1, Math.min(patience, Math.max(gap, options.timing().quiet().toMillis())));
    }

    /** What is known here of data planes that are connected here, beyond their rows. */
    public Future<Map<UUID, JsonObject>> details() {
        return onContext(() -> {
            Map<UUID, JsonObject> details = new TreeMap<>();
            fleet.links().forEach(link -> details.put(link.info().id(), link.details()));
            return Future.succeededFuture(details);
        });
    }

    /** Rows of the data planes that are connected here, in the order of ids. */
    public Future<List<DataPlaneRow>> connected() {
        return onContext(() -> Future.succeededFuture(fleet.links().stream()
                .map(link -> link.row(options.purgeAfter().toSeconds()))
                .sorted(Comparator.comparing(DataPlaneRow::id))
                .toList()));
    }

    private void connected(ServerWebSocket socket) {
        long hello = vertx.setTimer(HELLO_MILLIS, late -> socket.close((short) 4000, "no basic_info"));
        socket.exceptionHandler(failure -> LOG.info(
                "connection to data plane broke ip={} reason={}",
                socket.remoteAddress().host(),
                reason(failure)));
        socket.frameHandler(first -> {
            if (first.isPing()) {
                return;
            }
            vertx.cancelTimer(hello);
            socket.frameHandler(ignored -> {});
            Optional<PeerInfo> info = PeerInfo.of(socket, first);
            if (info.isEmpty()) {
                LOG.warn(
                        "failed to receive websocket basic info data ip={}",
                        socket.remoteAddress().host());
                socket.close((short) 4000, "invalid basic_info");
                return;
            }
            begin(socket, info.get());
        });
    }

    private void begin(ServerWebSocket socket, PeerInfo info) {
        DataPlaneLink link = new DataPlaneLink(vertx, socket, info, options, fleet);
        Optional<Compatibility.Refusal> refusal = Compatibility.version(options.release(), info.version());
        if (refusal.isPresent()) {
            LOG.warn(
                    "data plane refused id={} reason={}",
                    info.id(),
                    refusal.get().reason());
            table.seen(List.of(new DataPlaneRow(
                    info.id(),
                    info.hostname(),
                    info.ip(),
                    DataPlaneLink.NOTHING,
                    info.version(),
                    refusal.get().status().text(),
                    0,
                    options.purgeAfter().toSeconds())));
            socket.close((short) 4001, refusal.get().status().text());
            return;
        }
        if (!fleet.join(link)) {
            LOG.warn("too many data planes connections={}", options.linksMax());
            socket.close((short) 4003, "too many data planes");
            return;
        }
        LOG.info(
                "data plane connected id={} hostname={} version={} ip={}",
                info.id(),
                info.hostname(),
                info.version(),
                info.ip());
        socket.frameHandler(link::frame);
        socket.closeHandler(over -> {
            LOG.info("data plane disconnected id={}", info.id());
            fleet.leave(link);
        });
        link.greet();
    }

    /** Files that changed are used for whoever connects from now on; those that cannot be read are not. Does not fail. */
    Future<Void> reload() {
        return onContext(() -> vertx.executeBlocking(options.tls()::read, false)
                .compose(now -> {
                    if (now.contents().equals(certificates.contents())) {
                        return Future.<Void>succeededFuture();
                    }
                    return server.updateSSLOptions(now.options()).<Void>map(changed -> {
                        certificates = now;
                        LOG.info("cluster certificates read again");
                        return null;
                    });
                })
                .recover(failure -> {
                    LOG.warn("cluster certificates cannot be used, keeping the old reason={}", reason(failure));
                    return Future.succeededFuture();
                }));
    }

    private <T> Future<T> onContext(Supplier<Future<T>> work) {
        Promise<T> done = Promise.promise();
        context.runOnContext(here ->
                Future.<Void>succeededFuture().compose(start -> work.get()).onComplete(done));
        return done.future();
    }

    static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
}
