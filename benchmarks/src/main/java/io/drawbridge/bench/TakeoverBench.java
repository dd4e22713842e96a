package io.drawbridge.bench;

import io.drawbridge.migration.Catalog;
import io.drawbridge.migration.JournalEntry;
import io.drawbridge.migration.Migration;
import io.drawbridge.migration.MigrationListener;
import io.drawbridge.migration.MigrationOptions;
import io.drawbridge.migration.Migrator;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.Step;
import io.drawbridge.migration.UpOptions;
import io.drawbridge.migration.postgres.EngineTables;
import io.drawbridge.migration.postgres.PgStep;
import io.drawbridge.migration.postgres.PostgresMigrationBackend;
import io.drawbridge.migration.postgres.PostgresMigrationOptions;
import io.drawbridge.postgres.Database;
import io.drawbridge.postgres.PostgresServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A leader is killed with -9 in a statement that would run for a minute: how long until the next one runs its first step. */
final class TakeoverBench {
    private static final Release V1 = Release.of(1, 0);
    private static final Release V2 = Release.of(2, 0);
    private static final Duration TTL = Duration.ofSeconds(3);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final int RUNS = 7;

    private TakeoverBench() {}

    static void run(Vertx vertx) throws Exception {
        System.out.printf(
                "%n## leader killed with -9 inside a long statement; TTL %d ms, poll %d ms%n",
                TTL.toMillis(), POLL.toMillis());
        double[] took = new double[RUNS];
        try (PostgresServer server = PostgresServer.temporary()) {
            for (int i = 0; i < RUNS; i++) {
                took[i] = once(vertx, server.createDatabase());
            }
        }
        System.out.println("  kill to the next leader's first step  " + Children.spread(took));
        System.out.printf(
                "  bound: TTL plus one poll = %.2f s%n", TTL.plus(POLL).toMillis() / 1e3);
    }

    private static double once(Vertx vertx, Database database) throws Exception {
        Waiting.on(migrator(vertx, Seed.connect(database), "boot", V1, MigrationListener.NONE)
                .bootstrap());
        database.execute("CREATE TABLE pace (seconds int)", "INSERT INTO pace VALUES (60)");
        Process leader = Children.java(
                        List.of(),
                        TakeoverBench.class,
                        database.host(),
                        String.valueOf(database.port()),
                        database.user(),
                        database.password(),
                        database.database())
                .start();
        while (database.query("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
                .isEmpty()) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        database.execute("UPDATE pace SET seconds = 0");
        AtomicLong acted = new AtomicLong();
        MigrationListener listener = new MigrationListener() {
            @Override
            public void stepStarted(String migration, JournalEntry.State phase, Step step) {
                acted.compareAndSet(0, System.nanoTime());
            }
        };
        Future<?> heir =
                migrator(vertx, Seed.connect(database), "heir", V2, listener).up(UpOptions.standard());
        TimeUnit.MILLISECONDS.sleep(2_000);
        long killed = System.nanoTime();
        leader.destroyForcibly().waitFor();
        Waiting.on(heir);
        return (acted.get() - killed) / 1e9;
    }

    private static Migrator<PgStep> migrator(
            Vertx vertx, PgConnectOptions connect, String member, Release release, MigrationListener listener) {
        Catalog<PgStep> catalog = new Catalog<>(
                List.of(V1, V2),
                List.of(Migration.expandOnly(
                        "bench",
                        "001_slow",
                        V2,
                        List.of(PgStep.statements("slow", "sleeps", "SELECT pg_sleep(seconds) FROM pace")),
                        List.of())),
                List.of());
        MigrationOptions options = MigrationOptions.defaults(
                        member, UUID.randomUUID().toString(), release)
                .timing(TTL, POLL, Duration.ofMinutes(2));
        return new Migrator<>(
                vertx,
                PostgresMigrationBackend.create(
                        vertx, connect, EngineTables.standard(), null, PostgresMigrationOptions.defaults()),
                catalog,
                options,
                listener);
    }

    /** The leader that is killed. */
    public static void main(String[] arguments) {
        Database database =
                new Database(arguments[0], Integer.parseInt(arguments[1]), arguments[4], arguments[2], arguments[3]);
        Waiting.on(migrator(Vertx.vertx(), Seed.connect(database), "leader", V2, MigrationListener.NONE)
                .up(UpOptions.standard()));
    }
}
