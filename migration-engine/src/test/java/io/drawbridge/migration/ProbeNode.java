package io.drawbridge.migration;

import io.drawbridge.migration.postgres.EngineTables;
import io.drawbridge.migration.postgres.PgStep;
import io.drawbridge.migration.postgres.PostgresMigrationBackend;
import io.drawbridge.migration.postgres.PostgresMigrationOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * A process that is there to be killed: carries a database from 1.0 to 2.0 through every kind of step, slowly enough to be
 * met in the middle of each. Arguments: uri, member, release, {@code migrate}, {@code finish}, or
 * {@code crowd} for five nodes at once.
 */
final class ProbeNode {
    static final Duration TTL = Duration.ofSeconds(1);

    private ProbeNode() {}

    static Catalog<PgStep> catalog() {
        Release v1 = World.V1;
        Release v2 = World.V2;
        PgStep slow = PgStep.statements(
                "slow statement", "sleeps", "INSERT INTO effect VALUES ('slow')", "SELECT pg_sleep(0.7)");
        return new Catalog<>(
                List.of(v1, v2),
                List.of(
                        Migration.expandOnly(
                                "core",
                                "000_base",
                                v1,
                                List.of(PgStep.statements(
                                        "tables",
                                        "new tables",
                                        "CREATE TABLE item (id bigint PRIMARY KEY, old text)",
                                        "CREATE TABLE effect (what text NOT NULL)",
                                        "INSERT INTO item SELECT n, 'v' || n FROM generate_series(1, 6000) n")),
                                List.of()),
                        new Migration<>(
                                "core",
                                "001_new_form",
                                v2,
                                List.of(
                                        PgStep.statements(
                                                "column",
                                                "ACCESS EXCLUSIVE",
                                                "ALTER TABLE item ADD COLUMN IF NOT EXISTS new text"),
                                        slow,
                                        new PgStep.ConcurrentIndex("index", "item", "item_new", false, "item (new)")),
                                List.of(
                                        new PgStep.Backfill(
                                                "fill",
                                                "item",
                                                "id",
                                                "bigint",
                                                "new IS NULL",
                                                "new = upper(old)",
                                                true),
                                        PgStep.statements(
                                                "count",
                                                "inserts",
                                                "INSERT INTO effect SELECT 'n' || count(*) FROM item WHERE new IS NOT NULL")),
                                List.of(
                                        new PgStep.ValidatedConstraint(
                                                "not null", "item", "item_new_there", "CHECK (new IS NOT NULL)"),
                                        PgStep.statements(
                                                "drop",
                                                "ACCESS EXCLUSIVE",
                                                "ALTER TABLE item DROP COLUMN IF EXISTS old")),
                                List.of())),
                List.of());
    }

    static Migrator<PgStep> migrator(Vertx vertx, PgConnectOptions connect, String member, Release release) {
        PostgresMigrationOptions postgres =
                PostgresMigrationOptions.defaults().idleInTransaction(TTL).batches(Duration.ofMillis(20), 300, 1);
        MigrationOptions options = MigrationOptions.defaults(
                        member, UUID.randomUUID().toString(), release)
                .timing(TTL, Duration.ofMillis(100), Duration.ofSeconds(40));
        return new Migrator<>(
                vertx,
                PostgresMigrationBackend.create(vertx, connect, EngineTables.standard(), null, postgres),
                catalog(),
                options,
                MigrationListener.NONE);
    }

    public static void main(String[] arguments) throws Exception {
        Vertx vertx = Vertx.vertx();
        Release release = Release.parse(arguments[2]);
        if (arguments[3].equals("crowd")) {
            crowd(vertx, PgConnectOptions.fromUri(arguments[0]), arguments[1], release);
            return;
        }
        Migrator<PgStep> migrator = migrator(vertx, PgConnectOptions.fromUri(arguments[0]), arguments[1], release);
        System.out.println("alive");
        Future<Outcome> work = migrator.migrate()
                .compose(up -> arguments[3].equals("finish")
                        ? migrator.finish(FinishOptions.standard(arguments[1]))
                        : Future.succeededFuture(up));
        /* However it ends, the process does: its event loops would keep it alive after a failure. */
        work.onComplete(end -> {
            System.out.println(end.succeeded() ? "done " + end.result().gate() : "failed " + end.cause());
            vertx.close().onComplete(closed -> System.exit(end.succeeded() ? 0 : 1));
        });
    }

    private static void crowd(Vertx vertx, PgConnectOptions connect, String name, Release release) throws Exception {
        List<Future<Outcome>> nodes = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            nodes.add(migrator(vertx, connect, name + '-' + i, release).migrate());
        }
        Future.all(nodes).await(60, TimeUnit.SECONDS);
        System.out.println("all done "
                + nodes.stream().filter(node -> node.result().changed()).count());
        vertx.close().await(10, TimeUnit.SECONDS);
    }
}
