package io.drawbridge.core.store.postgres;

import io.drawbridge.migration.Gate;
import io.drawbridge.migration.Release;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import java.util.Optional;

/** The product's store, but for the gate: it does not ask. Only to measure what asking costs. */
public final class UngatedStore {
    private UngatedStore() {}

    public static PostgresEntityStore create(Vertx vertx, PgConnectOptions connect, Release release) {
        Gate open = new Gate(Gate.State.STEADY, release, null, 1, null, false, false, false);
        return PostgresEntityStore.create(
                vertx,
                connect,
                connection -> Future.succeededFuture(open),
                release,
                "bench",
                Optional::empty,
                PostgresStoreOptions.defaults());
    }
}
