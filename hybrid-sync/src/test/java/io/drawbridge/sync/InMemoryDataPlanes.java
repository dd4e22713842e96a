package io.drawbridge.sync;

import io.drawbridge.core.store.DataPlaneRow;
import io.drawbridge.core.store.DataPlaneTable;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Rows of data planes without a database. */
final class InMemoryDataPlanes implements DataPlaneTable {
    final Map<UUID, DataPlaneRow> rows = new ConcurrentHashMap<>();

    @Override
    public Future<Void> seen(List<DataPlaneRow> planes) {
        planes.forEach(plane -> rows.put(plane.id(), plane));
        return Future.succeededFuture();
    }

    @Override
    public Future<List<DataPlaneRow>> page(UUID after, int size) {
        return Future.succeededFuture(List.copyOf(rows.values()));
    }

    @Override
    public Future<Void> purge() {
        return Future.succeededFuture();
    }
}
