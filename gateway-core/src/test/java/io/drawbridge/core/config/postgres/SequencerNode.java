package io.drawbridge.core.config.postgres;

import static io.drawbridge.core.store.GatewayDatabase.await;

import io.drawbridge.core.config.SequencerOptions;
import io.drawbridge.core.store.GatewayDatabase;
import io.drawbridge.migration.MigrationListener;
import io.drawbridge.migration.MigrationOptions;
import io.drawbridge.migration.postgres.EngineTables;
import io.drawbridge.migration.postgres.PostgresMigrationBackend;
import io.drawbridge.migration.postgres.PostgresMigrationOptions;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.time.Duration;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A node that takes part in the sequencing, with everything of its own. */
final class SequencerNode {
    private final Vertx vertx = Vertx.vertx();
    private final PostgresMigrationBackend backend;
    final ChangeSequencer sequencer;
    final Pool pool;
    final Queue<Long> revisions = new ConcurrentLinkedQueue<>();

    SequencerNode(GatewayDatabase database, String name) {
        this(database, name, SequencerOptions.defaults());
    }

    SequencerNode(GatewayDatabase database, String name, SequencerOptions options) {
        this(database, name, options, database.connect());
    }

    SequencerNode(GatewayDatabase database, String name, SequencerOptions options, PgConnectOptions sequencing) {
        PgConnectOptions connect = database.connect();
        this.backend = PostgresMigrationBackend.create(
                vertx, connect, EngineTables.standard(), null, PostgresMigrationOptions.defaults());
        MigrationOptions node = MigrationOptions.defaults(
                        name, UUID.randomUUID().toString(), GatewayDatabase.NEWEST)
                .timing(Duration.ofSeconds(1), Duration.ofMillis(100), Duration.ofSeconds(5));
        this.sequencer = ChangeSequencer.create(
                vertx,
                sequencing,
                EngineTables.standard(),
                backend,
                node,
                options,
                MigrationListener.NONE,
                revisions::add);
        this.pool = PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(1))
                .connectingTo(connect)
                .using(vertx)
                .build();
        vertx.runOnContext(start -> sequencer.start());
    }

    void abandon() {
        await(vertx.close());
    }

    void stop() {
        await(sequencer.stop());
        await(backend.close());
        await(vertx.close());
    }
}
