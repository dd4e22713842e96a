package io.drawbridge.migration;

import static io.drawbridge.migration.Waiting.await;

import io.drawbridge.migration.memory.MemoryStep;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterAll;

final class InMemoryMigrationTest extends MigrationContract<MemoryStep> {
    private static final Vertx VERTX = Vertx.vertx();
    private final MemoryWorld world = new MemoryWorld(VERTX);

    @AfterAll
    static void stop() {
        await(VERTX.close());
    }

    @Override
    World<MemoryStep> world() {
        return world;
    }
}
