package io.drawbridge.sync;

import io.drawbridge.core.config.ConfigSink;
import io.drawbridge.sync.DataPlaneState.Source;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.HostAndPort;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets the configuration from control planes, ours or Kong's, and hands it to a sink; what was good last is kept in a file, and
 * is what it begins with. One configuration is taken over at a time; of those that come meanwhile, the newest. What cannot be
 * taken over changes nothing. Thread-safe.
 */
public final class DataPlane {
    private static final Logger LOG = LoggerFactory.getLogger(DataPlane.class);

    private final Vertx vertx;
    private final Context context;
    private final DataPlaneOptions options;
    private final ConfigSink sink;
    private final UpdateReader reader;
    private final Keeper keeper;
    private final Uplink uplink;
    private final Tally tally = new Tally();
    private Content current = Content.nothing();
    private Received waiting;
    private Future<Void> work = Future.succeededFuture();
    private boolean busy;
    private int connection;
    /* Whether one of our control planes is at the other end, as far as it told. */
    private boolean ours;

    /* A message, and by which connection it came: only who sent it is told what became of it. */
    private record Received(Buffer data, int connection) {}

    /** What a message is for what is in use now. */
    private record Step(Update update, Content next) {}

    /** @param sink gets one configuration at a time */
    public DataPlane(Vertx vertx, DataPlaneOptions options, ConfigSink sink) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.options = options;
        this.sink = sink;
        this.reader = new UpdateReader(options.release(), options.configMax());
        this.keeper = new Keeper(vertx, options, reader);
        this.uplink = new Uplink(vertx, context, options, new Link());
    }

    /**
     * Applies what was good last, if there is something, and begins to connect. Completes without waiting for a control plane.
     *
     * @return fails if the files of certificates cannot be used
     */
    public Future<Void> start() {
        return onContext(() -> vertx.executeBlocking(
                        () -> PlaneTls.options(options.tls(), ClusterTls.SHARED_NAME), false)
                .compose(usable -> startFrom(keeper.files().get(0)))
                .compose(found -> found
                        ? Future.succeededFuture()
                        : startFrom(keeper.files().get(1)))
                .onSuccess(done -> uplink.start())
                .mapEmpty());
    }

    /** Disconnects and lets what is being applied come to its end. Does not fail. */
    public Future<Void> stop() {
        return onContext(() -> {
                    waiting = null;
                    return uplink.stop().otherwiseEmpty().compose(gone -> work);
                })
                .otherwiseEmpty();
    }

    /** What it is at now. */
    public DataPlaneState state() {
        return tally.state();
    }

    private Future<Boolean> startFrom(Path file) {
        return keeper.read(file)
                .compose(found -> found.map(content -> sunk(content)
                                .map(applied -> {
                                    current = content;
                                    tally.uses(content, Source.FILE);
                                    LOG.info("kept configuration in use file={} digest={}", file, content.digest());
                                    return true;
                                })
                                .otherwise(refusal -> {
                                    keeper.distrust();
                                    LOG.error("kept configuration was refused file={}", file, refusal);
                                    return false;
                                }))
                        .orElse(Future.succeededFuture(false)));
    }

    private Future<Void> sunk(Content content) {
        return Future.succeededFuture(content.snapshot()).compose(sink::apply);
    }

    private void next() {
        if (busy || waiting == null) {
            return;
        }
        Received taken = waiting;
        waiting = null;
        busy = true;
        Content base = current;
        long seconds = Instant.now().getEpochSecond();
        work = vertx.executeBlocking(() -> step(base, taken.data(), seconds), false)
                .compose(step -> take(step, taken, seconds))
                .transform(done -> onContext(() -> {
                    if (done.failed()) {
                        refused(done.cause(), taken);
                    }
                    busy = false;
                    next();
                    return Future.succeededFuture();
                }));
    }

    private Step step(Content base, Buffer data, long seconds) {
        Update update = reader.read(data, seconds);
        return new Step(update, base.after(update).orElse(base));
    }

    private Future<Void> take(Step step, Received from, long seconds) {
        if (step.update() instanceof Update.Other) {
            return Future.succeededFuture();
        }
        boolean whole = step.update() instanceof Update.Full;
        if (step.next().same(current)) {
            return acknowledge(step.next(), from);
        }
        return sunk(step.next())
                .recover(refusal ->
                        Future.failedFuture(SyncException.refused(step.next().digest(), refusal)))
                .compose(applied -> onContext(() -> {
                    current = step.next();
                    tally.applied(current, whole);
                    LOG.info("configuration in use digest={} whole={}", current.digest(), whole);
                    return keeper.keep(current, whole, from.data(), seconds)
                            .transform(kept -> onContext(() -> kept(kept.cause())));
                }))
                .compose(kept -> acknowledge(step.next(), from));
    }

    private Future<Void> kept(Throwable failure) {
        tally.kept(failure);
        if (failure != null) {
            LOG.error(
                    "configuration is in use but could not be kept for the next start folder={} digest={}",
                    options.folder(),
                    current.digest(),
                    failure);
        }
        return Future.succeededFuture();
    }

    private Future<Void> acknowledge(Content taken, Received from) {
        return onContext(() -> {
            if (from.connection() == connection) {
                ours |= taken.own();
                tell(OwnFrames.ack(taken.digest()));
            }
            return Future.succeededFuture();
        });
    }

    private void refused(Throwable failure, Received from) {
        SyncException why = failure instanceof SyncException known ? known : SyncException.refused(null, failure);
        tally.refused(why);
        LOG.warn(
                "configuration not taken over, the one before stays in use code={} digest={} in_use={} reason={}",
                why.code(),
                why.digest().orElse("unknown"),
                current.digest(),
                why.told());
        if (from.connection() == connection) {
            tell(OwnFrames.nack(why));
        }
    }

    /* To one of Kong's control planes anything but a ping is an error; a ping tells it by what is in use now. */
    private void tell(Buffer message) {
        if (ours) {
            uplink.send(message);
        } else {
            uplink.ping();
        }
    }

    /** What becomes of the connection. */
    private final class Link implements Uplink.Events {
        @Override
        public Buffer hello() {
            return OwnFrames.hello(options, current.digest(), current.snapshot().position());
        }

        @Override
        public String digest() {
            return current.digest();
        }

        @Override
        public void up(HostAndPort controlPlane) {
            connection++;
            ours = false;
            tally.up(controlPlane);
            LOG.info("connected to control plane address={} digest={}", controlPlane, current.digest());
        }

        @Override
        public void message(Buffer data) {
            waiting = new Received(data, connection);
            next();
        }

        @Override
        public void down(String why) {
            connection++;
            tally.down(why);
        }
    }

    private <T> Future<T> onContext(Supplier<Future<T>> what) {
        Promise<T> done = Promise.promise();
        context.runOnContext(here ->
                Future.<Void>succeededFuture().compose(start -> what.get()).onComplete(done));
        return done.future();
    }
}
