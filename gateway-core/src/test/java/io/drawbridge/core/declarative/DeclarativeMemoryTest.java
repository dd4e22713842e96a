package io.drawbridge.core.declarative;

import static io.drawbridge.core.store.GatewayDatabase.await;

import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.Validator;
import io.drawbridge.core.store.EntityStore;
import io.drawbridge.core.store.memory.InMemoryEntityStore;
import io.drawbridge.migration.Gate;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;

final class DeclarativeMemoryTest extends DeclarativeStoreContract {
    private Gate gate;
    private EntityStore store;

    @BeforeEach
    void empty() {
        gate = steady(NODE);
        store = new InMemoryEntityStore(() -> gate, NODE);
        await(store.insert(new Validator(InstantSource.system())
                .create(EntityTypes.at(NODE).get("workspaces"), Map.of("name", "default"))
                .entity()));
    }

    @Override
    EntityStore store() {
        return store;
    }

    @Override
    void gate(Gate now) {
        gate = now;
    }
}
