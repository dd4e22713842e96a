package io.drawbridge.core.release.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drawbridge.migration.FinishOptions;
import io.drawbridge.migration.MigrationError;
import io.drawbridge.migration.MigrationException;
import io.drawbridge.migration.Migrator;
import io.drawbridge.migration.Survey;
import io.drawbridge.migration.UpOptions;
import java.sql.Connection;
import java.sql.Statement;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Somebody runs Kong's own command line, or a Kong node writes, on a database that is ours. What they do is done here in SQL. */
class KongToolsIT extends LineTest {
    private static final String DONE_BY_KONG =
            "SELECT count(*) FROM drawbridge_audit WHERE reason LIKE 'run by another system''s tools: core/012%'";

    @Test
    void finish_ofKongInBetween_isAdoptedAndOursGoesOn() {
        line.bootstrap(V2_1);
        line.up(V2_2);
        database.execute(
                "UPDATE schema_meta SET executed = executed || '012_213_to_220'::text, last_executed = '012_213_to_220',"
                        + " pending = array_remove(pending, '012_213_to_220') WHERE subsystem = 'core'");

        line.finish(V2_2);

        assertThat(Catalogue.of(database)).isEqualTo(FreshCatalogueIT.expected("2.2"));
        assertThat(value(DONE_BY_KONG)).isEqualTo("1");
        assertThat(value("SELECT count(*) = count(DISTINCT unit) FROM schema_meta, unnest(executed) AS unit"
                        + " WHERE subsystem = 'core'"))
                .isEqualTo("t");
    }

    @Test
    void up_ofKongInBetween_isAdoptedAndOursGoesOn() {
        line.bootstrap(V2_1);
        database.execute(
                "CREATE TABLE clustering_data_planes (id uuid PRIMARY KEY, hostname text NOT NULL, ip text NOT NULL,"
                        + " last_seen timestamptz DEFAULT (CURRENT_TIMESTAMP(0) AT TIME ZONE 'UTC'),"
                        + " config_hash text NOT NULL, ttl timestamptz)",
                "CREATE INDEX clustering_data_planes_ttl_idx ON clustering_data_planes (ttl)",
                "ALTER TABLE routes ADD COLUMN request_buffering boolean, ADD COLUMN response_buffering boolean",
                "UPDATE schema_meta SET pending = '{012_213_to_220}' WHERE subsystem = 'core'");

        line.up(V2_2);
        line.finish(V2_2);

        assertThat(Catalogue.of(database)).isEqualTo(FreshCatalogueIT.expected("2.2"));
        assertThat(value(DONE_BY_KONG)).isEqualTo("1");
    }

    @Test
    void reset_ofKong_leavesAnEmptyDatabaseThatCanBeFilledAgain() {
        line.bootstrap(V2_4);
        database.execute("DROP SCHEMA public CASCADE", "CREATE SCHEMA public");

        assertThat(line.as(V2_5, Migrator::status).kind()).isEqualTo(Survey.Kind.EMPTY);
        line.bootstrap(V2_5);
        assertThat(Catalogue.of(database)).isEqualTo(FreshCatalogueIT.expected("2.5"));
    }

    @Test
    void schemaMeta_gone_isNamedAndRepairedOnlyWhenTold() {
        line.bootstrap(V2_4);
        database.execute("DELETE FROM schema_meta WHERE subsystem = 'acl'");

        assertError(MigrationError.JOURNAL_MISMATCH, () -> line.up(V2_5));
        assertThat(value("SELECT state FROM drawbridge_gate")).isEqualTo("STEADY");

        line.as(V2_5, migrator -> migrator.up(new UpOptions(true, null)));
        assertThat(value("SELECT cardinality(executed) FROM schema_meta WHERE subsystem = 'acl'"))
                .isEqualTo("4");
    }

    @Test
    void lock_heldByKong_isRespected() {
        line.bootstrap(V2_4);
        database.execute("INSERT INTO locks VALUES ('migrations', 'kong', now() + interval '2 seconds')");
        long start = System.nanoTime();

        line.up(V2_5);

        assertThat(System.nanoTime() - start).isGreaterThan(1_500_000_000L);
        assertThat(value("SELECT state FROM drawbridge_gate")).isEqualTo("OPEN");
    }

    @Test
    void lock_ofOurs_keepsKongOutWhileWeLead() {
        line.bootstrap(V2_4);
        line.as(V2_5, migrator -> migrator.up(UpOptions.standard()));

        assertThat(query("SELECT owner FROM locks")).as("given back afterwards").isEmpty();
    }

    @Test
    void finish_whileAKongNodeWrites_isBlockedByItsConnection() throws Exception {
        line.bootstrap(V2_4);
        line.foreignWrites(true);
        line.up(V2_5);
        try (Connection kong = database.connect();
                Statement statement = kong.createStatement()) {
            assertThat(line.as(V2_5, Migrator::status).blockers())
                    .anySatisfy(blocker -> assertThat(blocker.warning()).isTrue());
            statement.execute(
                    "INSERT INTO consumers (id, username, ws_id) SELECT '00000000-0000-4000-8000-000000000001',"
                            + " 'kong', id FROM workspaces");

            assertThatThrownBy(() -> line.finish(V2_5)).isInstanceOfSatisfying(MigrationException.class, failure -> {
                assertThat(failure.error()).isEqualTo(MigrationError.BLOCKED);
                assertThat(failure.details()).singleElement().asString().contains("foreign", "wrote");
            });
            line.as(
                    V2_5,
                    migrator ->
                            migrator.finish(new FinishOptions("foreign", false, false, "test", "it is switched off")));
            assertThatThrownBy(() -> statement.execute("UPDATE consumers SET custom_id = 'late'"))
                    .hasMessageContaining("foreign-writes on");
        }
    }

    private static void assertError(MigrationError error, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        MigrationException.class,
                        failure -> assertThat(failure.error()).isEqualTo(error));
    }
}
