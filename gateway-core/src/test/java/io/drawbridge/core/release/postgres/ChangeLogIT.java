package io.drawbridge.core.release.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drawbridge.postgres.Database;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The change log sees every change of config, whoever makes it and however. */
class ChangeLogIT extends LineTest {
    private static final String ANN = "c5000000-0000-0000-0000-000000000001";
    private static final String BOB = "c5000000-0000-0000-0000-000000000002";

    @BeforeEach
    void bootstrap() {
        line.bootstrap(V2_5);
        writeAs(
                "2.5/a",
                "INSERT INTO consumers (id, username) VALUES ('" + ANN + "', 'ann'), ('" + BOB + "', 'bob')",
                "INSERT INTO keyauth_credentials (id, key, consumer_id) VALUES ('6e000000-0000-0000-0000-000000000001',"
                        + " 'k', '" + ANN + "')",
                "UPDATE consumers SET ws_id = (SELECT id FROM workspaces)",
                "UPDATE keyauth_credentials SET ws_id = (SELECT id FROM workspaces)",
                "TRUNCATE drawbridge_changes");
    }

    @Test
    void each_row_of_each_statement_is_a_change_with_its_writer() {
        writeAs(
                "2.5/a",
                "INSERT INTO services (id, name) VALUES ('5e000000-0000-0000-0000-000000000001', 'one'),"
                        + " ('5e000000-0000-0000-0000-000000000002', 'two')",
                "UPDATE services SET name = upper(name)",
                "DELETE FROM services WHERE name = 'ONE'");

        assertThat(changes())
                .containsExactly(
                        "services I 01 2.5/a",
                        "services I 02 2.5/a",
                        "services U 01 2.5/a",
                        "services U 02 2.5/a",
                        "services D 01 2.5/a");
        assertThat(query("SELECT count(DISTINCT xid) FROM drawbridge_changes")).containsExactly("3");
        assertThat(query("SELECT DISTINCT coalesce(revision, -1) FROM drawbridge_changes"))
                .containsExactly("-1");
    }

    @Test
    void an_upsert_is_seen_as_what_it_came_to() {
        writeAs(
                "2.5/a",
                "INSERT INTO consumers (id, username, custom_id) VALUES ('" + ANN + "', 'ann', 'c1')"
                        + " ON CONFLICT (id) DO UPDATE SET custom_id = EXCLUDED.custom_id");

        assertThat(changes()).containsExactly("consumers U 01 2.5/a");
    }

    @Test
    void statements_that_change_nothing_are_no_change() {
        writeAs("2.5/a", "UPDATE consumers SET username = 'x' WHERE false", "DELETE FROM services");

        assertThat(changes()).isEmpty();
    }

    @Test
    void rows_that_go_by_cascade_are_seen() {
        writeAs("2.5/a", "DELETE FROM consumers WHERE id = '" + ANN + "'");

        assertThat(changes()).containsExactlyInAnyOrder("consumers D 01 2.5/a", "keyauth_credentials D 01 2.5/a");
    }

    @Test
    void truncate_with_cascade_is_seen_on_every_table() {
        writeAs("2.5/a", "TRUNCATE consumers CASCADE");

        assertThat(changes())
                .contains("consumers T null 2.5/a", "keyauth_credentials T null 2.5/a", "plugins T null 2.5/a")
                .allMatch(change -> change.contains(" T null "));
    }

    @Test
    void a_row_that_moves_to_another_key_leaves_the_old_one() {
        writeAs("2.5/a", "UPDATE consumers SET id = 'c5000000-0000-0000-0000-000000000009' WHERE username = 'bob'");
        writeAs("2.5/a", "UPDATE parameters SET key = 'moved'");

        assertThat(changes())
                .containsExactlyInAnyOrder(
                        "consumers U 09 2.5/a",
                        "consumers D 02 2.5/a",
                        "parameters U ed 2.5/a",
                        "parameters D id 2.5/a");
    }

    @Test
    void what_is_rolled_back_leaves_no_trace() {
        writeAs(
                "2.5/a",
                "BEGIN",
                "UPDATE consumers SET username = 'x' WHERE id = '" + ANN + "'",
                "SAVEPOINT s",
                "UPDATE consumers SET username = 'y' WHERE id = '" + BOB + "'",
                "ROLLBACK TO s",
                "COMMIT",
                "BEGIN",
                "DELETE FROM consumers",
                "ROLLBACK");

        assertThat(changes()).containsExactly("consumers U 01 2.5/a");
    }

    @Test
    void a_role_without_rights_on_our_tables_is_captured_and_cannot_read_them() {
        Database guest = role("guest_");
        database.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON consumers, tags TO " + guest.user());
        line.foreignWrites(true);

        guest.execute("UPDATE consumers SET custom_id = 'c' WHERE username = 'ann'");

        assertThat(query("SELECT entity || ' ' || op || ' ' || writer FROM drawbridge_changes"))
                .singleElement()
                .asString()
                .startsWith("consumers U foreign/" + guest.user());
        assertThatThrownBy(() -> guest.execute("SELECT * FROM drawbridge_changes"))
                .hasMessageContaining("permission denied");
        assertThatThrownBy(() -> guest.execute("DELETE FROM drawbridge_changes"))
                .hasMessageContaining("permission denied");
    }

    @Test
    void a_search_path_of_its_own_does_not_lead_astray() {
        writeAs(
                "2.5/a",
                "CREATE SCHEMA evil",
                "CREATE TABLE evil.drawbridge_changes (LIKE drawbridge_changes INCLUDING ALL)",
                "CREATE TABLE evil.drawbridge_gate AS SELECT * FROM drawbridge_gate",
                "CREATE FUNCTION evil.left(text, integer) RETURNS text LANGUAGE sql AS $$ SELECT 'evil' $$",
                "CREATE TEMP TABLE drawbridge_changes (LIKE evil.drawbridge_changes INCLUDING ALL)",
                "SET search_path = evil, public, pg_catalog",
                "UPDATE public.consumers SET custom_id = 'c' WHERE username = 'ann'",
                "SET search_path = ''",
                "UPDATE public.consumers SET custom_id = 'd' WHERE username = 'bob'");

        assertThat(changes()).containsExactly("consumers U 01 2.5/a", "consumers U 02 2.5/a");
        assertThat(query("SELECT count(*) FROM evil.drawbridge_changes")).containsExactly("0");
    }

    @Test
    void a_replication_role_does_not_switch_it_off() {
        writeAs(
                "2.5/a",
                "SET session_replication_role = replica",
                "UPDATE consumers SET custom_id = 'c' WHERE username = 'ann'",
                "TRUNCATE snis");

        assertThat(changes()).containsExactly("consumers U 01 2.5/a", "snis T null 2.5/a");
    }

    @Test
    void every_config_table_is_watched_and_no_run_time_table() {
        assertThat(query("SELECT c.relname || ' ' || count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
                        + " WHERE t.tgname LIKE 'drawbridge_%' AND t.tgenabled = 'A' GROUP BY c.relname"))
                .containsExactlyInAnyOrderElementsOf(ChangeLog.CONFIG_TABLES.stream()
                        .map(table -> table + " 6")
                        .toList());
    }

    @Test
    void a_column_with_a_default_asks_for_the_table_to_be_read_again() {
        Servers.shared().dropDatabase(database);
        openDatabase();
        line.bootstrap(V1_5);
        writeAs("1.5/a", resource("seed-1.5.sql"), "TRUNCATE drawbridge_changes");

        line.up(V2_1);

        assertThat(query("SELECT entity FROM drawbridge_changes WHERE op = 'R'"))
                .contains("services", "routes", "plugins", "consumers", "acls", "keyauth_credentials")
                .doesNotHaveDuplicates();
        assertThat(query("SELECT DISTINCT writer FROM drawbridge_changes"))
                .allMatch(writer -> writer.startsWith("migration/"));
    }

    @Test
    void a_migration_logs_that_it_changed_a_table_and_not_each_row() {
        writeAs(
                "migration/7",
                "UPDATE consumers SET custom_id = username",
                "DELETE FROM consumers WHERE username = 'bob'",
                "UPDATE consumers SET custom_id = 'x' WHERE false");

        assertThat(changes()).containsExactly("consumers R null migration/7", "consumers R null migration/7");
    }

    @Test
    void sixteen_writers_at_once_lose_no_change() throws Exception {
        Thread[] writers = new Thread[16];
        for (int w = 0; w < writers.length; w++) {
            String member = "2.5/" + w;
            writers[w] = new Thread(() -> {
                String[] inserts = new String[50];
                for (int i = 0; i < inserts.length; i++) {
                    inserts[i] = "INSERT INTO services (id) VALUES (md5('" + member + " " + i + "')::uuid)";
                }
                writeAs(member, inserts);
            });
            writers[w].start();
        }
        for (Thread writer : writers) {
            writer.join();
        }

        assertThat(value("SELECT count(*) FROM services")).isEqualTo("800");
        assertThat(value("SELECT count(*) FROM services s JOIN drawbridge_changes c ON c.id = s.id::text AND op = 'I'"))
                .isEqualTo("800");
        assertThat(value("SELECT count(*) FROM drawbridge_changes")).isEqualTo("800");
    }

    private Database role(String prefix) {
        String name = prefix + database.database();
        database.execute("CREATE ROLE " + name + " LOGIN PASSWORD 'guest'", "GRANT USAGE ON SCHEMA public TO " + name);
        return new Database(database.host(), database.port(), database.database(), name, "guest");
    }

    private List<String> changes() {
        return query("SELECT entity || ' ' || op || ' ' || coalesce(right(id, 2), 'null') || ' ' || writer"
                + " FROM drawbridge_changes ORDER BY seq");
    }
}
