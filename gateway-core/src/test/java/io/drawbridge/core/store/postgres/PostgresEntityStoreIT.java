package io.drawbridge.core.store.postgres;

import static io.drawbridge.core.store.GatewayDatabase.await;

import io.drawbridge.core.store.EntityStore;
import io.drawbridge.core.store.EntityStoreContract;
import io.drawbridge.core.store.GatewayDatabase;
import io.drawbridge.migration.Gate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

final class PostgresEntityStoreIT extends EntityStoreContract {
    private static GatewayDatabase database;
    private static EntityStore store;

    @BeforeAll
    static void bootstrap() {
        database = GatewayDatabase.at(NODE);
        store = database.store(NODE);
    }

    @AfterAll
    static void drop() {
        await(store.close());
        database.close();
    }

    @BeforeEach
    void empty() {
        database.gate(steady(NODE));
        database.sql().execute("SET drawbridge.writer = '2.5/test'; TRUNCATE services, routes CASCADE");
    }

    @Override
    protected EntityStore store() {
        return store;
    }

    @Override
    protected void gate(Gate gate) {
        database.gate(gate);
    }
}
