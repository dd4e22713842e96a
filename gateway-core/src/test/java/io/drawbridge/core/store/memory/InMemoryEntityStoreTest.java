package io.drawbridge.core.store.memory;

import io.drawbridge.core.store.EntityStore;
import io.drawbridge.core.store.EntityStoreContract;
import io.drawbridge.migration.Gate;

final class InMemoryEntityStoreTest extends EntityStoreContract {
    private Gate gate = steady(NODE);
    private final InMemoryEntityStore store = new InMemoryEntityStore(() -> gate, NODE);

    @Override
    protected EntityStore store() {
        return store;
    }

    @Override
    protected void gate(Gate now) {
        gate = now;
    }
}
