package io.drawbridge.migration;

import static io.drawbridge.migration.Waiting.await;

import io.drawbridge.migration.postgres.PgStep;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What tests on a real PostgreSQL share: a server per class, an empty database per test, nodes whose steps the test names. */
abstract class PostgresTest {
    @RegisterExtension
    static final PostgresFixture POSTGRES = new PostgresFixture();

    Vertx vertx;
    PostgresWorld world;

    @BeforeEach
    void emptyDatabase() {
        vertx = POSTGRES.vertx();
        world = POSTGRES.world();
        world.fresh();
    }

    /** The database at release 1.0. */
    void bootstrapped() {
        await(node("boot", World.V1, world.connect(), MigrationListener.NONE).bootstrap());
    }

    /** A node that is to bring the database to 2.0 by these steps. */
    Migrator<PgStep> node(String member, PgStep... steps) {
        return node(member, world.connect(), steps);
    }

    Migrator<PgStep> node(String member, MigrationBackend<PgStep> backend, PgStep... steps) {
        return node(member, World.V2, backend, MigrationListener.NONE, steps);
    }

    Migrator<PgStep> node(
            String member,
            Release release,
            MigrationBackend<PgStep> backend,
            MigrationListener listener,
            PgStep... steps) {
        Catalog<PgStep> catalog = new Catalog<>(
                List.of(World.V1, World.V2),
                List.of(Migration.expandOnly("core", "001_test", World.V2, List.of(steps), List.of())),
                List.of());
        return new Migrator<>(vertx, backend, catalog, world.options(member, release), listener);
    }

    void sql(String statement) {
        await(world.pool().query(statement).execute());
    }

    long count(String query) {
        return first(query).getLong(0);
    }

    String text(String query) {
        return first(query).getString(0);
    }

    private Row first(String query) {
        return await(world.pool().query(query).execute()).iterator().next();
    }

    /** How many statements in this database match, as the server sees it now. */
    long running(String condition) {
        return count("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'"
                + " AND pid <> pg_backend_pid() AND " + condition);
    }
}
