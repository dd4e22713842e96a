package io.drawbridge.bench;

import io.drawbridge.admin.AdminListener;
import io.drawbridge.admin.AdminOptions;
import io.drawbridge.admin.AdminServer;
import io.drawbridge.admin.Cluster;
import io.drawbridge.admin.NodeDescription;
import io.drawbridge.core.store.postgres.PostgresEntityStore;
import io.drawbridge.core.store.postgres.PostgresStoreOptions;
import io.drawbridge.core.store.postgres.UngatedStore;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.postgres.EngineTables;
import io.drawbridge.postgres.Database;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A process that serves the Admin API and nothing else, its store asking the gate or not: {@code port gated db...}. */
final class AdminNode {
    private static final Release RELEASE = Release.of(2, 5);

    private AdminNode() {}

    public static void main(String[] arguments) {
        Database database =
                new Database(arguments[2], Integer.parseInt(arguments[3]), arguments[4], arguments[5], arguments[6]);
        PgConnectOptions connect = Seed.connect(database);
        Vertx vertx = Vertx.vertx();
        PostgresEntityStore store = Boolean.parseBoolean(arguments[1])
                ? PostgresEntityStore.create(
                        vertx,
                        connect,
                        EngineTables.standard(),
                        RELEASE,
                        "bench",
                        Optional::empty,
                        PostgresStoreOptions.defaults())
                : UngatedStore.create(vertx, connect, RELEASE);
        AdminServer server = new AdminServer(
                vertx,
                AdminOptions.defaults().listen("127.0.0.1", Integer.parseInt(arguments[0])),
                new NodeDescription("bench", "localhost", Map.of(), List.of()),
                new Cluster(RELEASE, Optional::empty, () -> Future.succeededFuture(List.of())),
                store,
                Seed.migrator(vertx, database, RELEASE),
                () -> "",
                AdminListener.NONE);
        Waiting.on(server.start());
    }

    static ProcessBuilder process(int port, boolean gated, Database database) {
        return Children.java(
                List.of(),
                AdminNode.class,
                String.valueOf(port),
                String.valueOf(gated),
                database.host(),
                String.valueOf(database.port()),
                database.database(),
                database.user(),
                database.password());
    }
}
