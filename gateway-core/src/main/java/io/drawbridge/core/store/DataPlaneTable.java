package io.drawbridge.core.store;

import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What is known of data planes, shared by all control planes of a cluster. Thread-safe. */
public interface DataPlaneTable {
    /** Most rows of one call. */
    int ROWS_MAX = 1000;

    /**
     * Writes down what is known now; {@code last_seen} is the database's clock.
     *
     * @param planes at most {@link #ROWS_MAX}, each id once
     */
    Future<Void> seen(List<DataPlaneRow> planes);

    /**
     * In the order of ids, without those that were not seen for too long.
     *
     * @param after null: from the beginning
     * @param size most, 1 to {@link #ROWS_MAX}
     */
    Future<List<DataPlaneRow>> page(UUID after, int size);

    /** What tells this cluster from others, the same on all its nodes and for ever; empty: it has none. */
    Future<Optional<String>> clusterId();

    /** Removes those that were not seen for too long. */
    Future<Void> purge();
}
