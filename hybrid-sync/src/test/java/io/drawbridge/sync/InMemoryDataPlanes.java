package io.drawbridge.sync;

import io.drawbridge.core.store.DataPlaneRow;
import io.drawbridge.core.store.DataPlaneTable;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Rows of data planes without a database. */
final class InMemoryDataPlanes implements DataPlaneTable {
    static final String CLUSTER = "5a7e8f3e-53e0-4d53-9f6e-3d6f1f3f3a10";

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
    public Future<Optional<String>> clusterId() {
        return Future.succeededFuture(Optional.of(CLUSTER));
    }

    @Override
    public Future<Void> purge() {
        return Future.succeededFuture();
    }
}
