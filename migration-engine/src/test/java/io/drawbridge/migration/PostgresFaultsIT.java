package io.drawbridge.migration;

import static io.drawbridge.migration.Waiting.assertError;
import static io.drawbridge.migration.Waiting.await;
import static io.drawbridge.migration.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.migration.postgres.PgStep;
import io.drawbridge.migration.postgres.PostgresMigrationOptions;
import io.drawbridge.postgres.PostgresServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The database and the network go away in the middle. */
final class PostgresFaultsIT {
    private static final long SEED = 42;
    private static Vertx vertx;
    private PostgresServer server;
    private PostgresWorld world;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() {
        await(vertx.close());
    }

    @BeforeEach
    void database() {
        server = PostgresServer.temporary();
        world = new PostgresWorld(vertx, server);
        world.fresh();
        await(ProbeNode.migrator(vertx, world.connectOptions(), "a", World.V1).migrate());
    }

    @AfterEach
    void disconnect() {
        world.close();
        server.close();
    }

    @Test
    void connections_cutAtRandom_upAndFinishEndWell() {
        try (CuttingProxy proxy = new CuttingProxy(
                vertx, world.connectOptions().getHost(), world.connectOptions().getPort())) {
            PgConnectOptions through = new PgConnectOptions(world.connectOptions()).setPort(proxy.port());
            Random random = new Random(SEED);
            long[] timer = {0};
            int[] cuts = {0};
            timer[0] = vertx.setPeriodic(150, tick -> {
                if (random.nextInt(3) == 0 && cuts[0] < 12) {
                    cuts[0]++;
                    proxy.cut();
                }
            });
            Migrator<PgStep> node = ProbeNode.migrator(vertx, through, "b", World.V2);
            Future<Outcome> work = untilDone(node);
            assertThat(await(work).gate()).hasToString("STEADY(2.0)");
            vertx.cancelTimer(timer[0]);
            assertThat(cuts[0]).isPositive();
            assertConverted();
        }
    }

    /** A person types the command again when told that the database went away. */
    private Future<Outcome> untilDone(Migrator<PgStep> node) {
        return Futures.loop(
                vertx,
                () -> node.migrate()
                        .compose(up -> node.finish(FinishOptions.standard("test")))
                        .recover(failure -> MigrationException.is(failure, MigrationError.UNAVAILABLE)
                                        || MigrationException.is(failure, MigrationError.OUTCOME_UNKNOWN)
                                ? Futures.pause(vertx, Duration.ofMillis(100)).mapEmpty()
                                : Future.failedFuture(failure)));
    }

    @Test
    void server_restartedInTheMiddleOfUpAndOfFinish_bothEndWell() throws Exception {
        Migrator<PgStep> node = ProbeNode.migrator(vertx, world.connectOptions(), "b", World.V2);
        Future<Outcome> up = node.migrate();
        until(() ->
                answers("SELECT EXISTS (SELECT FROM drawbridge_journal WHERE state = 'EXPANDING' AND steps_done > 0)"));
        server.restart(true);
        assertThat(await(up).gate()).hasToString("OPEN(1.0,2.0)");

        Future<Outcome> finish = untilDone(node);
        until(() -> answers("SELECT EXISTS (SELECT FROM drawbridge_journal WHERE cursor_at IS NOT NULL)"));
        server.restart(true);
        assertThat(await(finish).gate()).hasToString("STEADY(2.0)");
        assertConverted();
    }

    @Test
    void pgBouncer_transactionMode_upAndFinishWorkAndLeaveItsConnectionsAsTheyWere(@TempDir Path folder)
            throws Exception {
        try (PgBouncer bouncer = new PgBouncer(world.connectOptions(), folder)) {
            PgConnectOptions through = bouncer.through(world.connectOptions());
            Migrator<PgStep> node = ProbeNode.migrator(vertx, through, "b", World.V2);
            assertThat(await(node.migrate()).gate()).hasToString("OPEN(1.0,2.0)");
            assertThat(await(node.finish(FinishOptions.standard("test"))).gate())
                    .hasToString("STEADY(2.0)");
            assertConverted();

            assertThat(statementTimeouts(through)).containsOnly("0");
        }
    }

    /* The index waits for a reader; who limits it is the engine, for nothing may be set on a connection that is shared. */
    @Test
    void pgBouncer_transactionMode_indexBuildEndsAtItsLimit(@TempDir Path folder) throws Exception {
        PostgresMigrationOptions patient = PostgresMigrationOptions.defaults();
        PostgresMigrationOptions limited = new PostgresMigrationOptions(
                patient.lockTimeout(),
                patient.lockWait(),
                Duration.ofSeconds(2),
                patient.answerTimeout(),
                patient.idleInTransaction(),
                patient.batchTarget(),
                patient.batchMax(),
                patient.throttle(),
                patient.poolSize(),
                List.of());
        PgConnection reader = await(PgConnection.connect(vertx, world.connectOptions()));
        await(reader.query("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM effect")
                .execute());
        try (PgBouncer bouncer = new PgBouncer(world.connectOptions(), folder)) {
            Migrator<PgStep> node = new Migrator<>(
                    vertx,
                    world.connect(bouncer.through(world.connectOptions()), limited),
                    ProbeNode.catalog(),
                    world.options("b", World.V2),
                    MigrationListener.NONE);

            assertError(MigrationError.STEP_FAILED, () -> await(node.migrate()));
        }
        await(reader.close());
    }

    /** As each of the connections that PgBouncer's clients share has it. */
    private static List<String> statementTimeouts(PgConnectOptions through) {
        List<String> timeouts = new ArrayList<>();
        List<PgConnection> held = new ArrayList<>();
        for (int i = 0; i < PgBouncer.CONNECTIONS; i++) {
            PgConnection connection = await(PgConnection.connect(vertx, through));
            held.add(connection);
            await(connection.query("BEGIN").execute());
            timeouts.add(await(connection.query("SHOW statement_timeout").execute())
                    .iterator()
                    .next()
                    .getString(0));
        }
        held.forEach(connection -> await(connection.close()));
        return timeouts;
    }

    /** False also while the database is away. */
    private boolean answers(String question) {
        return await(world.pool()
                .query(question)
                .execute()
                .map(rows -> rows.iterator().next().getBoolean(0))
                .otherwise(false));
    }

    private void assertConverted() {
        var row = await(world.pool()
                        .query("SELECT (SELECT count(*) FROM item WHERE new LIKE 'V%') AS items,"
                                + " (SELECT string_agg(what, ',' ORDER BY what) FROM effect) AS effects")
                        .execute())
                .iterator()
                .next();
        assertThat(row.getLong("items")).isEqualTo(6000);
        assertThat(row.getString("effects")).isEqualTo("n6000,slow");
    }
}
