package io.drawbridge.sync;

import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.store.DataPlaneRow;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** What is known of one data plane, as it is told to people and written down. Confined to the control plane's context. */
final class Standing {
    /** What a data plane is at. */
    enum State {
        CONNECTED,
        OFFERED,
        ACKED,
        SILENT,
        REJECTED,
        BLOCKED
    }

    private final PeerInfo info;
    private final Sent sent = new Sent();
    private State state = State.CONNECTED;
    private SyncStatus status = SyncStatus.UNKNOWN;
    private String reason = "";
    private String hash = DataPlaneLink.NOTHING;
    private long heardAtNanos = System.nanoTime();
    private ConfigSnapshot offered;
    private ConfigSnapshot acked;
    private LevelView.Trimmed trimmed;
    private boolean behind;
    private long behindSinceNanos;

    Standing(PeerInfo info) {
        this.info = info;
    }

    State state() {
        return state;
    }

    String reason() {
        return reason;
    }

    /** The same status as before, in another state. */
    void to(State next, String why) {
        to(next, status, why);
    }

    void to(State next, SyncStatus now, String why) {
        state = next;
        status = now;
        reason = why;
        if (!awaited()) {
            offered = null;
        }
    }

    /** Whether an answer to what was offered may still come. */
    private boolean awaited() {
        return state == State.OFFERED || state == State.SILENT;
    }

    /** Which configuration it has, as it says. */
    String hash() {
        return hash;
    }

    void hash(String said) {
        hash = said;
    }

    /** It gave a sign of life. @return how long ago the one before was */
    Duration heard() {
        long before = heardAtNanos;
        heardAtNanos = System.nanoTime();
        return Duration.ofNanos(heardAtNanos - before);
    }

    /** What was offered and not answered yet; null: nothing. */
    ConfigSnapshot offered() {
        return offered;
    }

    void offer(ConfigSnapshot snapshot) {
        to(State.OFFERED, "");
        offered = snapshot;
    }

    /** Whether this is the answer to what was offered. */
    boolean answers(String digest) {
        return awaited() && offered != null && digest.equals(offered.digest());
    }

    Sent sent() {
        return sent;
    }

    void trimmed(LevelView.Trimmed report) {
        trimmed = report;
    }

    /** There is something newer than what it has. */
    void behind() {
        if (!behind) {
            behind = true;
            behindSinceNanos = System.nanoTime();
        }
    }

    /** It uses this. @param newest whether there is nothing newer */
    void acked(ConfigSnapshot snapshot, boolean newest) {
        acked = snapshot;
        sent.taken();
        behind = !newest;
        to(State.ACKED, SyncStatus.NORMAL, "");
    }

    DataPlaneRow row(long ttlSeconds) {
        long seen = System.currentTimeMillis() / 1000
                - Duration.ofNanos(System.nanoTime() - heardAtNanos).toSeconds();
        return new DataPlaneRow(
                info.id(), info.hostname(), info.ip(), hash, info.version(), status.text(), seen, ttlSeconds);
    }

    /** What Kong's clients do not know, for people. @param newest revision that there is; -1: none */
    JsonObject details(boolean connected, long newest) {
        JsonObject details = new JsonObject().put("state", state.name().toLowerCase(Locale.ROOT));
        details.put("connected", connected).put("reason", reason.isEmpty() ? null : reason);
        details.put("offered_hash", offered == null ? null : offered.digest());
        details.put("acked_hash", acked == null ? null : acked.digest());
        details.put("acked_revision", acked == null ? null : acked.position().revision());
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
}
