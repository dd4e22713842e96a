package io.drawbridge.migration;

import static io.drawbridge.migration.Waiting.await;

import java.util.Map;
import org.junit.jupiter.api.BeforeEach;

/** What every implementation of the engine's seam must do, seen through the engine: an empty database per test. */
abstract class EngineContract<S extends Step> {
    abstract World<S> world();

    @BeforeEach
    void emptyDatabase() {
        world().fresh();
    }

    Migrator<S> node(String member, Release release) {
        return world().node(member, release);
    }

    Migrator<S> node(String member, Release release, MigrationBackend<S> backend) {
        return world().node(member, release, backend);
    }

    Gate gate() {
        return await(world().connect().read()).gate();
    }

    Map<String, String> data() {
        return await(world().data());
    }

    static MigrationBackend.AuditNote note() {
        return new MigrationBackend.AuditNote("test", World.V1, "test");
    }
}
