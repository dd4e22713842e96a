package io.drawbridge.core.release.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drawbridge.core.release.GatewayCatalog;
import io.drawbridge.migration.Check.Moment;
import io.drawbridge.migration.Finding;
import io.drawbridge.migration.MigrationError;
import io.drawbridge.migration.MigrationException;
import io.drawbridge.migration.Release;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What would break an upgrade half-way is said before it begins, row by row. */
class PreflightIT extends LineTest {

    @ParameterizedTest
    @CsvSource({"1.5, 2.1", "2.1, 2.2", "2.2, 2.3", "2.3, 2.4", "2.4, 2.5"})
    void a_sound_database_has_no_findings(String from, String to) {
        seededAt(Release.parse(from));

        assertThat(findings(Release.parse(to), Moment.BEFORE_UP)).isEmpty();
        line.up(Release.parse(to));
        assertThat(findings(Release.parse(to), Moment.BEFORE_FINISH)).isEmpty();
    }

    @Test
    void authorities_with_equal_content_block_before_anything_is_changed() {
        seededAt(V1_5);
        List<String> catalogue = Catalogue.of(database);
        writeAs(
                "1.5/a",
                "INSERT INTO ca_certificates (id, cert) VALUES ('ca000000-0000-0000-0000-0000000000ff',"
                        + " E'same with a comment\\n-----BEGIN CERTIFICATE-----\\nZmlyc3QgYXV0aG9yaXR5\\n"
                        + "-----END CERTIFICATE-----')");

        assertBlocked(
                V2_1,
                "ca-certificate-duplicates",
                "ca000000-0000-0000-0000-000000000001, ca000000-0000-0000-0000-0000000000ff");
        assertThat(Catalogue.of(database)).isEqualTo(catalogue);

        writeAs("1.5/a", "DELETE FROM ca_certificates WHERE id = 'ca000000-0000-0000-0000-0000000000ff'");
        line.up(V2_1);
        line.finish(V2_1);
    }

    @Test
    void authorities_that_become_equal_while_the_upgrade_is_open_block_finish_and_pause_nobody() {
        seededAt(V1_5);
        line.up(V2_1);
        writeAs(
                "1.5/a",
                "INSERT INTO ca_certificates (id, cert) VALUES ('ca000000-0000-0000-0000-0000000000ff',"
                        + " E'-----BEGIN CERTIFICATE-----\\nZmlyc3Qg\\nYXV0aG9yaXR5\\n-----END CERTIFICATE-----')");

        assertThatThrownBy(() -> line.finish(V2_1))
                .isInstanceOfSatisfying(
                        MigrationException.class,
                        failure -> assertThat(failure.error()).isEqualTo(MigrationError.PREFLIGHT_BLOCKED));
        writeAs("1.5/a", "DELETE FROM ca_certificates WHERE id = 'ca000000-0000-0000-0000-0000000000ff'");
        line.finish(V2_1);
    }

    @Test
    void an_authority_that_is_no_certificate_blocks() {
        seededAt(V1_5);
        writeAs(
                "1.5/a",
                "INSERT INTO ca_certificates (id, cert) VALUES ('ca000000-0000-0000-0000-0000000000ff', 'nonsense'),"
                        + " ('ca000000-0000-0000-0000-0000000000fe', E'-----BEGIN CERTIFICATE-----\\n%%%\\n"
                        + "-----END CERTIFICATE-----')");

        assertBlocked(V2_1, "ca-certificate-unreadable", "0000000000fe", "0000000000ff");
    }

    @Test
    void a_plugin_that_the_release_does_not_have_blocks_unless_the_operator_has_it() {
        seededAt(V2_4);
        writeAs(
                "2.4/a",
                "INSERT INTO plugins (id, name, config, enabled, service_id) VALUES"
                        + " ('91000000-0000-0000-0000-0000000000cc', 'my-own', '{}', false,"
                        + " '5e000000-0000-0000-0000-000000000001')");

        assertBlocked(V2_5, "unknown-plugins", "my-own", "91000000-0000-0000-0000-0000000000cc", "disabled");
        assertThatCode(() ->
                        line.using(GatewayCatalog.postgres(Set.of("my-own"))).up(V2_5))
                .doesNotThrowAnyException();
    }

    @Test
    void keys_that_would_collide_block() {
        seededAt(V1_5);
        line.up(V2_1);
        String workspace = value("SELECT id::text FROM workspaces");
        writeAs(
                "migration/0",
                "INSERT INTO plugins (id, name, config, enabled, cache_key) VALUES"
                        + " ('91000000-0000-0000-0000-0000000000dd', 'bot-detection', '{}', true,"
                        + " 'plugins:bot-detection:::::" + workspace + "')");

        assertThatThrownBy(() -> line.finish(V2_1))
                .isInstanceOfSatisfying(
                        MigrationException.class,
                        failure -> assertThat(String.join(" ", failure.details()))
                                .contains(
                                        "plugins-cache-key-duplicates",
                                        "91000000-0000-0000-0000-000000000004 and 91000000-0000-0000-0000-0000000000dd"));
    }

    @Test
    void rows_of_old_nodes_are_told_and_those_that_cannot_be_repaired_block() {
        seededAt(V2_1);
        writeAs(
                "2.1/a",
                "INSERT INTO services (id, name) VALUES ('5e000000-0000-0000-0000-0000000000ee', 'stray')",
                "UPDATE plugins SET config = '{\"whitelist\":[]}' WHERE name = 'acl'");

        assertThat(findings(V2_2, Moment.BEFORE_UP)).singleElement().satisfies(finding -> {
            assertThat(finding.check()).isEqualTo("rows-of-old-nodes");
            assertThat(finding.blocks()).isFalse();
            assertThat(finding.rows())
                    .containsExactly(
                            "plugin acl, id 91000000-0000-0000-0000-000000000002: whitelist or blacklist",
                            "services: 1 without a workspace");
        });

        writeAs("2.1/a", "INSERT INTO services (id, name) VALUES ('5e000000-0000-0000-0000-0000000000ef', 'one')");
        assertBlocked(
                V2_2,
                "duplicates-of-old-nodes",
                "services 5e000000-0000-0000-0000-0000000000ef and 5e000000-0000-0000-0000-000000000001: name one");
    }

    @Test
    void a_second_workspace_is_told_before_finish() {
        seededAt(V1_5);
        line.up(V2_1);
        writeAs("migration/0", "INSERT INTO workspaces (id, name) VALUES (md5('w')::uuid, 'second')");

        assertThat(findings(V2_1, Moment.BEFORE_FINISH)).singleElement().satisfies(finding -> {
            assertThat(finding.check()).isEqualTo("second-workspace");
            assertThat(finding.rows()).singleElement().asString().startsWith("workspace second");
        });
    }

    private List<Finding> findings(Release hop, Moment moment) {
        return line.as(hop, migrator -> migrator.preflight(moment));
    }

    private void assertBlocked(Release hop, String check, String... words) {
        assertThatThrownBy(() -> line.up(hop)).isInstanceOfSatisfying(MigrationException.class, failure -> {
            assertThat(failure.error()).isEqualTo(MigrationError.PREFLIGHT_BLOCKED);
            assertThat(String.join("\n", failure.details())).contains(check).contains(words);
        });
    }
}
