package io.drawbridge.app;

import io.drawbridge.app.options.GatewayOptions;
import io.drawbridge.migration.Catalog;
import io.drawbridge.migration.MigrationBackend;
import io.drawbridge.migration.MigrationListener;
import io.drawbridge.migration.MigrationOptions;
import io.drawbridge.migration.Migrator;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.postgres.PgStep;
import io.drawbridge.postgres.EmbeddedPostgres;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a process has of the cluster: the database, the engine on it, and the embedded server if there is one. Closed in
 * one piece.
 *
 * @param options with the database as it was found
 * @param vertx of this process
 * @param backend the engine's hands
 * @param migration who this process is
 * @param server the claim to the embedded server; null if the database is somebody else's
 */
public record Cluster(
        GatewayOptions options,
        Vertx vertx,
        MigrationBackend<PgStep> backend,
        MigrationOptions migration,
        EmbeddedPostgres.Lease server)
        implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);
    static final Duration CLOSE_LIMIT = Duration.ofSeconds(3);

    public Migrator<PgStep> migrator(MigrationListener listener) {
        return migrator(migration, listener);
    }

    /** As a node of that release; used to walk the hops. */
    public Migrator<PgStep> migrator(Release release, MigrationListener listener) {
        return migrator(migration.release(release), listener);
    }

    private Migrator<PgStep> migrator(MigrationOptions as, MigrationListener listener) {
        return new Migrator<>(vertx, backend, catalog(), as, listener);
    }

    /** Everything that the product knows, with this process's plugins. */
    public Catalog<PgStep> catalog() {
        return Wiring.catalog(options);
    }

    /** Waits for an answer of the engine; for commands. */
    public static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        } catch (java.util.concurrent.ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException known
                    ? known
                    : new IllegalStateException(failed.getCause().getMessage(), failed.getCause());
        }
    }

    /** Waits for an answer, at most so long; a failure is logged and forgotten. For clean-up. */
    public static void attempt(Future<?> future, Duration limit) {
        try {
            future.toCompletionStage().toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException failed) {
            LOG.warn("clean-up incomplete reason={}", String.valueOf(failed.getMessage()));
        }
    }

    @Override
    public void close() {
        /* What does not close in time belongs to a database that does not answer, and ends with the process. */
        attempt(backend.close().eventually(vertx::close), CLOSE_LIMIT);
        if (server != null) {
            server.close();
        }
    }
}
