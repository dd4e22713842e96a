package io.drawbridge.app.cli;

import io.drawbridge.app.Cluster;
import io.drawbridge.migration.Catalog;
import io.drawbridge.migration.MigrationStatus;
import io.drawbridge.migration.Migrator;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.postgres.PgStep;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One command at work on a cluster. Ctrl-C asks the engine to stop at the next safe point and waits for it, half a minute
 * at most; a second Ctrl-C cannot do harm either, since every step can be cut off.
 */
final class Session implements AutoCloseable {
    private static final String TERMINAL = "drawbridge.tty";
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    private final Cluster cluster;
    private final Output output;
    private final Progress progress;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread hook = new Thread(this::interrupted, "stop-at-safe-point");
    private volatile boolean stopping;
    private volatile Migrator<PgStep> current;

    Session(Cluster cluster, Output output) {
        this.cluster = cluster;
        this.output = output;
        this.progress = new Progress(
                output,
                Boolean.getBoolean(TERMINAL),
                cluster.options().database().name());
        Runtime.getRuntime().addShutdownHook(hook);
    }

    Migrator<PgStep> migrator() {
        return migrator(cluster.migration().release());
    }

    Migrator<PgStep> migrator(Release release) {
        Migrator<PgStep> migrator = cluster.migrator(release, progress);
        current = migrator;
        if (stopping) {
            migrator.interrupt();
        }
        return migrator;
    }

    MigrationStatus status() {
        return Cluster.await(cluster.migrator(progress).status());
    }

    Catalog<PgStep> catalog() {
        return cluster.catalog();
    }

    /** On a terminal a silence is explained. */
    void explain(String text) {
        if (Boolean.getBoolean(TERMINAL)) {
            output.line(text);
        }
    }

    Duration heartbeat() {
        return cluster.migration().heartbeat();
    }

    Progress progress() {
        return progress;
    }

    Output output() {
        return output;
    }

    private void interrupted() {
        /* Before looking: who makes a migrator after this sees it. */
        stopping = true;
        Migrator<PgStep> migrator = current;
        if (migrator == null) {
            /* Nothing was begun: it only looks, or asks somebody. */
            return;
        }
        progress.stopping("stopping at the next safe point ...");
        migrator.interrupt();
        try {
            if (!over.await(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                output.warn("no safe point within " + STOP_LIMIT.toSeconds()
                        + " s: cut off; run the same command again to go on");
            }
        } catch (InterruptedException again) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        cluster.close();
        over.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException stopping) {
            /* Ctrl-C it was: let the message of the failure come out before the process ends. */
            output.verbose("stopped");
        }
    }
}
