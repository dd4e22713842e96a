package io.drawbridge.core.declarative;

import static io.drawbridge.core.store.GatewayDatabase.await;

import io.drawbridge.core.store.EntityStore;
import io.drawbridge.core.store.GatewayDatabase;
import io.drawbridge.migration.Gate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

final class DeclarativePostgresIT extends DeclarativeStoreContract {
    private GatewayDatabase database;
    private EntityStore store;

    @BeforeAll
    void bootstrap() {
        database = GatewayDatabase.at(NODE);
        store = database.store(NODE);
    }

    @AfterAll
    void drop() {
        await(store.close());
        database.close();
    }

    @BeforeEach
    void empty() {
        database.gate(steady(NODE));
        database.sql()
                .execute("SET drawbridge.writer = '2.5/test';"
                        + " TRUNCATE services, routes, consumers, upstreams, plugins, sessions, acme_storage CASCADE");
    }

    @Override
    EntityStore store() {
        return store;
    }

    @Override
    void gate(Gate gate) {
        database.gate(gate);
    }
}
