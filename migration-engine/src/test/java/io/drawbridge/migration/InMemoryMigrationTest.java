package io.drawbridge.migration;

import io.drawbridge.migration.memory.InMemoryMigrationBackend;
import io.drawbridge.migration.memory.MemoryDatabase;
import io.drawbridge.migration.memory.MemoryStep;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

final class InMemoryMigrationTest extends MigrationContract<MemoryStep> {
    private static Vertx vertx;
    private final MemoryWorld world = new MemoryWorld();

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() {
        await(vertx.close());
    }

    @Override
    World<MemoryStep> world() {
        return world;
    }

    @Override
    void plant(String key, String value) {
        world.change(key, value);
    }

    /** A database in this JVM. */
    private static final class MemoryWorld implements World<MemoryStep> {
        private MemoryDatabase database = new MemoryDatabase();

        @Override
        public Vertx vertx() {
            return vertx;
        }

        @Override
        public Duration ttl() {
            return Duration.ofMillis(120);
        }

        @Override
        public void fresh() {
            database = new MemoryDatabase();
        }

        @Override
        public MigrationBackend<MemoryStep> connect() {
            return new InMemoryMigrationBackend(vertx, database);
        }

        @Override
        public MemoryStep put(String name, String key, String value) {
            return MemoryStep.of(name, data -> set(data, key, value));
        }

        @Override
        public MemoryStep backfill(String name, String key, String value) {
            return new MemoryStep(name, true, 3, data -> set(data, key, value));
        }

        @Override
        public MemoryStep failing(String name) {
            return MemoryStep.of(name, data -> {
                throw new IllegalStateException("as told");
            });
        }

        @Override
        public MemoryStep keysBeginning(String prefix) {
            return MemoryStep.of(prefix, data -> {});
        }

        @Override
        public Future<Map<String, String>> data() {
            return Future.succeededFuture(database.data());
        }

        private void change(String key, String value) {
            database.change(key, value);
        }

        private static void set(Map<String, String> data, String key, String value) {
            if (value == null) {
                data.remove(key);
            } else {
                data.put(key, value);
            }
        }
    }
}
