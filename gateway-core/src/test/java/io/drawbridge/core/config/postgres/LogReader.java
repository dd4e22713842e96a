package io.drawbridge.core.config.postgres;

import static io.drawbridge.core.store.GatewayDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.core.config.Change;
import io.drawbridge.core.config.Changes;
import io.drawbridge.core.store.GatewayDatabase;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;

/** Follows the log as a node's configuration would. */
final class LogReader {
    final Map<Long, Integer> perRevision = new TreeMap<>();
    final Set<String> services = new TreeSet<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final Thread thread;
    volatile Changes.Position position;

    LogReader(GatewayDatabase database) {
        Pool pool = PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(1))
                .connectingTo(database.connect())
                .using(database.vertx())
                .build();
        RevisionReader reader = new RevisionReader(pool, 1_000_000);
        ChangeSequencerIT.prime(database);
        SequencerNode first = new SequencerNode(database, "first");
        try {
            ChangeSequencerIT.waitUntil(() -> !first.revisions.isEmpty());
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
        first.stop();
        position = await(reader.since(Changes.Position.none())).position();
        perRevision.putAll(ChangeSequencerIT.counts(database));
        thread = new Thread(() -> {
            while (!over.get()) {
                Changes changes = await(reader.since(position));
                assertThat(changes.complete())
                        .as("from %s to %s", position, changes)
                        .isTrue();
                changes.changes().forEach(this::apply);
                position = changes.position();
            }
            await(pool.close());
        });
        thread.start();
    }

    private void apply(Change change) {
        perRevision.merge(change.revision(), 1, Integer::sum);
        if (change.entity().equals("services") && change.op() == Change.Op.INSERTED) {
            services.add(change.id());
        } else if (change.entity().equals("services") && change.op() == Change.Op.DELETED) {
            services.remove(change.id());
        }
    }

    void stop() throws InterruptedException {
        over.set(true);
        thread.join();
    }
}
