package io.drawbridge.admin;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.drawbridge.core.release.BundledPlugins;
import io.drawbridge.core.release.GatewayCatalog;
import io.drawbridge.core.release.postgres.KongMirror;
import io.drawbridge.core.store.EntityStore;
import io.drawbridge.core.store.postgres.PostgresEntityStore;
import io.drawbridge.core.store.postgres.PostgresStoreOptions;
import io.drawbridge.migration.Membership;
import io.drawbridge.migration.MigrationListener;
import io.drawbridge.migration.MigrationOptions;
import io.drawbridge.migration.MigrationWatch;
import io.drawbridge.migration.Migrator;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.postgres.EngineTables;
import io.drawbridge.migration.postgres.PgStep;
import io.drawbridge.migration.postgres.PostgresMigrationBackend;
import io.drawbridge.migration.postgres.PostgresMigrationOptions;
import io.drawbridge.postgres.Database;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgConnectOptions;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;

/** A node with an Admin API on a database, in this JVM, for tests. */
final class AdminNode implements AutoCloseable {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    final Vertx vertx = Vertx.vertx();
    final Release release;
    final PostgresMigrationBackend backend;
    final Migrator<PgStep> migrator;
    final MigrationWatch watch;
    final Membership membership;
    final EntityStore store;
    final AdminServer server;
    final int port;
    /* Of all answers, whether anybody read them or not. */
    final Queue<Integer> statuses = new ConcurrentLinkedQueue<>();

    AdminNode(Database database, Release release) {
        this(database, release, options -> options);
    }

    AdminNode(Database database, Release release, UnaryOperator<AdminOptions> bounds) {
        this(database, release, "m-" + release, bounds);
    }

    AdminNode(Database database, Release release, String member, UnaryOperator<AdminOptions> bounds) {
        this.release = release;
        this.port = freePort();
        PgConnectOptions connect = new PgConnectOptions()
                .setHost(database.host())
                .setPort(database.port())
                .setDatabase(database.database())
                .setUser(database.user())
                .setPassword(database.password());
        EngineTables tables = EngineTables.standard();
        this.backend = PostgresMigrationBackend.create(
                vertx, connect, tables, new KongMirror(), PostgresMigrationOptions.defaults());
        String url = "http://127.0.0.1:" + port;
        MigrationOptions options = MigrationOptions.defaults(
                        member, UUID.randomUUID().toString(), release)
                .as("traditional", url)
                .timing(Duration.ofSeconds(3), Duration.ofMillis(200), Duration.ofSeconds(20));
        this.migrator = new Migrator<>(vertx, backend, GatewayCatalog.postgres(), options, MigrationListener.NONE);
        this.watch = new MigrationWatch(vertx, backend, migrator, options, state -> {});
        this.membership = new Membership(vertx, backend, options);
        this.store = PostgresEntityStore.create(
                vertx, connect, tables, release, member, watch::wentBack, PostgresStoreOptions.defaults());
        this.server = new AdminServer(
                vertx,
                bounds.apply(AdminOptions.defaults()
                        .listen("127.0.0.1", port)
                        .timing(Duration.ofSeconds(5), Duration.ofSeconds(3))),
                new NodeDescription(
                        UUID.randomUUID().toString(),
                        "localhost",
                        Map.of("database", "postgres"),
                        List.copyOf(BundledPlugins.of(release))),
                new Cluster(release, watch::latest, membership::members),
                store,
                migrator,
                () -> "up 1\n",
                (method, route, status, took) -> statuses.add(status));
    }

    /** Makes the database this release's if it is empty, joins, listens. */
    AdminNode start(boolean bootstrap) {
        if (bootstrap) {
            await(migrator.bootstrap());
        }
        await(membership.start());
        await(watch.start());
        await(server.start());
        return this;
    }

    /** An answer. */
    record Answer(int status, String text, java.net.http.HttpHeaders headers) {
        JsonObject json() {
            return new JsonObject(text);
        }

        String header(String name) {
            return headers.firstValue(name).orElse(null);
        }
    }

    Answer send(String method, String path, String type, String body, String... headers) {
        return exchange(port, method, path, type, body, headers);
    }

    static Answer exchange(int port, String method, String path, String type, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(60))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (type != null) {
            request.header("Content-Type", type);
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            HttpResponse<String> response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body(), response.headers());
        } catch (IOException failure) {
            throw new AssertionError(method + " " + path, failure);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    Answer json(String method, String path, String body) {
        return send(method, path, "application/json", body == null ? null : body.replace('\'', '"'));
    }

    Answer get(String path) {
        return send("GET", path, null, null);
    }

    Answer form(String method, String path, String body) {
        return send(method, path, "application/x-www-form-urlencoded", body);
    }

    static <T> T await(Future<T> future) {
        try {
            return future.await(60, SECONDS);
        } catch (java.util.concurrent.TimeoutException late) {
            throw new AssertionError("not done in 60 s", late);
        }
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    @Override
    public void close() {
        await(server.stop());
        await(watch.stop());
        await(membership.stop());
        await(store.close());
        await(backend.close());
        await(vertx.close());
    }
}
