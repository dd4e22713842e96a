package io.drawbridge.sync;

import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.store.DataPlaneRow;
import io.drawbridge.core.store.DataPlaneTable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All data planes of this control plane, and what they share: the newest configuration, its frames by release, how many may be
 * on their way, what was refused. Confined to the control plane's context.
 */
final class Fleet {
    /* Different frames of one configuration. */
    private static final int LEVELS_MAX = 32;
    /* A frame that says in how many seconds something ends is wrong by at most this. */
    private static final Duration AGED = Duration.ofSeconds(1);
    private static final Duration SLOW = Duration.ofSeconds(5);
    /* Refusals that are remembered; the oldest go. */
    private static final int REFUSALS_MAX = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(Fleet.class);

    private final Vertx vertx;
    private final SyncOptions options;
    private final DataPlaneTable table;
    private final Map<UUID, DataPlaneLink> links = new LinkedHashMap<>();
    private final Map<UUID, DataPlaneLink> dirty = new LinkedHashMap<>();
    private final Map<LevelView.Level, Made> payloads = new HashMap<>();
    private final Tracks tracks;
    private final Map<String, Integer> refusals = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
            return size() > REFUSALS_MAX;
        }
    };
    private final Deque<Supplier<Future<Void>>> waiting = new ArrayDeque<>();
    private ConfigSnapshot newest;
    private SortedSet<String> plugins = new TreeSet<>();
    private Optional<String> cluster = Optional.empty();
    private int underWay;
    private boolean writing;
    private boolean troubled;

    Fleet(Vertx vertx, SyncOptions options, DataPlaneTable table) {
        this.vertx = vertx;
        this.options = options;
        this.table = table;
        this.tracks = new Tracks(vertx, options.release());
    }

    /** @return false if there are too many */
    boolean join(DataPlaneLink link) {
        DataPlaneLink before = links.get(link.info().id());
        if (before == null && links.size() >= options.linksMax()) {
            return false;
        }
        links.put(link.info().id(), link);
        if (before != null) {
            before.close(4002, "another connection of the same node");
        }
        changed(link);
        return true;
    }

    void leave(DataPlaneLink link) {
        links.remove(link.info().id(), link);
        link.gone();
    }

    Collection<DataPlaneLink> links() {
        return links.values();
    }

    Optional<ConfigSnapshot> newest() {
        return Optional.ofNullable(newest);
    }

    /** From now on this one is offered. */
    void offer(ConfigSnapshot snapshot) {
        boolean same = newest != null && newest.digest().equals(snapshot.digest());
        newest = snapshot;
        plugins = Compatibility.used(snapshot);
        if (!same) {
            payloads.clear();
            List.copyOf(links.values()).forEach(DataPlaneLink::offer);
        }
    }

    /** Which plugins the newest configuration uses. */
    SortedSet<String> plugins() {
        return plugins;
    }

    /** The newest configuration as one frame for data planes of the level: made once. */
    Future<Payload> payload(LevelView.Level level) {
        ConfigSnapshot snapshot = newest;
        if (payloads.size() >= LEVELS_MAX && !payloads.containsKey(level)) {
            return Future.failedFuture("data planes have more than " + LEVELS_MAX + " different sets of plugins");
        }
        Made made = payloads.get(level);
        if (made == null || made.aged()) {
            Optional<String> id = cluster;
            made = new Made(
                    vertx.executeBlocking(
                            () -> Payload.of(snapshot, level, id, System.currentTimeMillis() / 1000), false),
                    System.nanoTime());
            payloads.put(level, made);
        }
        return made.payload();
    }

    /** A frame that is there or being made. */
    private record Made(Future<Payload> payload, long atNanos) {
        boolean aged() {
            return payload.succeeded() && payload.result().ages() && System.nanoTime() - atNanos >= AGED.toNanos();
        }
    }

    /** Asks for the cluster's id until it is known. */
    Future<Void> identify() {
        return cluster.isPresent()
                ? Future.succeededFuture()
                : table.clusterId()
                        .onSuccess(found -> cluster = found)
                        .<Void>mapEmpty()
                        .otherwiseEmpty();
    }

    /** What leads a data plane of ours to the newest configuration. @param base digest of what it has; empty: it needs a whole one */
    Future<Payload> own(LevelView.Level level, String base) {
        return tracks.frame(level, newest, base);
    }

    /**
     * Runs it when not too many others are under way. One that takes longer than a data plane waits within a frame, 5 s, does not
     * keep others waiting.
     *
     * @param ahead whether it waited already
     */
    void admit(Supplier<Future<Void>> sending, boolean ahead) {
        if (ahead) {
            waiting.addFirst(sending);
        } else {
            waiting.add(sending);
        }
        next();
    }

    private void next() {
        while (underWay < options.atOnce() && !waiting.isEmpty()) {
            underWay++;
            waiting.remove()
                    .get()
                    .timeout(SLOW.toMillis(), TimeUnit.MILLISECONDS)
                    .onComplete(sent -> {
                        underWay--;
                        next();
                    });
        }
    }

    boolean refused(UUID id, String digest) {
        return refusals.getOrDefault(id + digest, 0) > 1;
    }

    void refuse(UUID id, String digest) {
        refusals.put(id + digest, 2);
    }

    /** Its connection broke as soon as it had this. */
    void lost(UUID id, String digest) {
        refusals.merge(id + digest, 1, Integer::sum);
    }

    /** What is known of it has to be written down. */
    void changed(DataPlaneLink link) {
        dirty.put(link.info().id(), link);
    }

    /** Writes down what changed, many at a time. */
    void record() {
        if (writing || dirty.isEmpty()) {
            return;
        }
        List<DataPlaneLink> some =
                dirty.values().stream().limit(DataPlaneTable.ROWS_MAX).toList();
        some.forEach(link -> dirty.remove(link.info().id()));
        List<DataPlaneRow> rows = new ArrayList<>();
        some.forEach(link -> rows.add(link.row(options.purgeAfter().toSeconds())));
        writing = true;
        table.seen(rows).onComplete(done -> {
            writing = false;
            if (done.failed()) {
                some.forEach(link -> dirty.putIfAbsent(link.info().id(), link));
                if (!troubled) {
                    LOG.warn(
                            "data planes cannot be written down, trying again reason={}",
                            done.cause().getMessage());
                }
            }
            troubled = done.failed();
        });
    }
}
