package io.drawbridge.sync;

import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.store.DataPlaneRow;
import io.drawbridge.migration.Release;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketBase;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
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

    /** What a data plane is at. */
    enum State {
        CONNECTED,
        OFFERED,
        ACKED,
        SILENT,
        REJECTED,
        BLOCKED
    }

    private final Vertx vertx;
    private final WebSocketBase socket;
    private final PeerInfo info;
    private final SyncOptions options;
    private final Fleet fleet;
    private State state = State.CONNECTED;
    private SyncStatus status = SyncStatus.UNKNOWN;
    private String hash = NOTHING;
    private String reason = "";
    private boolean heard;
    private long heardAtNanos = System.nanoTime();
    private ConfigSnapshot offered;
    private long offeredAtNanos;
    private ConfigSnapshot acked;
    private LevelView.Trimmed trimmed;
    private Duration patience;
    private long timer = -1;
    private boolean closed;
    /* A frame is handed over and not on the wire yet: nothing more is handed over, however slowly the other side reads. */
    private boolean writing;
    private int unread;
    private boolean behind;
    private long behindSinceNanos;
    private final Sent sent = new Sent();

    DataPlaneLink(Vertx vertx, WebSocketBase socket, PeerInfo info, SyncOptions options, Fleet fleet) {
        this.vertx = vertx;
        this.socket = socket;
        this.info = info;
        this.options = options;
        this.fleet = fleet;
        this.patience = options.silentAfter();
    }

    /** Waits a moment for the data plane to say what it has, so that it does not get what it has already. */
    void greet() {
        later(options.greeting(), this::offer);
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
        boolean underWay = state == State.OFFERED || writing;
        if (closed || underWay || newest.isEmpty()) {
            return;
        }
        ConfigSnapshot snapshot = newest.get();
        if (snapshot.digest().equals(hash)) {
            acked(snapshot);
            return;
        }
        if (!behind) {
            behind = true;
            behindSinceNanos = System.nanoTime();
        }
        Optional<Compatibility.Refusal> unfit = Compatibility.plugins(info.plugins(), fleet.plugins());
        if (unfit.isPresent() && options.unfit() != Unfit.WITHHOLD_PLUGINS) {
            blocked(unfit.get().status(), unfit.get().reason());
        } else if (fleet.refused(info.id(), snapshot.digest())) {
            rejected("refused before", snapshot);
        } else {
            to(State.OFFERED, status, "");
            offered = snapshot;
            offeredAtNanos = System.nanoTime();
            frame().onComplete(
                            payload -> send(snapshot, payload, ahead),
                            failure -> blocked(SyncStatus.UNKNOWN, failure.getMessage()));
        }
    }

    private void send(ConfigSnapshot snapshot, Payload payload, boolean ahead) {
        if (closed || offered != snapshot) {
            return;
        }
        trimmed = payload.trimmed();
        Optional<String> wrong = wrong(payload);
        if (wrong.isPresent()) {
            blocked(SyncStatus.UNKNOWN, wrong.get());
            return;
        }
        to(State.OFFERED, SyncStatus.NORMAL, "");
        sent.now(payload, hash);
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
            if (state == State.SILENT) {
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
        to(State.CONNECTED, status, "");
        offer(true);
        return Future.succeededFuture();
    }

    private Future<Payload> frame() {
        return info.delta()
                ? fleet.own(level(), sent.wholeNext() || state == State.SILENT ? "" : hash)
                : fleet.payload(level());
    }

    private LevelView.Level level() {
        Release release = DataPlaneRow.release(info.version()).orElseThrow();
        return new LevelView.Level(
                release,
                options.unfit() == Unfit.WITHHOLD_PLUGINS
                        ? Compatibility.missing(info.plugins(), fleet.plugins())
                        : Set.of());
    }

    private Optional<String> wrong(Payload payload) {
        int size = payload.frame().length();
        if (size > info.payloadMax()) {
            return Optional.of("its limit for a configuration is " + info.payloadMax() + " bytes, this one has " + size
                    + "; raise cluster_max_payload there");
        }
        List<Fitness.Withheld> unfit = trimmed.withheld();
        return options.unfit() == Unfit.BLOCK && !unfit.isEmpty()
                ? Optional.of(unfit.size() + " rows do not fit; " + unfit.get(0).type() + " "
                        + unfit.get(0).id() + ", " + unfit.get(0).reason())
                : trimmed.blocked();
    }

    /** The data plane says which configuration it has. */
    private void has(String digest) {
        boolean unexpected = heard && System.nanoTime() - heardAtNanos < REGULAR.toNanos();
        boolean same = digest.equals(hash);
        heard = true;
        heardAtNanos = System.nanoTime();
        hash = digest;
        fleet.changed(this);
        boolean waiting = state == State.OFFERED || state == State.SILENT;
        if (waiting && offered != null && digest.equals(offered.digest())) {
            taken(digest);
        } else if (state == State.OFFERED && same && unexpected && !info.delta()) {
            fleet.refuse(info.id(), offered.digest());
            rejected("it did not take the configuration over; the reason is in its own log", offered);
        } else if (state != State.OFFERED && state != State.SILENT) {
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
                if (offered != null
                        && (report.digest() == null || report.digest().equals(offered.digest()))) {
                    refused(report);
                }
            }
            case OTHER -> LOG.debug("data plane said something else id={}", info.id());
        }
    }

    private void refused(PlaneReport report) {
        if (report.whole() && sent.again()) {
            LOG.warn(
                    "data plane needs the configuration as a whole id={} hostname={} digest={} reason={}",
                    info.id(),
                    info.hostname(),
                    offered.digest(),
                    report.reason());
            to(State.CONNECTED, status, "");
            offer();
        } else {
            fleet.refuse(info.id(), offered.digest());
            rejected(report.reason(), offered);
        }
    }

    private void taken(String digest) {
        hash = digest;
        fleet.changed(this);
        boolean waiting = state == State.OFFERED || state == State.SILENT;
        if (waiting && offered != null && digest.equals(offered.digest())) {
            acked(offered);
            offer();
        }
    }

    private void acked(ConfigSnapshot snapshot) {
        acked = snapshot;
        sent.taken();
        patience = options.silentAfter();
        behind = fleet.newest()
                .map(now -> !now.digest().equals(snapshot.digest()))
                .orElse(false);
        cancel();
        to(State.ACKED, SyncStatus.NORMAL, "");
    }

    private void silent() {
        if (state != State.OFFERED) {
            return;
        }
        LOG.warn(
                "data plane does not acknowledge id={} hostname={} digest={} waited={}",
                info.id(),
                info.hostname(),
                offered.digest(),
                patience);
        to(State.SILENT, status, "no acknowledgement of " + offered.digest());
        patience = patience.multipliedBy(2).compareTo(options.retryMax()) < 0
                ? patience.multipliedBy(2)
                : options.retryMax();
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
        to(State.REJECTED, status, told);
    }

    private void blocked(SyncStatus now, String why) {
        if (state != State.BLOCKED || !why.equals(reason)) {
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
        if (state == State.OFFERED && sudden && !info.delta()) {
            fleet.lost(info.id(), offered.digest());
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
        long seen = System.currentTimeMillis() / 1000
                - Duration.ofNanos(System.nanoTime() - heardAtNanos).toSeconds();
        return new DataPlaneRow(
                info.id(), info.hostname(), info.ip(), hash, info.version(), status.text(), seen, ttlSeconds);
    }

    /** What Kong's clients do not know, for people. */
    JsonObject details() {
        JsonObject details = new JsonObject().put("state", state.name().toLowerCase(Locale.ROOT));
        details.put("connected", !closed).put("reason", reason.isEmpty() ? null : reason);
        details.put("offered_hash", offered == null ? null : offered.digest());
        details.put("acked_hash", acked == null ? null : acked.digest());
        details.put("acked_revision", acked == null ? null : acked.position().revision());
        long newest = fleet.newest().map(now -> now.position().revision()).orElse(-1L);
        details.put(
                "lag_revisions",
                acked == null ? null : Math.max(0, newest - acked.position().revision()));
        sent.tell(details);
        details.put(
                "lag_seconds",
                behind ? Duration.ofNanos(System.nanoTime() - behindSinceNanos).toSeconds() : 0);
        LevelView.tell(Optional.ofNullable(trimmed), details);
        return details;
    }

    private void to(State next, SyncStatus now, String why) {
        if (next != State.OFFERED && next != State.SILENT) {
            offered = null;
        }
        state = next;
        status = now;
        reason = why;
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
