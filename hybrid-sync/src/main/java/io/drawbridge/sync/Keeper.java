package io.drawbridge.sync;

import io.drawbridge.sync.LastKnownGood.Generation;
import io.drawbridge.sync.LastKnownGood.Message;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the configuration in use for the next start: whole ones as they came, small changes behind them, and a whole one again
 * before these become too many. One call at a time.
 */
final class Keeper {
    private static final int CHANGES_MAX = 1000;
    private static final int CHANGES_BYTES = 1024 * 1024;
    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);

    private final Vertx vertx;
    private final UpdateReader reader;
    private final LastKnownGood file;
    private final String audience;
    private int changes;
    private long changedBytes;

    Keeper(Vertx vertx, DataPlaneOptions options, UpdateReader reader) {
        this.vertx = vertx;
        this.reader = reader;
        String plugins = options.release() + " " + new TreeMap<>(options.plugins());
        this.audience = LastKnownGood.sha256(plugins.getBytes(StandardCharsets.UTF_8));
        this.file = new LastKnownGood(options.folder(), options.release(), audience, (int)
                Math.min(options.configMax(), Integer.MAX_VALUE - 8L));
    }

    /** The files that there may be, the newest first. */
    List<Path> files() {
        return file.files();
    }

    /** What a file has, as far as it can be read; empty: nothing that can be used. Does not fail. */
    Future<Optional<Content>> read(Path from) {
        return vertx.executeBlocking(() -> file.read(from).flatMap(generation -> content(from, generation)), false)
                .otherwise(failure -> {
                    LOG.error("kept configuration cannot be read file={}", from, failure);
                    return Optional.empty();
                });
    }

    private Optional<Content> content(Path from, Generation generation) {
        Optional<String> damage = generation.damage();
        Content content = Content.nothing();
        int used = 0;
        try {
            for (Message message : generation.messages()) {
                content = content.after(reader.read(message.data(), message.seconds()))
                        .orElse(content);
                used++;
            }
        } catch (SyncException unusable) {
            damage = Optional.of(unusable.told());
        }
        if (damage.isPresent()) {
            file.distrust();
            LOG.error("kept configuration is damaged file={} usable={} reason={}", from, used > 0, damage.get());
        }
        if (used == 0) {
            return Optional.empty();
        }
        changes = used - 1;
        changedBytes = generation.messages().stream()
                .skip(1)
                .mapToLong(each -> each.data().length())
                .sum();
        return Optional.of(generation.audience().equals(audience) ? content : content.unnamed());
    }

    /** What is there is of no use. */
    void distrust() {
        file.distrust();
    }

    /**
     * @param message from which {@code now} came
     * @return fails if it could not be written; what was there before is there still
     */
    Future<Void> keep(Content now, boolean whole, Buffer message, long nowSeconds) {
        return vertx.executeBlocking(
                () -> {
                    write(now, whole, new Message(message, nowSeconds));
                    return null;
                },
                false);
    }

    private void write(Content now, boolean whole, Message message) throws IOException {
        boolean follows = file.continuable()
                && changes < CHANGES_MAX
                && changedBytes + message.data().length() < CHANGES_BYTES;
        if (!whole && follows) {
            file.append(message);
            changes++;
            changedBytes += message.data().length();
            return;
        }
        file.replace(whole ? message : new Message(OwnFrames.full(now.digest(), now.snapshot()), message.seconds()));
        changes = 0;
        changedBytes = 0;
    }
}
