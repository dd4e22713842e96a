package io.drawbridge.core.store.postgres;

import static io.drawbridge.core.store.GatewayDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.Validator;
import io.drawbridge.core.release.GatewayCatalog;
import io.drawbridge.core.store.EntityKey;
import io.drawbridge.core.store.EntityStore;
import io.drawbridge.core.store.GatewayDatabase;
import io.drawbridge.core.store.PageRequest;
import io.drawbridge.core.store.StoreError;
import io.drawbridge.core.store.StoreException;
import io.drawbridge.migration.Release;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Nodes of every release on a database in every state in which such a node may run. */
final class PostgresStoreReleasesIT {
    private static final Validator VALIDATOR = new Validator(InstantSource.system());

    @Test
    void everyHop_oldNodeWritesUntilFinish_newNodeAfter() {
        List<Release> line = GatewayCatalog.LINE.stream()
                .filter(release -> !release.isOlderThan(Release.of(1, 5)))
                .toList();
        try (GatewayDatabase database = GatewayDatabase.at(line.get(0))) {
            Set<UUID> expected = new HashSet<>();
            Node node = new Node(database, line.get(0));
            expected.addAll(node.exercise("steady"));
            for (Release next : line.subList(1, line.size())) {
                Node newer = new Node(database, next);
                database.up(next);
                expected.addAll(node.exercise("open-" + next));
                assertThat(newer.services()).as("read by %s while open", next).isEqualTo(expected);
                newer.assertRefused();
                database.finish(next);
                node.assertRefused();
                assertThat(newer.services()).as("after finish of %s", next).isEqualTo(expected);
                expected.addAll(newer.exercise("finished-" + next));
                node.close();
                node = newer;
            }
            node.close();
            assertThat(database.sql().query("SELECT count(*) FROM services WHERE ws_id IS NULL"))
                    .containsExactly("0");
        }
    }

    /* While the upgrade is open the table has two unique indexes over the name, and ON CONFLICT names one of them. */
    @Test
    void upsertsOfTheSameNames_atOnce_whileOldKeysAreKept_allSucceed() throws Exception {
        try (GatewayDatabase database = GatewayDatabase.at(Release.of(1, 5))) {
            database.up(Release.of(2, 1));
            Node node = new Node(database, Release.of(1, 5));
            List<Throwable> failures = new java.util.concurrent.CopyOnWriteArrayList<>();
            List<Thread> threads = new java.util.ArrayList<>();
            long end = System.nanoTime() + 2_000_000_000L;
            for (int i = 0; i < 12; i++) {
                int number = i;
                Thread thread = new Thread(() -> {
                    for (int n = number; System.nanoTime() < end; n++) {
                        String name = "n" + n % 3;
                        Throwable failure = catchThrowable(() -> {
                            await(node.store.upsert(node.service(name), EntityKey.named(name)));
                            await(node.store.delete(node.services, EntityKey.named(name), null));
                        });
                        if (failure != null) {
                            failures.add(failure);
                        }
                    }
                });
                threads.add(thread);
                thread.start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(failures).isEmpty();
            node.close();
        }
    }

    /** One node's store and what it does with it. */
    private static final class Node {
        private final Release release;
        private final EntityStore store;
        private final EntityType services;
        private final EntityType routes;

        Node(GatewayDatabase database, Release release) {
            this.release = release;
            this.store = database.store(release);
            this.services = EntityTypes.at(release).get("services");
            this.routes = EntityTypes.at(release).get("routes");
        }

        /** Every kind of write; yields the services that are there afterwards. */
        List<UUID> exercise(String name) {
            Entity inserted = await(store.insert(service(name)));
            Entity put = await(store.upsert(service(name + "-put"), EntityKey.named(name + "-put")));
            Entity again =
                    await(store.upsert(service(name + "-put").with("port", 81L), EntityKey.named(name + "-put")));
            assertThat(again.id()).isEqualTo(put.id());
            Entity byId = service(name + "-id");
            await(store.upsert(byId, EntityKey.of(byId.id())));
            await(store.upsert(byId.with("port", 82L), EntityKey.of(byId.id())));
            Entity patched =
                    await(store.update(services, EntityKey.named(name), old -> old.with("tags", List.of("a"))));
            assertThat(patched.get("tags")).isEqualTo(List.of("a"));
            Entity route = await(store.insert(VALIDATOR
                    .create(routes, Map.of("paths", List.of("/" + name), "service", Map.of("id", put.get("id"))))
                    .entity()));
            assertThat(failure(store.delete(services, EntityKey.of(put.id()), null))
                            .error())
                    .isEqualTo(StoreError.REFERENCED);
            assertThat(failure(store.insert(service(name))).fields()).containsKey("name");
            assertThat(await(store.delete(routes, EntityKey.of(route.id()), null)))
                    .isTrue();
            Entity gone = await(store.insert(service(name + "-gone")));
            assertThat(await(store.delete(services, EntityKey.named(name + "-gone"), null)))
                    .isTrue();
            assertThat(await(store.get(services, EntityKey.of(gone.id())))).isEmpty();
            return List.of(inserted.id(), put.id(), byId.id());
        }

        Set<UUID> services() {
            Set<UUID> ids = new HashSet<>();
            await(store.page(services, PageRequest.first(1000))).entities().forEach(each -> ids.add(each.id()));
            return ids;
        }

        void assertRefused() {
            StoreException failure = failure(store.insert(service("refused")));
            assertThat(failure.error())
                    .as("%s: %s", release, failure.getMessage())
                    .isEqualTo(StoreError.MIGRATION_PENDING);
        }

        void close() {
            await(store.close());
        }

        private Entity service(String name) {
            return VALIDATOR.create(services, Map.of("host", "a", "name", name)).entity();
        }
    }

    private static StoreException failure(io.vertx.core.Future<?> write) {
        return (StoreException) catchThrowable(() -> await(write));
    }
}
