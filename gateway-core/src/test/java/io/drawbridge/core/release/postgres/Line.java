package io.drawbridge.core.release.postgres;

import io.drawbridge.core.release.GatewayCatalog;
import io.drawbridge.migration.AbortOptions;
import io.drawbridge.migration.Catalog;
import io.drawbridge.migration.FinishOptions;
import io.drawbridge.migration.MigrationBackend;
import io.drawbridge.migration.MigrationListener;
import io.drawbridge.migration.MigrationOptions;
import io.drawbridge.migration.Migrator;
import io.drawbridge.migration.Outcome;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.UpOptions;
import io.drawbridge.migration.postgres.EngineTables;
import io.drawbridge.migration.postgres.PgStep;
import io.drawbridge.migration.postgres.PostgresMigrationBackend;
import io.drawbridge.migration.postgres.PostgresMigrationOptions;
import io.drawbridge.postgres.Database;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Moves one database along the release line with the real engine; for tests. */
final class Line {
    static final List<Release> RELEASES = GatewayCatalog.LINE;

    private final Vertx vertx;
    private final Database database;
    private final Catalog<PgStep> catalog;
    private final UnaryOperator<MigrationBackend<PgStep>> between;

    Line(Vertx vertx, Database database) {
        this(vertx, database, GatewayCatalog.postgres(), UnaryOperator.identity());
    }

    private Line(
            Vertx vertx, Database database, Catalog<PgStep> catalog, UnaryOperator<MigrationBackend<PgStep>> between) {
        this.vertx = vertx;
        this.database = database;
        this.catalog = catalog;
        this.between = between;
    }

    Line using(Catalog<PgStep> other) {
        return new Line(vertx, database, other, between);
    }

    /** One whose leader dies at the n-th call that changes something, see {@link DyingCalls}. */
    Line dyingAt(AtomicInteger calls, int last, boolean landed) {
        return new Line(vertx, database, catalog, backend -> DyingCalls.before(backend, calls, last, landed));
    }

    Outcome bootstrap(Release release) {
        return as(release, Migrator::bootstrap);
    }

    Outcome up(Release release) {
        return as(release, migrator -> migrator.up(UpOptions.standard()));
    }

    Outcome upFrom(Release release, Release from) {
        return as(release, migrator -> migrator.up(new UpOptions(false, from)));
    }

    Outcome finish(Release release) {
        return as(release, migrator -> migrator.finish(FinishOptions.standard("test")));
    }

    Outcome repair(Release release) {
        return as(release, migrator -> migrator.finish(new FinishOptions("", false, true, "test", "")));
    }

    Outcome finishKeepingForeignWriters(Release release) {
        return as(release, migrator -> migrator.finish(new FinishOptions("", true, false, "test", "")));
    }

    Outcome abort(Release release) {
        return as(release, migrator -> migrator.abort(new AbortOptions("", "test", "test")));
    }

    void foreignWrites(boolean on) {
        as(RELEASES.get(RELEASES.size() - 1), migrator -> migrator.foreignWrites(on, "test", "test"));
    }

    /** Goes through every release after {@code from} up to {@code to}, each finished before the next. */
    void through(Release from, Release to) {
        for (Release hop : RELEASES) {
            if (hop.isNewerThan(from) && !hop.isNewerThan(to)) {
                up(hop);
                finish(hop);
            }
        }
    }

    <T> T as(Release release, Function<Migrator<PgStep>, Future<T>> work) {
        MigrationBackend<PgStep> backend = between.apply(PostgresMigrationBackend.create(
                vertx,
                new PgConnectOptions()
                        .setHost(database.host())
                        .setPort(database.port())
                        .setDatabase(database.database())
                        .setUser(database.user())
                        .setPassword(database.password()),
                EngineTables.standard(),
                new KongMirror(),
                PostgresMigrationOptions.defaults()));
        MigrationOptions options = MigrationOptions.defaults(
                        "member-" + release, UUID.randomUUID().toString(), release)
                .timing(Duration.ofMillis(1_500), Duration.ofMillis(100), Duration.ofSeconds(20));
        Migrator<PgStep> migrator = new Migrator<>(vertx, backend, catalog, options, MigrationListener.NONE);
        try {
            return await(work.apply(migrator));
        } finally {
            await(backend.close());
        }
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(3, TimeUnit.MINUTES);
        } catch (java.util.concurrent.ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(failure.getCause());
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}
