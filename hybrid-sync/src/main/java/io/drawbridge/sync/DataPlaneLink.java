package io.drawbridge.sync;

import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.store.DataPlaneRow;
import io.drawbridge.sync.Standing.State;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketBase;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to one data plane: what it was offered, what it says that it has. One frame is on its way at a time; what
 * comes meanwhile waits, and only the newest of it. A configuration that it refused is not offered to it again. Confined to the
 * control plane's context.
 */
final class DataPlaneLink {
    static final String NOTHING = "0".repeat(32);
    /* A data plane says what it has every 30 s, and right after it tried to apply something. */
    private static final Duration REGULAR = Duration.ofSeconds(25);
    /* One that fails at once when it gets a configuration comes back without a word; twice is no accident. */
    private static final Duration SUDDEN = Duration.ofSeconds(5);
    /* Frames that it sends while what is sent to it waits: each PING is answered, and the answers wait too. */
    private static final int UNREAD_MAX = 1000;
    private static final int REASON_MAX = 500;
    private static final Logger LOG = LoggerFactory.getLogger(DataPlaneLink.class);

    private final Vertx vertx;
    private final WebSocketBase socket;
    private final PeerInfo info;
    private final SyncOptions options;
    private final Fleet fleet;
    private final Standing standing;
    private boolean heard;
    private long offeredAtNanos;
    private Duration patience;
    private long timer = -1;
    private boolean closed;
    /* A frame is handed over and not on the wire yet: nothing more is handed over, however slowly the other side reads. */
    private boolean writing;
    private int unread;

    DataPlaneLink(Vertx vertx, WebSocketBase socket, PeerInfo info, SyncOptions options, Fleet fleet) {
        this.vertx = vertx;
        this.socket = socket;
        this.info = info;
        this.options = options;
        this.fleet = fleet;
        this.standing = new Standing(info);
        this.patience = options.timing().silentAfter();
    }

    /** Waits a moment for the data plane to say what it has, so that it does not get what it has already. */
    void greet() {
        later(options.timing().greeting(), this::offer);
    }

    void frame(WebSocketFrame frame) {
        if (closed || socket.isClosed()) {
            return;
        }
        unread = socket.writeQueueFull() ? unread + 1 : 0;
        if (unread > UNREAD_MAX) {
            close(4004, "it writes and does not read");
            return;
        }
        if (frame.isPing()) {
            String said = frame.binaryData().toString(StandardCharsets.ISO_8859_1);
            if (said.length() == NOTHING.length()) {
                has(said);
            } else {
                LOG.warn("received a ping frame from the data plane with an invalid hash id={}", info.id());
            }
        } else if (frame.isBinary() && frame.isFinal()) {
            report(frame);
        }
    }

    /** There is something newer, or it is time to try again. */
    void offer() {
        offer(false);
    }

    private void offer(boolean ahead) {
        Optional<ConfigSnapshot> newest = fleet.newest();
        boolean underWay = standing.state() == State.OFFERED || writing;
        if (closed || underWay || newest.isEmpty()) {
            return;
        }
        ConfigSnapshot snapshot = newest.get();
        if (snapshot.digest().equals(standing.hash())) {
            acked(snapshot);
            return;
        }
        standing.behind();
        Optional<Compatibility.Refusal> unfit = Compatibility.plugins(info.plugins(), fleet.plugins());
        if (unfit.isPresent() && options.unfit() != Unfit.WITHHOLD_PLUGINS) {
            blocked(unfit.get().status(), unfit.get().reason());
        } else if (fleet.refused(info.id(), snapshot.digest())) {
            rejected("refused before", snapshot);
        } else {
            standing.offer(snapshot);
            fleet.changed(this);
            offeredAtNanos = System.nanoTime();
            frame().onComplete(
                            payload -> send(snapshot, payload, ahead),
                            failure -> blocked(SyncStatus.UNKNOWN, failure.getMessage()));
        }
    }

    private void send(ConfigSnapshot snapshot, Payload payload, boolean ahead) {
        if (closed || standing.offered() != snapshot) {
            return;
        }
        standing.trimmed(payload.trimmed());
        Optional<String> wrong = Compatibility.unsendable(info, options.unfit(), payload);
        if (wrong.isPresent()) {
            blocked(SyncStatus.UNKNOWN, wrong.get());
            return;
        }
        to(State.OFFERED, SyncStatus.NORMAL, "");
        standing.sent().now(payload, standing.hash());
        if (payload.delta()) {
            write(payload);
        } else {
            fleet.admit(() -> writeIfNewest(payload), ahead);
        }
    }

    private Future<Void> write(Payload payload) {
        offeredAtNanos = System.nanoTime();
        later(patience, this::silent);
        if (closed) {
            return Future.succeededFuture();
        }
        writing = true;
        return socket.writeFinalBinaryFrame(payload.frame()).onComplete(written -> {
            writing = false;
            if (standing.state() == State.SILENT) {
                later(patience, this::offer);
            } else {
                offer();
            }
        });
    }

    /* What waited for its turn until something newer came is not sent. */
    private Future<Void> writeIfNewest(Payload payload) {
        boolean newest =
                fleet.newest().map(now -> now.digest().equals(payload.digest())).orElse(false);
        if (newest || closed) {
            return write(payload);
        }
        to(State.CONNECTED, "");
        offer(true);
        return Future.succeededFuture();
    }

    private Future<Payload> frame() {
        LevelView.Level level = Compatibility.level(info, options.unfit(), fleet.plugins());
        return info.delta()
                ? fleet.own(
                        level, standing.sent().wholeNext() || standing.state() == State.SILENT ? "" : standing.hash())
                : fleet.payload(level);
    }

    /** The data plane says which configuration it has. */
    private void has(String digest) {
        boolean unexpected = standing.heard().compareTo(REGULAR) < 0 && heard;
        boolean same = digest.equals(standing.hash());
        heard = true;
        if (standing.answers(digest)) {
            taken(digest);
            return;
        }
        standing.hash(digest);
        fleet.changed(this);
        if (standing.state() == State.OFFERED) {
            if (same && unexpected && !info.delta()) {
                fleet.refuse(info.id(), standing.offered().digest());
                rejected("it did not take the configuration over; the reason is in its own log", standing.offered());
            }
        } else if (standing.state() != State.SILENT) {
            offer();
        }
    }

    private void report(WebSocketFrame frame) {
        Optional<PlaneReport> told = PlaneReport.of(frame.binaryData());
        if (told.isEmpty()) {
            LOG.warn(
                    "data plane sent what is no report id={} bytes={}",
                    info.id(),
                    frame.binaryData().length());
            return;
        }
        PlaneReport report = told.get();
        switch (report.kind()) {
            case TAKEN -> taken(String.valueOf(report.digest()));
            case REFUSED -> {
                ConfigSnapshot offered = standing.offered();
                if (offered != null
                        && (report.digest() == null || report.digest().equals(offered.digest()))) {
                    refused(report);
                }
            }
            case OTHER -> LOG.debug("data plane said something else id={}", info.id());
        }
    }

    private void refused(PlaneReport report) {
        ConfigSnapshot offered = standing.offered();
        if (report.whole() && standing.sent().again()) {
            LOG.warn(
                    "data plane needs the configuration as a whole id={} hostname={} digest={} reason={}",
                    info.id(),
                    info.hostname(),
                    offered.digest(),
                    report.reason());
            to(State.CONNECTED, "");
            offer();
        } else {
            fleet.refuse(info.id(), offered.digest());
            rejected(report.reason(), offered);
        }
    }

    private void taken(String digest) {
        standing.hash(digest);
        fleet.changed(this);
        if (standing.answers(digest)) {
            acked(standing.offered());
            offer();
        }
    }

    private void acked(ConfigSnapshot snapshot) {
        boolean newest = fleet.newest()
                .map(now -> now.digest().equals(snapshot.digest()))
                .orElse(true);
        standing.acked(snapshot, newest);
        fleet.changed(this);
        patience = options.timing().silentAfter();
        cancel();
    }

    private void silent() {
        if (standing.state() != State.OFFERED) {
            return;
        }
        String digest = standing.offered().digest();
        LOG.warn(
                "data plane does not acknowledge id={} hostname={} digest={} waited={}",
                info.id(),
                info.hostname(),
                digest,
                patience);
        to(State.SILENT, "no acknowledgement of " + digest);
        patience = patience.multipliedBy(2).compareTo(options.timing().retryMax()) < 0
                ? patience.multipliedBy(2)
                : options.timing().retryMax();
        later(patience, this::offer);
    }

    private void rejected(String why, ConfigSnapshot snapshot) {
        cancel();
        String told = why.length() > REASON_MAX ? why.substring(0, REASON_MAX) : why;
        LOG.warn(
                "data plane rejected a configuration id={} hostname={} digest={} reason={}",
                info.id(),
                info.hostname(),
                snapshot.digest(),
                told);
        to(State.REJECTED, told);
    }

    private void blocked(SyncStatus now, String why) {
        if (standing.state() != State.BLOCKED || !why.equals(standing.reason())) {
            LOG.warn(
                    "unable to send updated configuration to data plane id={} hostname={} reason={}",
                    info.id(),
                    info.hostname(),
                    why);
        }
        cancel();
        to(State.BLOCKED, now, why);
    }

    /** The connection is over. */
    void gone() {
        closed = true;
        cancel();
        boolean sudden = System.nanoTime() - offeredAtNanos < SUDDEN.toNanos();
        if (standing.state() == State.OFFERED && sudden && !info.delta()) {
            fleet.lost(info.id(), standing.offered().digest());
        }
        fleet.changed(this);
    }

    void close(int code, String why) {
        socket.close((short) code, why);
    }

    PeerInfo info() {
        return info;
    }

    DataPlaneRow row(long ttlSeconds) {
        return standing.row(ttlSeconds);
    }

    JsonObject details() {
        return standing.details(
                !closed, fleet.newest().map(now -> now.position().revision()).orElse(-1L));
    }

    private void to(State next, String why) {
        standing.to(next, why);
        fleet.changed(this);
    }

    private void to(State next, SyncStatus now, String why) {
        standing.to(next, now, why);
        fleet.changed(this);
    }

    private void later(Duration time, Runnable what) {
        cancel();
        timer = vertx.setTimer(Math.max(1, time.toMillis()), fired -> {
            timer = -1;
            what.run();
        });
    }

    private void cancel() {
        if (timer >= 0) {
            vertx.cancelTimer(timer);
            timer = -1;
        }
    }
}
