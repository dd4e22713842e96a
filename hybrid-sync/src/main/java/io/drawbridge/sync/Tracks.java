package io.drawbridge.sync;

import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.migration.Release;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Frames for data planes of ours: each is made once, whoever needs it, and off the event loop. Confined to the control plane's
 * context.
 */
final class Tracks {
    /* Levels of which it is known what they had; the one that nobody asked for longest goes. */
    private static final int TRACKS_MAX = 8;

    private final Vertx vertx;
    private final Release own;
    private final Map<LevelView.Level, Turns> tracks = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<LevelView.Level, Turns> eldest) {
            return size() > TRACKS_MAX;
        }
    };
    private final Map<Key, Future<Payload>> frames = new HashMap<>();
    private String newest = "";

    private record Key(LevelView.Level level, String base) {}

    /** @param own release of the control plane */
    Tracks(Vertx vertx, Release own) {
        this.vertx = vertx;
        this.own = own;
    }

    /**
     * What leads a data plane to a configuration.
     *
     * @param snapshot the newest that there is
     * @param base digest of what it has; empty: it needs a whole one
     */
    Future<Payload> frame(LevelView.Level level, ConfigSnapshot snapshot, String base) {
        if (!snapshot.digest().equals(newest)) {
            newest = snapshot.digest();
            frames.clear();
        }
        return frames.computeIfAbsent(
                new Key(level, base),
                key -> tracks.computeIfAbsent(level, each -> new Turns(new Track(each, own)))
                        .frame(vertx, snapshot, base));
    }

    /** A track, one call at a time. */
    private static final class Turns {
        private final Track track;
        private Future<Payload> last = Future.succeededFuture();

        Turns(Track track) {
            this.track = track;
        }

        Future<Payload> frame(Vertx vertx, ConfigSnapshot snapshot, String base) {
            last = last.transform(before -> vertx.executeBlocking(
                    () -> {
                        track.advance(snapshot);
                        return track.since(base).orElseGet(track::whole);
                    },
                    false));
            return last;
        }
    }
}
