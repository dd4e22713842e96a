package io.drawbridge.migration;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's place among the members: announces it, keeps saying that it lives, takes it away on a clean stop. A node
 * announces itself before it reads the gate. Confined to the context that starts it, but for {@link #members}.
 */
public final class Membership {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
    private static final Duration PURGE = Duration.ofHours(24);

    private final Vertx vertx;
    private final MigrationBackend<?> backend;
    private final MigrationOptions options;
    private final Member self;
    private long timer = -1;
    private boolean beating;
    private volatile long drained;

    public Membership(Vertx vertx, MigrationBackend<?> backend, MigrationOptions options) {
        this.vertx = vertx;
        this.backend = backend;
        this.options = options;
        this.self = Member.of(
                options.member(), options.incarnation(), options.release(), options.role(), options.adminUrl());
    }

    /** Registers; afterwards heartbeats go on by themselves, at a third of the lease's lifetime. */
    public Future<Void> start() {
        return backend.announce(self).onSuccess(registered -> {
            LOG.info("member registered id={} release={} role={}", self.id(), self.release(), self.role());
            if (timer < 0) {
                timer = vertx.setPeriodic(Math.max(1, options.heartbeat().toMillis()), tick -> beat());
            }
        });
    }

    /** Stops the heartbeats and removes the row, so that nobody waits for this node. Does not fail. */
    public Future<Void> stop() {
        if (timer >= 0) {
            vertx.cancelTimer(timer);
            timer = -1;
        }
        return backend.leave(self)
                .onFailure(failure -> LOG.warn("member not removed id={} reason={}", self.id(), failure.getMessage()))
                .otherwiseEmpty();
    }

    /** All members, this one included. */
    public Future<List<Member>> members() {
        return backend.members(PURGE);
    }

    /** Says that no write of this node that began under an older gate than this is in flight any more. */
    public void drained(long gateSeq) {
        drained = gateSeq;
    }

    private void beat() {
        if (beating) {
            return;
        }
        beating = true;
        Member now = new Member(
                self.id(), self.incarnation(), self.release(), self.role(), self.adminUrl(), drained, 0, Duration.ZERO);
        backend.announce(now)
                .timeout(options.leaseTtl().toMillis(), TimeUnit.MILLISECONDS)
                .onComplete(answer -> {
                    beating = false;
                    if (answer.failed()) {
                        LOG.warn(
                                "heartbeat failed id={} reason={}",
                                self.id(),
                                answer.cause().getMessage());
                    }
                });
    }
}
