package io.drawbridge.core.store.postgres;

import static io.drawbridge.core.store.GatewayDatabase.await;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.Validator;
import io.drawbridge.core.store.EntityKey;
import io.drawbridge.core.store.EntityStore;
import io.drawbridge.core.store.GatewayDatabase;
import io.drawbridge.core.store.StoreError;
import io.drawbridge.core.store.StoreException;
import io.drawbridge.migration.Gate;
import io.drawbridge.migration.Lease;
import io.drawbridge.migration.MigrationBackend.AuditNote;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.postgres.EngineTables;
import io.drawbridge.postgres.PostgresServer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What the store promises while things go wrong around it. */
final class PostgresStoreFaultsIT {
    private static final Release NODE = GatewayDatabase.NEWEST;
    private static final Validator VALIDATOR = new Validator(InstantSource.system());

    @Test
    void writers16WithoutAPause_gateMoves_noWriteAfterIt() throws Exception {
        try (GatewayDatabase database = GatewayDatabase.at(NODE)) {
            EntityStore store = database.store(NODE);
            Writers writers = new Writers(store, 16);
            Thread.sleep(1000);
            Lease lease = await(database.backend().acquire("migrations", "leader", "1", Duration.ofSeconds(30), null))
                    .orElseThrow();
            Gate open = await(database.backend().read()).gate();
            Gate closed = open.to(Gate.State.FENCED, NODE, Release.of(2, 6));
            long start = System.nanoTime();
            await(database.backend().transition(lease, open, closed, null, null, new AuditNote("test", NODE, "")));
            long tookMillis = (System.nanoTime() - start) / 1_000_000;
            List<String> then = database.sql().query("SELECT id FROM services");
            Thread.sleep(300);
            writers.stop();

            assertThat(tookMillis).as("transition under 16 writers").isLessThan(1000);
            assertThat(writers.acknowledged).hasSizeGreaterThan(100);
            assertThat(Set.copyOf(database.sql().query("SELECT id FROM services")))
                    .as("nothing is written once the gate has moved")
                    .isEqualTo(Set.copyOf(then))
                    .isEqualTo(Set.copyOf(writers.acknowledged));
            assertThat(writers.errors).containsOnly(StoreError.MIGRATION_PENDING);
            await(store.close());
        }
    }

    @Test
    void serverRestarts_whileWriting_nothingAcknowledgedIsLost() throws Exception {
        try (PostgresServer server = PostgresServer.temporary(Map.of())) {
            try (GatewayDatabase database = GatewayDatabase.on(server, NODE)) {
                EntityStore store = database.store(NODE);
                Writers writers = new Writers(store, 16);
                Thread.sleep(500);
                server.restart(true);
                Thread.sleep(1000);
                server.restart(false);
                int before = writers.acknowledged.size();
                long deadline = System.nanoTime() + SECONDS.toNanos(20);
                while (writers.acknowledged.size() < before + 100 && System.nanoTime() < deadline) {
                    MILLISECONDS.sleep(50);
                }
                writers.stop();

                assertThat(writers.acknowledged)
                        .as("writes go on by themselves")
                        .hasSizeGreaterThan(before + 99);
                assertThat(database.sql().query("SELECT id FROM services")).containsAll(writers.acknowledged);
                assertThat(Set.of(StoreError.UNAVAILABLE, StoreError.OUTCOME_UNKNOWN))
                        .containsAll(writers.errors);
                await(store.close());
            }
        }
    }

    @Test
    void tableLocked_writeGivesUpInTime_andTheConnectionIsUsedAgain() throws Exception {
        try (GatewayDatabase database = GatewayDatabase.at(NODE)) {
            EntityStore store = database.store(
                    NODE,
                    PostgresStoreOptions.defaults().pool(1).statements(Duration.ofMillis(300), Duration.ofSeconds(2)));
            await(store.insert(service()));
            try (java.sql.Connection other = database.sql().connect()) {
                other.setAutoCommit(false);
                other.createStatement().execute("LOCK TABLE services IN ACCESS EXCLUSIVE MODE");
                assertThat(((StoreException) catchThrowable(() -> await(store.insert(service())))).error())
                        .isEqualTo(StoreError.UNAVAILABLE);
                other.rollback();
            }
            await(store.insert(service()));
            assertThat(database.sql().query("SELECT count(*) FROM services")).containsExactly("2");
            await(store.close());
        }
    }

    @Test
    void databaseWentBack_writesRefused_readsServed() {
        try (GatewayDatabase database = GatewayDatabase.at(NODE)) {
            EntityStore store = PostgresEntityStore.create(
                    database.vertx(),
                    database.connect(),
                    EngineTables.standard(),
                    NODE,
                    "test",
                    () -> Optional.of("another server"),
                    PostgresStoreOptions.defaults());
            StoreException failure = (StoreException) catchThrowable(() -> await(store.insert(service())));
            assertThat(failure.error()).isEqualTo(StoreError.DATABASE_WENT_BACK);
            await(store.ping());
            await(store.close());
        }
    }

    @Test
    void everyWrite_isTaggedWithReleaseAndMember() {
        try (GatewayDatabase database = GatewayDatabase.at(NODE)) {
            EntityStore store = database.store(NODE);
            await(store.insert(service()));
            assertThat(database.sql().query("SELECT writer FROM drawbridge_changes WHERE entity = 'services'"))
                    .containsExactly("2.5/test");
            await(store.close());
        }
    }

    @Test
    void poolExhausted_refusedInTime() throws Exception {
        try (GatewayDatabase database = GatewayDatabase.at(NODE)) {
            EntityStore store = database.store(
                    NODE,
                    new PostgresStoreOptions(
                            1,
                            2,
                            Duration.ofMillis(300),
                            Duration.ofSeconds(2),
                            Duration.ofSeconds(2),
                            Duration.ofSeconds(3),
                            Duration.ofSeconds(10),
                            true));
            await(store.insert(service()));
            try (java.sql.Connection other = database.sql().connect()) {
                other.setAutoCommit(false);
                other.createStatement().execute("LOCK TABLE services IN ACCESS EXCLUSIVE MODE");
                List<io.vertx.core.Future<Entity>> waiting = new ArrayList<>();
                long start = System.nanoTime();
                for (int i = 0; i < 5; i++) {
                    waiting.add(store.insert(service()));
                }
                for (io.vertx.core.Future<Entity> each : waiting) {
                    assertThat(((StoreException) catchThrowable(() -> await(each))).error())
                            .isEqualTo(StoreError.UNAVAILABLE);
                }
                assertThat(System.nanoTime() - start).isLessThan(SECONDS.toNanos(4));
                other.rollback();
            }
            await(store.insert(service()));
            await(store.close());
        }
    }

    @Test
    void connectionLostWhileCommitting_outcomeIsUnknown_whicheverItWas() {
        try (GatewayDatabase database = GatewayDatabase.at(NODE)) {
            for (boolean arrives : new boolean[] {true, false}) {
                CuttingProxy proxy = new CuttingProxy(database, "COMMIT\0", arrives);
                EntityStore store = proxy.store();
                Entity entity = service();
                assertThat(((StoreException) catchThrowable(() -> await(store.insert(entity)))).error())
                        .isEqualTo(StoreError.OUTCOME_UNKNOWN);
                assertThat(eventually(database, entity))
                        .as("arrives=%s", arrives)
                        .isEqualTo(arrives);
                await(store.insert(service()));
                await(store.close());
            }
        }
    }

    @Test
    void connectionLostBeforeCommitting_nothingWasDone() {
        try (GatewayDatabase database = GatewayDatabase.at(NODE)) {
            CuttingProxy proxy = new CuttingProxy(database, "INSERT INTO services", true);
            EntityStore store = proxy.store();
            Entity entity = service();
            assertThat(((StoreException) catchThrowable(() -> await(store.insert(entity)))).error())
                    .isEqualTo(StoreError.UNAVAILABLE);
            assertThat(eventually(database, entity)).isFalse();
            await(store.insert(service()));
            await(store.close());
        }
    }

    /** Whether the row is there, once the server is done with what it was sent. */
    private static boolean eventually(GatewayDatabase database, Entity entity) {
        String sql = "SELECT id FROM services WHERE id = '" + entity.id() + "'";
        for (int i = 0; i < 50 && database.sql().query(sql).isEmpty(); i++) {
            java.util.concurrent.locks.LockSupport.parkNanos(MILLISECONDS.toNanos(10));
        }
        return !database.sql().query(sql).isEmpty();
    }

    @Test
    void withoutCachedStatements_asBehindAPooler_writesAndRefusals() {
        try (GatewayDatabase database = GatewayDatabase.at(NODE)) {
            EntityStore store =
                    database.store(NODE, PostgresStoreOptions.defaults().caching(false));
            Entity entity = await(store.insert(service()));
            await(store.update(entity.type(), EntityKey.of(entity.id()), old -> old.with("port", 81L)));
            await(store.upsert(entity.with("port", 82L), EntityKey.of(entity.id())));
            database.gate(new Gate(Gate.State.OPEN, Release.of(2, 4), NODE, 1, null, false, false, false));
            for (int i = 0; i < 3; i++) {
                assertThat(((StoreException) catchThrowable(() -> await(store.insert(service())))).error())
                        .isEqualTo(StoreError.MIGRATION_PENDING);
            }
            assertThat(database.sql().query("SELECT port FROM services")).containsExactly("82");
            await(store.close());
        }
    }

    /** Passes bytes on until the client sends a word for the first time; then the connection is gone. */
    private static final class CuttingProxy {
        private final GatewayDatabase database;
        private final int port;
        private final AtomicBoolean cut = new AtomicBoolean();

        /** @param arrives whether what holds the word still reaches the server */
        CuttingProxy(GatewayDatabase database, String word, boolean arrives) {
            this.database = database;
            io.vertx.core.net.NetClient client = database.vertx().createNetClient();
            this.port = await(database.vertx()
                            .createNetServer()
                            .connectHandler(from -> {
                                from.pause();
                                client.connect(database.connect().getPort(), "127.0.0.1")
                                        .onSuccess(to -> {
                                            to.handler(from::write);
                                            to.closeHandler(closed -> from.close());
                                            from.closeHandler(closed -> to.close());
                                            from.handler(bytes -> {
                                                boolean now = bytes.toString("ISO-8859-1")
                                                                .contains(word)
                                                        && cut.compareAndSet(false, true);
                                                if (!now) {
                                                    to.write(bytes);
                                                } else if (arrives) {
                                                    to.handler(answer -> {});
                                                    to.write(bytes).onComplete(sent -> from.close());
                                                } else {
                                                    from.close();
                                                }
                                            });
                                            from.resume();
                                        });
                            })
                            .listen(0, "127.0.0.1"))
                    .actualPort();
        }

        EntityStore store() {
            return PostgresEntityStore.create(
                    database.vertx(),
                    database.connect().setPort(port),
                    EngineTables.standard(),
                    NODE,
                    "test",
                    Optional::empty,
                    PostgresStoreOptions.defaults().pool(1));
        }
    }

    private static Entity service() {
        return VALIDATOR
                .create(EntityTypes.at(NODE).get("services"), Map.of("host", "a"))
                .entity();
    }

    /** Threads that insert without a pause until they are stopped. */
    private static final class Writers {
        private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
        private final Queue<StoreError> errors = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean over = new AtomicBoolean();
        private final List<Thread> threads = new ArrayList<>();

        Writers(EntityStore store, int count) {
            for (int i = 0; i < count; i++) {
                Thread thread = new Thread(() -> {
                    while (!over.get()) {
                        Entity entity = service();
                        Throwable failure = catchThrowable(() -> await(store.insert(entity)));
                        if (failure == null) {
                            acknowledged.add(entity.id().toString());
                        } else {
                            errors.add(((StoreException) failure).error());
                        }
                    }
                });
                threads.add(thread);
                thread.start();
            }
        }

        void stop() throws InterruptedException {
            over.set(true);
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }
}
