package io.drawbridge.core.release.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drawbridge.migration.Gate;
import io.drawbridge.migration.MigrationError;
import io.drawbridge.migration.MigrationException;
import io.drawbridge.migration.MigrationStatus;
import io.drawbridge.migration.Release;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Databases as Kong's own tools leave them are taken over in place. */
class TakeoverIT extends LineTest {
    private static final List<WorkspaceTable> TABLES = Stream.of(
                    CoreWorkspaces.TABLES, AclUnits.TABLES, CredentialUnits.TABLES, Oauth2Units.TABLES)
            .flatMap(List::stream)
            .toList();

    @Test
    void one_of_1_5_with_leftovers_of_0_14_goes_to_2_5() {
        kong(V1_5);
        writeAs(null, resource("seed-1.5.sql"));
        database.execute(
                "CREATE TABLE apis (id uuid PRIMARY KEY, name text UNIQUE)",
                "INSERT INTO apis VALUES (md5('api')::uuid, 'api')",
                "ALTER TABLE plugins ADD COLUMN api_id uuid REFERENCES apis (id) ON DELETE CASCADE",
                "CREATE INDEX plugins_api_id_idx ON plugins (api_id)",
                "ALTER TABLE routes ALTER COLUMN path_handling SET DEFAULT 'v1'",
                folded("core", "001_14_to_15", "002_15_to_1"),
                folded("acl", "001_14_to_15"),
                folded("oauth2", "001_14_to_15", "002_15_to_10"),
                folded("rate-limiting", "001_14_to_15", "002_15_to_10"));

        line.through(V1_5, V2_5);

        assertThat(Catalogue.of(database).stream()
                        .filter(each -> !each.contains("api_id") && !each.startsWith("apis ")))
                .isEqualTo(FreshCatalogueIT.expected("2.5"));
        assertThat(query("SELECT name FROM apis")).containsExactly("api");
        assertThat(value("SELECT executed @> '{001_14_to_15,002_15_to_1,013_220_to_230}' FROM schema_meta"
                        + " WHERE subsystem = 'core'"))
                .isEqualTo("t");
    }

    @Test
    void one_that_kongs_own_up_left_waiting_is_finished_by_us() {
        seededAt(V1_5);
        line.up(V2_1);
        asKongsUpLeavesIt();
        forgetUs();

        assertThat(gateSeenBy(V2_1).state()).isEqualTo(Gate.State.OPEN);
        line.finish(V2_1);

        assertThat(Catalogue.of(database)).isEqualTo(FreshCatalogueIT.expected("2.1"));
        assertThat(query("SELECT DISTINCT pending::text FROM schema_meta WHERE pending IS NOT NULL"))
                .containsExactly("{}");
    }

    @Test
    void an_upgrade_that_kongs_own_up_began_can_be_aborted() {
        seededAt(V1_5);
        List<String> catalogue = Catalogue.of(database);
        line.up(V2_1);
        asKongsUpLeavesIt();
        forgetUs();

        line.up(V2_1);
        line.abort(V2_1);

        assertThat(Catalogue.of(database)).isEqualTo(catalogue);
    }

    @Test
    void one_of_2_0_which_is_no_release_of_ours_goes_to_2_1() {
        kong(Release.of(2, 0));

        line.up(V2_1);
        line.finish(V2_1);

        assertThat(Catalogue.of(database)).isEqualTo(FreshCatalogueIT.expected("2.1"));
    }

    @Test
    void one_of_1_3_loses_its_expiry_trigger_on_the_way() {
        kong(V1_3);
        database.execute(
                "CREATE FUNCTION delete_expired_cluster_events() RETURNS trigger LANGUAGE plpgsql"
                        + " AS $$ BEGIN RETURN NEW; END $$",
                "CREATE TRIGGER delete_expired_cluster_events_trigger AFTER INSERT ON cluster_events"
                        + " FOR EACH STATEMENT EXECUTE PROCEDURE delete_expired_cluster_events()");

        line.through(V1_3, V2_5);

        assertThat(Catalogue.of(database)).isEqualTo(FreshCatalogueIT.expected("2.5"));
    }

    @Test
    void one_with_few_plugins_enabled_gets_the_others_tables() {
        kong(V2_4);
        database.execute(
                "DROP TABLE oauth2_tokens, oauth2_authorization_codes, oauth2_credentials, sessions, acls",
                "DELETE FROM schema_meta WHERE subsystem IN ('oauth2', 'session', 'acl', 'bot-detection', 'drawbridge')");

        line.up(V2_5);
        line.finish(V2_5);

        assertThat(Catalogue.of(database)).isEqualTo(FreshCatalogueIT.expected("2.5"));
    }

    @Test
    void a_newer_or_older_session_plugin_does_not_make_it_look_half_upgraded() {
        kong(V2_1);
        database.execute(
                "CREATE INDEX sessions_ttl_idx ON sessions (ttl)",
                "UPDATE schema_meta SET executed = executed || '{001_add_ttl_index}'::text[] WHERE subsystem = 'session'");

        assertThat(gateSeenBy(V2_1)).hasToString("STEADY(2.1)");
        line.through(V2_1, V2_5);
        assertThat(Catalogue.of(database)).isEqualTo(FreshCatalogueIT.expected("2.5"));

        Servers.shared().dropDatabase(database);
        openDatabase();
        kong(V2_4);
        database.execute(
                "DROP INDEX sessions_ttl_idx",
                "UPDATE schema_meta SET executed = '{000_base_session}' WHERE subsystem = 'session'");

        assertThat(gateSeenBy(V2_4)).hasToString("STEADY(2.4)");
        line.up(V2_5);
        line.finish(V2_5);
        assertThat(Catalogue.of(database)).isEqualTo(FreshCatalogueIT.expected("2.5"));
    }

    @Test
    void one_of_a_newer_kong_is_left_alone() {
        kong(V2_5);
        database.execute(
                "UPDATE schema_meta SET executed = executed || '{014_230_to_270}'::text[] WHERE subsystem = 'core'");

        assertThatThrownBy(() -> line.up(V2_5)).isInstanceOfSatisfying(MigrationException.class, failure -> {
            assertThat(failure.error()).isEqualTo(MigrationError.PREFLIGHT_BLOCKED);
            assertThat(failure.details()).containsExactly("core/014_230_to_270");
        });
        assertThat(query("SELECT tablename FROM pg_tables WHERE tablename LIKE 'drawbridge_%'"))
                .isEmpty();
    }

    @Test
    void units_of_other_plugins_are_nobodys_business() {
        kong(V2_4);
        database.execute("INSERT INTO schema_meta (key, subsystem, last_executed, executed)"
                + " VALUES ('schema_meta', 'my-own', '001_mine', '{001_mine}')");

        line.up(V2_5);
        line.finish(V2_5);

        assertThat(query("SELECT executed::text FROM schema_meta WHERE subsystem = 'my-own'"))
                .containsExactly("{001_mine}");
    }

    private Gate gateSeenBy(Release release) {
        line.up(release);
        MigrationStatus status = line.as(release, migrator -> migrator.status());
        return status.gate();
    }

    /** A database as Kong's bootstrap of that release would leave it. */
    private void kong(Release release) {
        line.bootstrap(release);
        forgetUs();
    }

    private void forgetUs() {
        String tables = String.join(
                ", ", query("SELECT tablename FROM pg_tables WHERE tablename LIKE 'drawbridge_%' ORDER BY 1"));
        database.execute(
                "DELETE FROM schema_meta WHERE subsystem = 'drawbridge'",
                "DROP TABLE " + tables,
                "DROP FUNCTION drawbridge_capture, drawbridge_capture_moved, drawbridge_ask_gate,"
                        + " drawbridge_install CASCADE");
    }

    /** Kong's {@code up} drops the old unique keys and swaps the foreign keys at once. */
    private void asKongsUpLeavesIt() {
        for (WorkspaceTable each : TABLES) {
            for (String column : each.uniques()) {
                database.execute(
                        "ALTER TABLE " + each.table() + " DROP CONSTRAINT " + each.table() + "_" + column + "_key");
            }
            for (WorkspaceTable.Parent parent : each.parents()) {
                String key = each.table() + "_" + parent.column() + "_fkey";
                database.execute(
                        "ALTER TABLE " + each.table() + " DROP CONSTRAINT " + key,
                        "ALTER TABLE " + each.table() + " RENAME CONSTRAINT drawbridge_" + key + " TO " + key);
            }
        }
        database.execute("ALTER TABLE ca_certificates DROP CONSTRAINT ca_certificates_cert_key");
    }

    private static String folded(String subsystem, String... units) {
        return "UPDATE schema_meta SET executed = '{" + String.join(",", units) + "}' || executed WHERE subsystem = '"
                + subsystem + "'";
    }
}
