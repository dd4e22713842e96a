package io.drawbridge.sync;

import io.drawbridge.core.config.Changes;
import io.drawbridge.sync.DataPlaneState.Refusal;
import io.drawbridge.sync.DataPlaneState.Source;
import io.vertx.core.net.HostAndPort;
import java.time.Instant;
import java.util.Optional;

/** What happened to a data plane, counted. Told by one context; read by anybody. */
final class Tally {
    private static final int REASON_MAX = 500;

    private Optional<String> connectedTo = Optional.empty();
    private Optional<Instant> since = Optional.empty();
    private Source source = Source.NONE;
    private String digest = DataPlaneLink.NOTHING;
    private Changes.Position position = Changes.Position.none();
    private Optional<String> away = Optional.empty();
    private Optional<String> unsaved = Optional.empty();
    private Optional<Refusal> refusal = Optional.empty();
    private long full;
    private long delta;
    private long gaps;
    private long refused;
    private volatile DataPlaneState state = DataPlaneState.initial();

    DataPlaneState state() {
        return state;
    }

    void up(HostAndPort controlPlane) {
        connectedTo = Optional.of(controlPlane.toString());
        since = Optional.of(Instant.now());
        away = Optional.empty();
        publish();
    }

    void down(String why) {
        connectedTo = Optional.empty();
        since = Optional.empty();
        away = Optional.of(why);
        publish();
    }

    void uses(Content content, Source from) {
        source = from;
        digest = content.digest();
        position = content.snapshot().position();
        publish();
    }

    void applied(Content content, boolean whole) {
        full += whole ? 1 : 0;
        delta += whole ? 0 : 1;
        uses(content, Source.CONTROL_PLANE);
    }

    /** @param failure null: the file has what is in use */
    void kept(Throwable failure) {
        unsaved = Optional.ofNullable(failure).map(Throwable::toString);
        publish();
    }

    void refused(SyncException why) {
        gaps += why.code() == SyncException.Code.GAP ? 1 : 0;
        refused++;
        String told = why.told();
        refusal = Optional.of(new Refusal(
                Instant.now(),
                why.digest().orElse(""),
                told.length() > REASON_MAX ? told.substring(0, REASON_MAX) : told));
        publish();
    }

    private void publish() {
        state = new DataPlaneState(
                connectedTo, since, source, digest, position, away, unsaved, refusal, full, delta, gaps, refused);
    }
}
