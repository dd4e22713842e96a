package io.drawbridge.example;

import io.drawbridge.migration.Catalog;
import io.drawbridge.migration.Membership;
import io.drawbridge.migration.Migration;
import io.drawbridge.migration.MigrationListener;
import io.drawbridge.migration.MigrationOptions;
import io.drawbridge.migration.Migrator;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.postgres.EngineTables;
import io.drawbridge.migration.postgres.PgStep;
import io.drawbridge.migration.postgres.PostgresMigrationBackend;
import io.drawbridge.migration.postgres.PostgresMigrationOptions;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import java.util.List;
import java.util.UUID;

/** A plain Vert.x program that brings its own database up to date when it starts, however many of it start at once. */
public final class OrdersService {
    private static final Release V1 = Release.of(1, 0);
    private static final Release V2 = Release.of(2, 0);

    private OrdersService() {}

    /** Everything this program ever changed about its database. Append at the bottom. */
    static Catalog<PgStep> catalog() {
        Migration<PgStep> base = Migration.expandOnly(
                "orders",
                "000_base",
                V1,
                List.of(
                        PgStep.statements(
                                "tables",
                                "creates orders",
                                "CREATE TABLE IF NOT EXISTS orders (id bigint PRIMARY KEY, total text NOT NULL)",
                                "INSERT INTO orders SELECT n, n || ' EUR' FROM generate_series(1, 1000) n ON CONFLICT DO NOTHING")),
                List.of());
        Migration<PgStep> cents = new Migration<>(
                "orders",
                "001_cents",
                V2,
                List.of(PgStep.statements(
                        "column",
                        "ACCESS EXCLUSIVE on orders for an instant",
                        "ALTER TABLE orders ADD COLUMN IF NOT EXISTS cents bigint")),
                List.of(new PgStep.Backfill(
                        "cents",
                        "orders",
                        "id",
                        "bigint",
                        "cents IS NULL",
                        "cents = split_part(total, ' ', 1)::bigint * 100",
                        true)),
                List.of(PgStep.statements(
                        "old column",
                        "ACCESS EXCLUSIVE on orders for an instant",
                        "ALTER TABLE orders DROP COLUMN IF EXISTS total")),
                List.of(PgStep.statements(
                        "column",
                        "ACCESS EXCLUSIVE on orders for an instant",
                        "ALTER TABLE orders DROP COLUMN IF EXISTS cents")));
        return new Catalog<>(List.of(V1, V2), List.of(base, cents), List.of());
    }

    /** Arguments: the database's URI, this node's name, its release. */
    public static void main(String[] arguments) {
        Vertx vertx = Vertx.vertx();
        var backend = PostgresMigrationBackend.create(
                vertx,
                PgConnectOptions.fromUri(arguments[0]),
                new EngineTables("orders_"),
                null,
                PostgresMigrationOptions.defaults());
        var options =
                MigrationOptions.defaults(arguments[1], UUID.randomUUID().toString(), Release.parse(arguments[2]));
        var migrator = new Migrator<>(vertx, backend, catalog(), options, MigrationListener.NONE);
        var membership = new Membership(vertx, backend, options);
        migrator.prepare()
                .compose(prepared -> membership.start())
                .compose(registered -> migrator.migrate())
                .onSuccess(migrated -> System.out.println("ready " + migrated.gate()
                        + (migrated.changed() ? " (this node led)" : " (nothing to do here)")))
                .onFailure(failure -> System.out.println("not ready: " + failure.getMessage()));
    }
}
