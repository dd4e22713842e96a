package io.drawbridge.admin;

import io.drawbridge.core.store.DataPlaneTable;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * What a control plane knows of data planes. Immutable.
 *
 * @param table what all control planes know
 * @param details what this one knows besides, of those that are connected to it
 */
public record DataPlanes(DataPlaneTable table, Supplier<Future<Map<UUID, JsonObject>>> details) {}
