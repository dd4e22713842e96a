package io.drawbridge.admin;

import static io.drawbridge.admin.AdminNode.await;

import io.drawbridge.admin.AdminNode.Answer;
import io.drawbridge.core.declarative.MemoryConfig;
import io.drawbridge.core.entity.Validator;
import io.drawbridge.core.release.BundledPlugins;
import io.drawbridge.migration.Release;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A node without a database, in this JVM, for tests. */
final class MemoryNode implements AutoCloseable {
    static final int BYTES_MAX = 200_000;

    private static final Release RELEASE = Release.of(2, 5);

    private final Vertx vertx = Vertx.vertx();
    final int port = AdminNode.freePort();
    private final AdminServer server;

    MemoryNode() {
        NodeDescription node = new NodeDescription(
                UUID.randomUUID().toString(),
                "localhost",
                Map.of("database", "off"),
                List.copyOf(BundledPlugins.of(RELEASE)));
        MemoryConfig config = new MemoryConfig(
                vertx,
                AdminServer.types(RELEASE, node),
                new Validator(InstantSource.system()),
                BYTES_MAX,
                snapshot -> Future.succeededFuture());
        server = new AdminServer(
                vertx,
                AdminOptions.defaults().listen("127.0.0.1", port),
                node,
                RELEASE,
                config.store(),
                config,
                () -> "up 1\n",
                AdminListener.NONE);
        await(server.start());
    }

    RouteTable routes() {
        return server.routes();
    }

    Answer send(String method, String path, String type, String body) {
        return AdminNode.exchange(port, method, path, type, body);
    }

    /** Quotes may be single. */
    Answer json(String method, String path, String body) {
        return send(method, path, "application/json", body.replace('\'', '"'));
    }

    Answer get(String path) {
        return send("GET", path, null, null);
    }

    @Override
    public void close() {
        await(server.stop());
        await(vertx.close());
    }
}
