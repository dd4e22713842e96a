package io.drawbridge.sync;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.HostAndPort;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection of a data plane to a control plane, made again for as long as it is wanted: to the next one after a failure,
 * after a random time that grows. Files of certificates are read for each attempt. Confined to one context.
 */
final class Uplink {
    private static final int DOUBLINGS_MAX = 20;
    private static final int REASON_MAX = 400;
    /* How long an attempt that is under way may take to notice that it is not wanted any more. */
    private static final long ATTEMPT_MILLIS = 1000;
    private static final Logger LOG = LoggerFactory.getLogger(Uplink.class);

    private final Vertx vertx;
    private final Context context;
    private final DataPlaneOptions options;
    private final Events events;
    private int address;
    private int failures;
    private boolean wanted;
    /* Of the connection that there is, or of the attempt; a client that nobody refers to is closed. */
    private WebSocketClient client;
    private WebSocket socket;
    private long began;
    private long heard;
    private long timer = -1;
    private Future<Void> attempt = Future.succeededFuture();

    /** What becomes of a connection. Called on the context. */
    interface Events {
        /** What the data plane says of itself first. */
        Buffer hello();

        /** What it has. */
        String digest();

        void up(HostAndPort controlPlane);

        /** A whole message: nothing but its size was looked at. */
        void message(Buffer data);

        void down(String why);
    }

    Uplink(Vertx vertx, Context context, DataPlaneOptions options, Events events) {
        this.vertx = vertx;
        this.context = context;
        this.options = options;
        this.events = events;
        this.address =
                ThreadLocalRandom.current().nextInt(options.controlPlanes().size());
    }

    void start() {
        wanted = true;
        connect();
    }

    Future<Void> stop() {
        wanted = false;
        cancel();
        WebSocketClient last = client;
        client = null;
        Future<Void> said = socket == null ? Future.succeededFuture() : socket.close((short) 1001, "data plane stops");
        socket = null;
        return said.otherwiseEmpty()
                .compose(gone -> last == null ? Future.succeededFuture() : last.close())
                .eventually(() ->
                        attempt.timeout(ATTEMPT_MILLIS, TimeUnit.MILLISECONDS).otherwiseEmpty());
    }

    /** Says what the data plane has. */
    void ping() {
        if (socket != null) {
            socket.writePing(Buffer.buffer(events.digest())).onFailure(failure -> LOG.debug("ping failed", failure));
        }
    }

    void send(Buffer message) {
        if (socket != null) {
            socket.writeFinalBinaryFrame(message).onFailure(failure -> LOG.debug("message not sent", failure));
        }
    }

    private void connect() {
        timer = -1;
        HostAndPort to = options.controlPlanes().get(address);
        String name = options.tls().authority().isEmpty()
                ? ClusterTls.SHARED_NAME
                : options.serverName().orElse(to.host());
        Future<WebSocket> opening = vertx.executeBlocking(() -> PlaneTls.options(options.tls(), name), false)
                .compose(tls -> {
                    if (!wanted) {
                        return Future.failedFuture("stopped");
                    }
                    client = vertx.createWebSocketClient(sized(tls));
                    return client.connect(new WebSocketConnectOptions()
                            .setHost(to.host())
                            .setPort(to.port())
                            .setTimeout(options.timing().timeout().toMillis())
                            .setURI(ControlPlane.PATH + "?node_id=" + options.id() + "&node_hostname="
                                    + options.hostname() + "&node_version=" + options.version()));
                });
        attempt = opening.mapEmpty();
        opening.onComplete(
                opened -> context.runOnContext(here -> connected(to, opened)),
                failure -> context.runOnContext(here -> ended(null, to, reason(failure))));
    }

    private WebSocketClientOptions sized(WebSocketClientOptions tls) {
        return tls.setMaxFrameSize(options.frameMax())
                .setMaxMessageSize(options.frameMax())
                .setTryUsePerFrameCompression(false)
                .setTryUsePerMessageCompression(false)
                .setConnectTimeout((int) options.timing().timeout().toMillis())
                .setSslHandshakeTimeout(options.timing().timeout().toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setReadIdleTimeout((int) options.timing().silence().toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setTcpKeepAlive(true);
    }

    private void connected(HostAndPort to, WebSocket opened) {
        if (!wanted) {
            opened.close();
            return;
        }
        socket = opened;
        began = System.nanoTime();
        heard = began;
        String[] broken = {null};
        opened.exceptionHandler(failure -> broken[0] = reason(failure));
        opened.closeHandler(over -> context.runOnContext(here -> ended(opened, to, closed(opened, broken[0]))));
        opened.pongHandler(pong -> heard = System.nanoTime());
        opened.binaryMessageHandler(data -> {
            if (socket == opened) {
                heard = System.nanoTime();
                events.message(data);
            }
        });
        events.up(to);
        send(events.hello());
        ping();
        regularly();
    }

    private void regularly() {
        long wait = options.timing().ping().toMillis();
        timer = vertx.setTimer(wait, due -> {
            ping();
            regularly();
        });
    }

    private void ended(WebSocket which, HostAndPort to, String why) {
        if (!wanted || which != socket) {
            return;
        }
        cancel();
        boolean lasted = socket != null
                && System.nanoTime() - began > options.timing().retryMax().toNanos();
        socket = null;
        if (client != null) {
            client.close();
            client = null;
        }
        failures = lasted ? 0 : Math.min(failures + 1, DOUBLINGS_MAX);
        address = (address + 1) % options.controlPlanes().size();
        Duration wait = wait(failures);
        LOG.warn("no connection to control plane address={} retry={} reason={}", to, wait, why);
        events.down(to + ": " + why);
        timer = vertx.setTimer(Math.max(1, wait.toMillis()), due -> connect());
    }

    /* Any time up to a limit that doubles: those who lost the same control plane do not come back together. */
    private Duration wait(int attempts) {
        long most = options.timing().retryBase().toMillis() << Math.max(0, attempts - 1);
        long limit = Math.min(options.timing().retryMax().toMillis(), most);
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(limit + 1));
    }

    private void cancel() {
        if (timer >= 0) {
            vertx.cancelTimer(timer);
            timer = -1;
        }
    }

    private String closed(WebSocket over, String broken) {
        if (broken != null) {
            return broken;
        }
        if (System.nanoTime() - heard >= options.timing().silence().toNanos()) {
            return "nothing came for " + options.timing().silence();
        }
        return over.closeStatusCode() == null
                ? "the control plane broke the connection off"
                : "the control plane closed the connection: " + over.closeStatusCode()
                        + (over.closeReason() == null ? "" : " " + over.closeReason());
    }

    private static String reason(Throwable failure) {
        if (failure instanceof UpgradeRejectedException rejected) {
            return "the control plane refused this node with HTTP status " + rejected.getStatus();
        }
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String text = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
        return text.length() > REASON_MAX ? text.substring(0, REASON_MAX) : text;
    }
}
