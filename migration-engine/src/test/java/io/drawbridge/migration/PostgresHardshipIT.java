package io.drawbridge.migration;

import static io.drawbridge.migration.MigrationContract.assertError;
import static io.drawbridge.migration.MigrationContract.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.migration.postgres.EngineTables;
import io.drawbridge.migration.postgres.PgStep;
import io.drawbridge.migration.postgres.PostgresMigrationBackend;
import io.drawbridge.migration.postgres.PostgresMigrationOptions;
import io.drawbridge.postgres.PostgresServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What others do to the engine's leases, locks and connections, and what its own steps throw. */
final class PostgresHardshipIT {
    private static final String MIGRATIONS = MigrationBackend.MIGRATIONS;
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(1);
    private static Vertx vertx;
    private static PostgresServer server;
    private PostgresWorld world;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        server = PostgresServer.temporary();
    }

    @AfterAll
    static void stop() {
        await(vertx.close());
        server.close();
    }

    @BeforeEach
    void database() {
        world = new PostgresWorld(vertx, server);
        world.fresh();
        await(world.node("boot", World.V1).bootstrap());
    }

    @AfterEach
    void disconnect() {
        world.close();
    }

    /* One node may hold two leases of the same epoch; an heir of one must not end the steps of the other. */
    @Test
    void takeover_otherLeaseOfTheSameHolderAndEpoch_leavesItsStepAlone() {
        MigrationBackend<PgStep> node = world.connect();
        sql("UPDATE drawbridge_lease SET epoch = 7, expires_at = '-infinity'");
        Lease leading = await(node.acquire(MIGRATIONS, "a", "x", LONG, null)).orElseThrow();
        assertThat(await(node.acquire("sequencer", "a", "x", SHORT, null))).isPresent();
        Future<?> step = node.apply(leading, action("SELECT pg_sleep(1.5)"));
        await(Futures.pause(vertx, Duration.ofMillis(500)));

        assertThat(await(world.connect().acquire("sequencer", "b", "y", LONG, null)))
                .isPresent();

        await(step);
    }

    /* An operator's command ran as a superuser and died; nodes run as a role that may not end its backend. */
    @Test
    void takeover_deadLeadersRoleIsMightier_happensAllTheSame() {
        MigrationBackend<PgStep> operator = world.connect();
        sql("UPDATE drawbridge_lease SET expires_at = '-infinity'");
        Lease dead = await(operator.acquire(MIGRATIONS, "operator", "x", Duration.ofMillis(1500), null))
                .orElseThrow();
        await(operator.apply(dead, action("SELECT 1")));
        await(Futures.pause(vertx, Duration.ofMillis(1600)));
        sql("DO $$ BEGIN CREATE ROLE plain LOGIN PASSWORD 'plain'; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
                + " GRANT ALL ON ALL TABLES IN SCHEMA public TO plain");
        PgConnectOptions plain =
                new PgConnectOptions(world.connectOptions()).setUser("plain").setPassword("plain");

        try (Closing heir = new Closing(backend(plain))) {
            Optional<Lease> taken = await(heir.backend().acquire(MIGRATIONS, "heir", "y", LONG, null));

            assertThat(taken).isPresent();
        }
    }

    @Test
    void step_throwsFromItsOwnCode_isAFailedStepAndNotADatabaseAway() {
        PgStep broken = new PgStep.Call(
                "broken",
                connection -> {
                    throw new IllegalStateException("not what I expected");
                },
                false,
                "none");

        assertError(
                MigrationError.STEP_FAILED,
                () -> await(node(world.connect(), broken).up(UpOptions.standard())));
    }

    @Test
    void step_namesATableThatIsNotThere_saysWhichOne() {
        PgStep broken = PgStep.statements("broken", "none", "SELECT 1 FROM no_such_table");
        Future<Outcome> up = node(world.connect(), broken).up(UpOptions.standard());

        String message = await(up.map("done").otherwise(Throwable::getMessage));

        assertThat(message).contains("no_such_table");
    }

    /* A node that starts meanwhile waits for it instead of ending. */
    @Test
    void read_othersHoldATableOfOurs_isUnavailableForNow() {
        MigrationBackend<PgStep> node = world.connect();
        PgConnection other = await(PgConnection.connect(vertx, world.connectOptions()));
        await(other.query("BEGIN; LOCK TABLE drawbridge_journal").execute());

        assertError(MigrationError.UNAVAILABLE, () -> await(node.read()));

        await(other.close());
    }

    /* After a failover the connections may lead to what is now a replica. */
    @Test
    void announce_serverIsReadOnly_isUnavailableForNow() {
        PgConnectOptions readOnly =
                new PgConnectOptions(world.connectOptions()).addProperty("default_transaction_read_only", "on");
        try (Closing node = new Closing(backend(readOnly))) {
            Member member = Member.of("a", "x", World.V1, "node", "");

            assertError(MigrationError.UNAVAILABLE, () -> await(node.backend().announce(member)));
        }
    }

    /* Connections that vanish without a word: no reset, no answer, ever. */
    @Test
    void connections_vanish_heartbeatsLooksAndStepsGoOn() {
        PgConnectOptions real = world.connectOptions();
        try (CuttingProxy proxy = new CuttingProxy(vertx, real.getHost(), real.getPort());
                Closing node = new Closing(
                        backend(new PgConnectOptions(real).setHost("127.0.0.1").setPort(proxy.port())))) {
            MigrationOptions options = world.options("a", World.V2);
            Membership membership = new Membership(vertx, node.backend(), options);
            await(membership.start());
            Future<Outcome> up = node(node.backend(), PgStep.statements("slow", "none", "SELECT pg_sleep(1)"))
                    .migrate();
            await(Futures.pause(vertx, Duration.ofMillis(600)));

            proxy.vanish();

            assertThat(await(up).gate()).hasToString("OPEN(1.0,2.0)");
            assertThat(await(world.connect().members(LONG)))
                    .singleElement()
                    .satisfies(member -> assertThat(member.silent()).isLessThan(Duration.ofSeconds(2)));
            await(membership.stop());
        }
    }

    private static Action<PgStep> action(String sql) {
        PgStep step = PgStep.statements("step", "none", sql);
        return new Action<>(
                Migration.expandOnly("core", "001_test", World.V2, List.of(step), List.of()),
                step,
                JournalEntry.of("core/001_test", JournalEntry.State.EXPANDING, 0),
                JournalEntry.of("core/001_test", JournalEntry.State.CONTRACTED, 0));
    }

    private static MigrationBackend<PgStep> backend(PgConnectOptions connect) {
        return PostgresMigrationBackend.create(
                vertx, connect, EngineTables.standard(), null, PostgresMigrationOptions.defaults());
    }

    private Migrator<PgStep> node(MigrationBackend<PgStep> backend, PgStep step) {
        Catalog<PgStep> catalog = new Catalog<>(
                List.of(World.V1, World.V2),
                List.of(Migration.expandOnly("core", "001_test", World.V2, List.of(step), List.of())),
                List.of());
        return new Migrator<>(vertx, backend, catalog, world.options("a", World.V2), MigrationListener.NONE);
    }

    private void sql(String statement) {
        await(world.pool().query(statement).execute());
    }

    private record Closing(MigrationBackend<PgStep> backend) implements AutoCloseable {
        @Override
        public void close() {
            backend.close();
        }
    }
}
