package io.drawbridge.migration;

import io.drawbridge.migration.memory.InMemoryMigrationBackend;
import io.drawbridge.migration.memory.MemoryDatabase;
import io.drawbridge.migration.memory.MemoryStep;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;

/** A database in this JVM. */
final class MemoryWorld implements World<MemoryStep> {
    private final Vertx vertx;
    private MemoryDatabase database = new MemoryDatabase();

    MemoryWorld(Vertx vertx) {
        this.vertx = vertx;
    }

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
    public void close() {}

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

    @Override
    public void plant(String key, String value) {
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
