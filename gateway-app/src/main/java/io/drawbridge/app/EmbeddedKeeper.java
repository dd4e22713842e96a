package io.drawbridge.app;

import io.drawbridge.postgres.EmbeddedPostgres;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the embedded server started again when it died under a running node; of several nodes one does it. Goes on until its
 * Vert.x is closed. Thread-safe.
 */
record EmbeddedKeeper(Vertx vertx, EmbeddedPostgres.Lease server, Duration interval) {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedKeeper.class);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(30);

    void start() {
        lookIn(interval);
    }

    private void lookIn(Duration pause) {
        vertx.setTimer(
                pause.toMillis(),
                tick -> vertx.executeBlocking(server::revive, false)
                        .onSuccess(revived -> lookIn(interval))
                        .onFailure(failure -> {
                            Duration doubled = pause.multipliedBy(2);
                            Duration next = doubled.compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : doubled;
                            LOG.warn(
                                    "embedded postgres not started again, next try in ms={} reason={}",
                                    next.toMillis(),
                                    failure.getMessage());
                            lookIn(next);
                        }));
    }
}
