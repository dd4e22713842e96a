package io.drawbridge.migration;

import io.drawbridge.migration.postgres.PgStep;
import io.drawbridge.postgres.PostgresServer;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

final class PostgresMigrationIT extends MigrationContract<PgStep> {
    private static Vertx vertx;
    private static PostgresServer server;
    private final PostgresWorld world = new PostgresWorld(vertx, server);

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        server = PostgresServer.temporary();
    }

    @AfterAll
    static void stop() {
        await(vertx.close());
        server.close();
    }

    @AfterEach
    void disconnect() {
        world.close();
    }

    @Override
    World<PgStep> world() {
        return world;
    }

    @Override
    void plant(String key, String value) {
        await(
                value == null
                        ? world.pool()
                                .preparedQuery("DELETE FROM world.data WHERE key = $1")
                                .execute(Tuple.of(key))
                        : world.pool()
                                .preparedQuery("INSERT INTO world.data VALUES ($1, $2)")
                                .execute(Tuple.of(key, value)));
    }

    /** All points with -Pchaos, some of them else. */
    @Override
    int killStride() {
        return Boolean.getBoolean("drawbridge.chaos") ? 1 : 4;
    }

    @Override
    int zombieStride() {
        return Boolean.getBoolean("drawbridge.chaos") ? 1 : 7;
    }
}
