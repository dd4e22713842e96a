package io.drawbridge.migration;

import static io.drawbridge.migration.MigrationContract.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.migration.postgres.PgStep;
import io.drawbridge.postgres.PostgresServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
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
        TimeUnit.MILLISECONDS.sleep(400);
        server.restart(true);
        assertThat(await(up).gate()).hasToString("OPEN(1.0,2.0)");

        Future<Outcome> finish = untilDone(node);
        TimeUnit.MILLISECONDS.sleep(500);
        server.restart(true);
        assertThat(await(finish).gate()).hasToString("STEADY(2.0)");
        assertConverted();
    }

    @Test
    void pgBouncer_transactionMode_upAndFinishWork(@TempDir Path folder) throws Exception {
        Path binary = Path.of("/usr/sbin/pgbouncer");
        Assumptions.assumeTrue(
                Files.isExecutable(binary), "not run: PgBouncer is not installed (apt-get install pgbouncer)");
        int port = freePort();
        Process bouncer = bouncer(binary, folder, port);
        try {
            PgConnectOptions through =
                    new PgConnectOptions(world.connectOptions()).setPort(port).setHost("127.0.0.1");
            accepting(port);
            Migrator<PgStep> node = ProbeNode.migrator(vertx, through, "b", World.V2);
            assertThat(await(node.migrate()).gate()).hasToString("OPEN(1.0,2.0)");
            assertThat(await(node.finish(FinishOptions.standard("test"))).gate())
                    .hasToString("STEADY(2.0)");
            assertConverted();
        } finally {
            bouncer.destroyForcibly().waitFor();
        }
    }

    private Process bouncer(Path binary, Path folder, int port) throws IOException {
        PgConnectOptions real = world.connectOptions();
        Path users = folder.resolve("users.txt");
        Files.writeString(users, "\"" + real.getUser() + "\" \"" + real.getPassword() + "\"\n");
        Path ini = folder.resolve("pgbouncer.ini");
        Files.writeString(ini, """
                [databases]
                * = host=%s port=%d
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = plain
                auth_file = %s
                pool_mode = transaction
                default_pool_size = 5
                ignore_startup_parameters = extra_float_digits,search_path,client_min_messages
                """.formatted(real.getHost(), real.getPort(), port, users));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        boolean root = "root".equals(System.getProperty("user.name"));
        ProcessBuilder command = root
                ? new ProcessBuilder(binary.toString(), "-u", "nobody", ini.toString())
                : new ProcessBuilder(binary.toString(), ini.toString());
        return command.redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void accepting(int port) throws InterruptedException {
        for (int i = 0; i < 200; i++) {
            try {
                new java.net.Socket("127.0.0.1", port).close();
                return;
            } catch (IOException notYet) {
                TimeUnit.MILLISECONDS.sleep(25);
            }
        }
        throw new AssertionError("PgBouncer does not listen");
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
