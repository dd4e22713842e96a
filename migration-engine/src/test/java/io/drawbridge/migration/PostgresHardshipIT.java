package io.drawbridge.migration;

import static io.drawbridge.migration.Waiting.assertError;
import static io.drawbridge.migration.Waiting.await;
import static io.drawbridge.migration.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.migration.postgres.PgStep;
import io.drawbridge.migration.postgres.PostgresMigrationOptions;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What others do to the engine's leases, locks and connections, and what its own steps throw. */
final class PostgresHardshipIT extends PostgresTest {
    private static final String MIGRATIONS = MigrationBackend.MIGRATIONS;
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(1);

    @BeforeEach
    void atRelease1() {
        bootstrapped();
    }

    /* One node may hold two leases of the same epoch; an heir of one must not end the steps of the other. */
    @Test
    void takeover_otherLeaseOfTheSameHolderAndEpoch_leavesItsStepAlone() {
        MigrationBackend<PgStep> node = world.connect();
        sql("UPDATE drawbridge_lease SET epoch = 7, expires_at = '-infinity'");
        Lease leading = await(node.acquire(MIGRATIONS, "a", "x", LONG, null)).orElseThrow();
        assertThat(await(node.acquire("sequencer", "a", "x", SHORT, null))).isPresent();
        Future<?> step = node.apply(leading, action("SELECT pg_sleep(1.5)"));
        until(() -> running("wait_event = 'PgSleep'") == 1);

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
        until(() -> count("SELECT count(*) FROM drawbridge_lease WHERE expires_at < clock_timestamp()"
                        + " AND name = 'migrations'")
                == 1);

        Optional<Lease> taken = await(world.connect(asPlainRole()).acquire(MIGRATIONS, "heir", "y", LONG, null));

        assertThat(taken).isPresent();
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

        assertError(MigrationError.STEP_FAILED, () -> await(node("a", broken).up(UpOptions.standard())));
    }

    @Test
    void step_namesATableThatIsNotThere_saysWhichOne() {
        PgStep broken = PgStep.statements("broken", "none", "SELECT 1 FROM no_such_table");
        Future<Outcome> up = node("a", broken).up(UpOptions.standard());

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

    @Test
    void read_roleMayNotAskWhichServerItIs_worksWithoutThat() {
        sql("REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC");
        MigrationBackend<PgStep> node = world.connect(asPlainRole());

        ClusterState cluster = await(node.read());

        assertThat(cluster.gate()).hasToString("STEADY(1.0)");
        assertThat(await(world.connect().read()).identity())
                .startsWith(cluster.identity())
                .isNotEqualTo(cluster.identity());
    }

    @Test
    void watch_roleMayNoLongerAskWhichServerItIs_goesOnWithoutAnAlarm() {
        MigrationBackend<PgStep> node = world.connect(asPlainRole());
        AtomicReference<ClusterState> seen = new AtomicReference<>();
        MigrationOptions options = world.options("a", World.V1);
        MigrationWatch watch =
                new MigrationWatch(vertx, node, node("a", World.V1, node, MigrationListener.NONE), options, seen::set);
        await(watch.start());
        String before = seen.get().identity();

        sql("REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC");

        until(() -> !seen.get().identity().equals(before));
        assertThat(before).startsWith(seen.get().identity());
        assertThat(watch.wentBack()).isEmpty();
        await(watch.stop());
    }

    /* After a failover the connections may lead to what is now a replica. */
    @Test
    void announce_serverIsReadOnly_isUnavailableForNow() {
        PgConnectOptions readOnly =
                new PgConnectOptions(world.connectOptions()).addProperty("default_transaction_read_only", "on");
        Member member = Member.of("a", "x", World.V1, "node", "");

        assertError(
                MigrationError.UNAVAILABLE, () -> await(world.connect(readOnly).announce(member)));
    }

    /* Connections that vanish without a word: no reset, no answer, ever. */
    @Test
    void connections_vanish_heartbeatsLooksAndStepsGoOn() {
        PgConnectOptions real = world.connectOptions();
        try (CuttingProxy proxy = new CuttingProxy(vertx, real.getHost(), real.getPort())) {
            MigrationBackend<PgStep> backend = world.connect(
                    new PgConnectOptions(real).setHost("127.0.0.1").setPort(proxy.port()));
            Membership membership = new Membership(vertx, backend, world.options("a", World.V2));
            await(membership.start());
            Future<Outcome> up = node("a", backend, PgStep.statements("slow", "none", "SELECT pg_sleep(1)"))
                    .migrate();
            long beat = count("SELECT beat FROM drawbridge_lease WHERE name = 'migrations'");
            until(() -> count("SELECT beat FROM drawbridge_lease WHERE name = 'migrations'") > beat + 1);
            until(() -> running("wait_event = 'PgSleep'") == 1);

            proxy.vanish();

            assertThat(await(up).gate()).hasToString("OPEN(1.0,2.0)");
            assertThat(await(world.connect().members(LONG)))
                    .singleElement()
                    .satisfies(member -> assertThat(member.silent()).isLessThan(Duration.ofSeconds(2)));
            await(membership.stop());
        }
    }

    /* The lease's own connection came after that, so that nothing but the server's word tells that the step is over. */
    @Test
    void connectionOfAStep_vanishesWhileTheLeaseIsRenewed_endsTheStep() {
        PgConnectOptions real = world.connectOptions();
        try (CuttingProxy proxy = new CuttingProxy(vertx, real.getHost(), real.getPort())) {
            MigrationBackend<PgStep> node = world.connect(
                    new PgConnectOptions(real).setHost("127.0.0.1").setPort(proxy.port()),
                    PostgresMigrationOptions.defaults().idleInTransaction(Duration.ofSeconds(1)));
            Lease lease = await(node.acquire(MIGRATIONS, "a", "x", LONG, null)).orElseThrow();
            Future<?> step = node.apply(lease, action("SELECT pg_sleep(1)"));
            until(() -> running("wait_event = 'PgSleep'") == 1);

            proxy.vanish();

            until(() -> {
                await(node.renew(lease, LONG, ""));
                return step.isComplete();
            });
            assertError(MigrationError.UNAVAILABLE, () -> await(step));
        }
    }

    /* Between two statements that have no transaction a connection is idle: at each look, by chance. */
    @Test
    void stepsInARow_whileTheLeaseIsRenewed_areNotTakenForVanished() {
        MigrationBackend<PgStep> node = world.connect();
        sql("CREATE TABLE item (id bigint)");
        Lease lease = await(node.acquire(MIGRATIONS, "a", "x", LONG, null)).orElseThrow();

        Future<Void> steps = Futures.forEach(
                IntStream.range(0, 60).boxed().toList(),
                n -> node.apply(
                                lease,
                                action(
                                        "%03d_index".formatted(n),
                                        new PgStep.ConcurrentIndex("index", "item", "item_" + n, false, "item (id)")))
                        .mapEmpty());
        until(() -> {
            await(node.renew(lease, LONG, ""));
            return steps.isComplete();
        });

        await(steps);
        assertThat(count("SELECT count(*) FROM pg_indexes WHERE tablename = 'item'"))
                .isEqualTo(60);
    }

    private static Action<PgStep> action(String sql) {
        return action("001_test", PgStep.statements("step", "none", sql));
    }

    private static Action<PgStep> action(String name, PgStep step) {
        return new Action<>(
                Migration.expandOnly("core", name, World.V2, List.of(step), List.of()),
                step,
                JournalEntry.of("core/" + name, JournalEntry.State.EXPANDING, 0),
                JournalEntry.of("core/" + name, JournalEntry.State.CONTRACTED, 0));
    }

    /** A role that is no more than it must be. */
    private PgConnectOptions asPlainRole() {
        sql("DO $$ BEGIN CREATE ROLE plain LOGIN PASSWORD 'plain'; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
                + " GRANT ALL ON ALL TABLES IN SCHEMA public TO plain");
        return new PgConnectOptions(world.connectOptions()).setUser("plain").setPassword("plain");
    }
}
