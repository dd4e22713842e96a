package io.drawbridge.migration;

import static io.drawbridge.migration.Waiting.await;

import io.drawbridge.postgres.PostgresServer;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A real PostgreSQL server for each class of tests, and a world in it for each test. */
final class PostgresFixture implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    private Vertx vertx;
    private PostgresServer server;
    private PostgresWorld world;

    Vertx vertx() {
        return vertx;
    }

    PostgresWorld world() {
        return world;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        vertx = Vertx.vertx();
        server = PostgresServer.temporary();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        world = new PostgresWorld(vertx, server);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        world.close();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        await(vertx.close());
        server.close();
    }
}
