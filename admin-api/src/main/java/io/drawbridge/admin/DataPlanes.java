package io.drawbridge.admin;

import io.drawbridge.core.store.DataPlaneRow;
import io.drawbridge.core.store.DataPlaneTable;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * What a control plane knows of data planes. Immutable.
 *
 * @param table what all control planes know
 * @param connected rows of those that are connected to this one, in the order of ids, for when the table cannot be read
 * @param details what this one knows besides, of those that are connected to it
 * @param staleSince since when the configuration that it serves may be older than the database's; empty: it is not
 */
public record DataPlanes(
        DataPlaneTable table,
        Supplier<Future<List<DataPlaneRow>>> connected,
        Supplier<Future<Map<UUID, JsonObject>>> details,
        Supplier<Optional<Instant>> staleSince) {}
