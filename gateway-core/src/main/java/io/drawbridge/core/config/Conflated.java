package io.drawbridge.core.config;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.BiConsumer;

/**
 * Hands a sink one snapshot at a time and, of those that came meanwhile, the newest only. May be offered to from any thread;
 * the sink is called on one context.
 */
public final class Conflated {
    private final Context context;
    private final ConfigSink sink;
    private final BiConsumer<ConfigSnapshot, Throwable> outcome;
    /* Both on the context only. */
    private ConfigSnapshot waiting;
    private boolean busy;

    /** @param outcome hears of every snapshot that the sink was given, with null or why it was refused */
    public Conflated(Vertx vertx, ConfigSink sink, BiConsumer<ConfigSnapshot, Throwable> outcome) {
        this.context = vertx.getOrCreateContext();
        this.sink = sink;
        this.outcome = outcome;
    }

    /** Returns at once. */
    public void offer(ConfigSnapshot snapshot) {
        context.runOnContext(here -> {
            waiting = snapshot;
            next();
        });
    }

    private void next() {
        if (busy || waiting == null) {
            return;
        }
        ConfigSnapshot taken = waiting;
        waiting = null;
        busy = true;
        applied(taken)
                .onComplete(done -> context.runOnContext(here -> {
                    busy = false;
                    outcome.accept(taken, done.cause());
                    next();
                }));
    }

    private Future<Void> applied(ConfigSnapshot snapshot) {
        return Future.succeededFuture(snapshot).compose(sink::apply);
    }
}
