package io.drawbridge.core.release.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.migration.Release;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From 1.5 with rows to 2.5, hop by hop. */
class UpgradeIT extends LineTest {

    @BeforeEach
    void seed() {
        seededAt(V1_5);
    }

    @Test
    void an_upgraded_database_has_the_catalogue_of_a_fresh_one_after_every_hop() {
        for (Release hop : List.of(V2_1, V2_2, V2_3, V2_4, V2_5)) {
            line.up(hop);
            line.finish(hop);
            assertThat(Catalogue.of(database)).as("at " + hop).isEqualTo(FreshCatalogueIT.expected(hop.toString()));
        }
    }

    @Test
    void rows_that_nothing_is_said_of_stay_as_they_are() {
        String[] converted = {
            "ws_id",
            "cache_key",
            "config",
            "cert_digest",
            "run_on",
            "tls_verify",
            "tls_verify_depth",
            "ca_certificates",
            "client_certificate_id",
            "cert_alt",
            "key_alt",
            "request_buffering",
            "response_buffering",
            "ttl",
            "challenge",
            "challenge_method",
            "client_type",
            "hash_secret"
        };
        Map<String, List<String>> before = Rows.of(database, converted);

        line.through(V1_5, V2_5);

        Map<String, List<String>> after = Rows.of(database, converted);
        for (String table : before.keySet()) {
            if (!List.of("cluster_ca", "targets", "tags").contains(table)) {
                assertThat(after.get(table)).as(table).isEqualTo(before.get(table));
            }
        }
        assertThat(after).doesNotContainKey("cluster_ca");
    }

    @Test
    void every_row_comes_to_the_default_workspace_and_keys_name_it() {
        seededAt(V2_5);

        String workspace = value("SELECT id::text FROM workspaces WHERE name = 'default'");
        assertThat(query("SELECT name FROM workspaces")).containsExactly("default");
        for (String table : query("SELECT table_name FROM information_schema.columns WHERE column_name = 'ws_id'")) {
            assertThat(query("SELECT DISTINCT ws_id::text FROM " + table))
                    .as(table)
                    .containsExactly(workspace);
        }
        assertThat(query("SELECT cache_key FROM plugins ORDER BY id"))
                .containsExactly(
                        "plugins:key-auth::5e000000-0000-0000-0000-000000000001:::" + workspace,
                        "plugins:acl::5e000000-0000-0000-0000-000000000001:::" + workspace,
                        "plugins:ip-restriction:40000000-0000-0000-0000-000000000001::::" + workspace,
                        "plugins:bot-detection:::::" + workspace,
                        "plugins:rate-limiting:40000000-0000-0000-0000-000000000003"
                                + ":5e000000-0000-0000-0000-000000000002:c5000000-0000-0000-0000-000000000001::"
                                + workspace);
        assertThat(query("SELECT cache_key FROM acls ORDER BY id"))
                .containsExactly(
                        "acls:c5000000-0000-0000-0000-000000000001:gold::::" + workspace,
                        "acls:c5000000-0000-0000-0000-000000000002:with:colon::::" + workspace);
    }

    @Test
    void lists_are_renamed_in_the_three_plugins_that_have_them() {
        seededAt(V2_5);

        assertThat(query("SELECT config::text FROM plugins ORDER BY id"))
                .containsExactly(
                        "{\"key_names\": [\"apikey\"]}",
                        "{\"deny\": null, \"allow\": [\"gold\"], \"hide_groups_header\": false}",
                        "{\"deny\": [], \"allow\": [\"10.0.0.0/8\"]}",
                        "{\"deny\": [\"Evil.*\"], \"allow\": []}",
                        "{\"minute\": 5, \"whitelist\": [\"mine\"]}");
    }

    @Test
    void only_the_newest_of_equal_targets_stays_and_ties_all_stay() {
        seededAt(V2_5);

        assertThat(query("SELECT right(id::text, 2) FROM targets ORDER BY id"))
                .containsExactly("01", "12", "22", "32", "33", "41", "42");
        assertThat(query("SELECT right(entity_id::text, 2) || tags::text FROM tags WHERE entity_name = 'targets'"
                        + " AND tags IS NOT NULL ORDER BY 1"))
                .containsExactly("01{t}", "12{new}");
    }

    @Test
    void authorities_get_the_digest_of_their_first_certificate() throws Exception {
        seededAt(V2_5);

        assertThat(query("SELECT cert_digest FROM ca_certificates ORDER BY id"))
                .containsExactly(sha256("first authority"), sha256("second authority"));
    }

    @Test
    void the_cluster_gets_an_id() {
        seededAt(V2_5);

        assertThat(value("SELECT value FROM parameters WHERE key = 'cluster_id'"))
                .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    }

    @ParameterizedTest
    @CsvSource({"1.5, 2.1", "2.1, 2.2", "2.2, 2.3", "2.3, 2.4", "2.4, 2.5"})
    void an_aborted_upgrade_leaves_catalogue_and_rows_as_they_were(String from, String to) {
        Release before = Release.parse(from);
        seededAt(before);
        List<String> catalogue = Catalogue.of(database);
        Map<String, List<String>> rows = Rows.of(database);
        List<String> meta = schemaMeta();

        line.up(Release.parse(to));
        line.abort(Release.parse(to));

        assertThat(Catalogue.of(database)).isEqualTo(catalogue);
        assertThat(Rows.of(database)).isEqualTo(rows);
        assertThat(schemaMeta()).isEqualTo(meta);

        line.up(Release.parse(to));
        line.finish(Release.parse(to));

        assertThat(Catalogue.of(database)).isEqualTo(FreshCatalogueIT.expected(to));
    }

    @Test
    void repairing_a_finished_database_changes_nothing() {
        seededAt(V2_5);
        Map<String, List<String>> rows = Rows.of(database);

        line.repair(V2_5);

        assertThat(Rows.of(database)).isEqualTo(rows);
    }

    private List<String> schemaMeta() {
        return query("SELECT subsystem || ' ' || coalesce(last_executed, '-') || ' '"
                + " || array(SELECT unnest(executed) ORDER BY 1)::text || ' ' || coalesce(pending, '{}')::text"
                + " FROM schema_meta ORDER BY 1");
    }

    private static String sha256(String text) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes("US-ASCII")));
    }
}
