package io.drawbridge.core.release.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drawbridge.migration.Release;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Between {@code up} and {@code finish}: what nodes of both releases send works, and what they wrote is converted. */
class MixedReleasesIT extends LineTest {
    private static final String CONSUMER = "c5000000-0000-0000-0000-000000000001";
    private static final String WORKSPACE = "(SELECT id FROM workspaces WHERE name = 'default')";

    /**
     * A table and one of its unique columns.
     *
     * @param global unique in the whole database at every release
     * @param more further columns that must be given, as SQL
     */
    private record Entity(String table, String column, boolean global, String more, String values) {
        static Entity of(String table, String column) {
            return new Entity(table, column, false, "", "");
        }

        String key(boolean workspaces) {
            return workspaces && !global ? "ws_id, " + column : column;
        }
    }

    private static final List<Entity> ENTITIES = List.of(
            Entity.of("services", "name"),
            Entity.of("routes", "name"),
            Entity.of("consumers", "username"),
            Entity.of("consumers", "custom_id"),
            new Entity("upstreams", "name", false, ", slots", ", 10"),
            new Entity("snis", "name", true, "", ""),
            new Entity("plugins", "cache_key", true, ", name, config, enabled", ", 'cors', '{}', true"),
            new Entity("acls", "cache_key", true, ", consumer_id", ", '" + CONSUMER + "'"),
            Entity.of("keyauth_credentials", "key"),
            Entity.of("basicauth_credentials", "username"),
            Entity.of("hmacauth_credentials", "username"),
            Entity.of("jwt_secrets", "key"),
            Entity.of("oauth2_credentials", "client_id"),
            Entity.of("oauth2_authorization_codes", "code"),
            Entity.of("oauth2_tokens", "access_token"),
            Entity.of("oauth2_tokens", "refresh_token"));

    @Test
    void nodes_of_1_5_keep_working_while_the_upgrade_to_2_1_is_open() {
        seededAt(V1_5);
        line.up(V2_1);

        for (Entity entity : ENTITIES) {
            exercise("1.5/old", entity, false);
        }
        upsertOnAuthority();
        cascades("1.5/old", false);
    }

    @Test
    void statements_of_2_1_work_too_beside_them() {
        seededAt(V1_5);
        line.up(V2_1);

        for (Entity entity : ENTITIES) {
            exercise("migration/0", entity, true);
        }
        cascades("migration/0", true);
    }

    @ParameterizedTest
    @CsvSource({"2.1, 2.2", "2.2, 2.3", "2.3, 2.4", "2.4, 2.5"})
    void statements_of_both_releases_work_in_later_hops(String from, String to) {
        seededAt(Release.parse(from));
        line.up(Release.parse(to));

        for (String writer : List.of(from + "/old", "migration/0")) {
            for (Entity entity : ENTITIES) {
                exercise(writer, entity, true);
            }
            cascades(writer, true);
        }
    }

    @Test
    void lookups_of_old_nodes_have_their_indexes_while_the_upgrade_is_open() {
        seededAt(V1_5);
        line.up(V2_1);

        for (Entity entity : ENTITIES) {
            List<String> plan = query("SELECT indexdef FROM pg_indexes WHERE tablename = '" + entity.table()
                    + "' AND indexdef LIKE '%UNIQUE%(" + entity.column() + ")'");
            assertThat(plan).as(entity.table() + " by " + entity.column()).isNotEmpty();
        }
    }

    @Test
    void what_nodes_of_1_5_wrote_in_between_is_converted_by_finish() {
        seededAt(V1_5);
        line.up(V2_1);
        writeAs(
                "1.5/old",
                "INSERT INTO services (id, name) VALUES ('5e000000-0000-0000-0000-0000000000aa', 'late')",
                "INSERT INTO plugins (id, name, config, enabled, cache_key, run_on, service_id) VALUES"
                        + " ('91000000-0000-0000-0000-0000000000aa', 'ip-restriction', '{\"whitelist\":[\"10.1.0.0/16\"],"
                        + "\"blacklist\":null}', true, 'plugins:ip-restriction::5e000000-0000-0000-0000-0000000000aa::',"
                        + " 'first', '5e000000-0000-0000-0000-0000000000aa')",
                "UPDATE plugins SET config = '{\"whitelist\":[\"silver\"],\"blacklist\":null}'"
                        + " WHERE id = '91000000-0000-0000-0000-000000000002'",
                "INSERT INTO acls (id, consumer_id, \"group\", cache_key) VALUES ('ac000000-0000-0000-0000-0000000000aa', '"
                        + CONSUMER + "', 'late', 'acls:" + CONSUMER + ":late:::')",
                "INSERT INTO ca_certificates (id, cert) VALUES ('ca000000-0000-0000-0000-0000000000aa',"
                        + " E'-----BEGIN CERTIFICATE-----\\nbGF0ZQ==\\n-----END CERTIFICATE-----')",
                "UPDATE ca_certificates SET cert = E'-----BEGIN CERTIFICATE-----\\nY2hhbmdlZA==\\n-----END CERTIFICATE-----'"
                        + " WHERE id = 'ca000000-0000-0000-0000-000000000001'");

        line.finish(V2_1);

        String workspace = value("SELECT id::text FROM workspaces");
        assertThat(query("SELECT ws_id::text FROM services WHERE name = 'late'"))
                .containsExactly(workspace);
        assertThat(value("SELECT config::text FROM plugins WHERE id = '91000000-0000-0000-0000-0000000000aa'"))
                .isEqualTo("{\"deny\": null, \"allow\": [\"10.1.0.0/16\"]}");
        assertThat(value("SELECT config::text FROM plugins WHERE id = '91000000-0000-0000-0000-000000000002'"))
                .isEqualTo("{\"deny\": null, \"allow\": [\"silver\"]}");
        assertThat(value("SELECT cache_key FROM acls WHERE \"group\" = 'late'"))
                .isEqualTo("acls:" + CONSUMER + ":late::::" + workspace);
        assertThat(query(
                        "SELECT encode(sha256(convert_to(word, 'UTF8')), 'hex') = cert_digest FROM ca_certificates JOIN"
                                + " (VALUES ('ca000000-0000-0000-0000-0000000000aa'::uuid, 'late'),"
                                + " ('ca000000-0000-0000-0000-000000000001', 'changed')) AS w(id, word) USING (id)"))
                .containsExactly("t", "t");
    }

    @Test
    void two_authorities_that_swapped_their_certificates_meanwhile_are_converted() {
        seededAt(V1_5);
        line.up(V2_1);
        database.execute("UPDATE drawbridge_gate SET foreign_writes = true");
        String first = value("SELECT " + Conversions.DIGEST
                + " FROM ca_certificates WHERE id = 'ca000000-0000-0000-0000-000000000001'");
        database.execute(
                "UPDATE ca_certificates SET cert_digest = " + Conversions.DIGEST,
                "UPDATE ca_certificates SET cert = 'x' || id",
                "UPDATE ca_certificates SET cert = E'-----BEGIN CERTIFICATE-----\\nc2Vjb25kIGF1dGhvcml0eQ==\\n"
                        + "-----END CERTIFICATE-----' WHERE id = 'ca000000-0000-0000-0000-000000000001'",
                "UPDATE ca_certificates SET cert = E'-----BEGIN CERTIFICATE-----\\nZmlyc3QgYXV0aG9yaXR5\\n"
                        + "-----END CERTIFICATE-----' WHERE id = 'ca000000-0000-0000-0000-000000000002'");

        line.finish(V2_1);

        assertThat(value("SELECT cert_digest FROM ca_certificates WHERE id = 'ca000000-0000-0000-0000-000000000002'"))
                .isEqualTo(first);
    }

    @Test
    void lists_that_a_new_node_wrote_are_not_emptied() {
        seededAt(V1_5);
        line.up(V2_1);
        writeAs(
                "migration/0",
                "INSERT INTO plugins (id, name, config, enabled, cache_key) VALUES"
                        + " ('91000000-0000-0000-0000-0000000000b1', 'ip-restriction', '{\"allow\":[\"10.0.0.0/8\"],"
                        + "\"deny\":null}', true, 'b1'),"
                        + " ('91000000-0000-0000-0000-0000000000b2', 'ip-restriction', '{\"allow\":[\"10.0.0.0/8\"],"
                        + "\"whitelist\":[\"1.1.1.1\"],\"deny\":[],\"blacklist\":[\"2.2.2.2\"]}', true, 'b2')");

        line.finish(V2_1);
        line.repair(V2_1);

        assertThat(query("SELECT config::text FROM plugins WHERE cache_key IN ('b1', 'b2') ORDER BY id"))
                .containsExactly(
                        "{\"deny\": null, \"allow\": [\"10.0.0.0/8\"]}",
                        "{\"deny\": [\"2.2.2.2\"], \"allow\": [\"10.0.0.0/8\"]}");
    }

    @Test
    void finishing_again_with_force_keeps_allow_lists() {
        seededAt(V2_5);

        line.repair(V2_5);
        line.repair(V2_5);

        assertThat(value("SELECT config::text FROM plugins WHERE id = '91000000-0000-0000-0000-000000000003'"))
                .isEqualTo("{\"deny\": [], \"allow\": [\"10.0.0.0/8\"]}");
    }

    @Test
    void rows_that_an_old_node_wrote_after_finish_are_repaired_by_force_and_by_the_next_hop() {
        seededAt(V2_1);
        line.foreignWrites(true);
        strayRows("a1");

        line.repair(V2_1);
        assertStraysRepaired("a1");

        strayRows("a2");
        line.up(V2_2);
        line.finish(V2_2);
        assertStraysRepaired("a2");
    }

    @Test
    void a_second_workspace_cannot_take_a_name_before_finish_and_can_after() {
        seededAt(V1_5);
        line.up(V2_1);
        String other = "INSERT INTO workspaces (id, name) VALUES ('0b000000-0000-0000-0000-000000000001', 'other')";
        String same = "INSERT INTO services (id, name, ws_id) VALUES ('5e000000-0000-0000-0000-0000000000bb', 'one',"
                + " '0b000000-0000-0000-0000-000000000001')";
        assertThatThrownBy(() -> writeAs("migration/0", other, same)).hasMessageContaining("services_name_key");

        line.finish(V2_1);

        assertThatCode(() -> writeAs("2.1/new", same)).doesNotThrowAnyException();
    }

    private void exercise(String writer, Entity entity, boolean workspaces) {
        String id = UUID.randomUUID().toString();
        String name = entity.table() + "-" + entity.column() + "-" + id;
        String columns = "id, " + entity.column() + (workspaces ? ", ws_id" : "") + entity.more();
        String values = "'" + id + "', '" + name + "'" + (workspaces ? ", " + WORKSPACE : "") + entity.values();
        String insert = "INSERT INTO " + entity.table() + " (" + columns + ") VALUES (" + values + ")";
        String again = insert.replaceFirst(id, UUID.randomUUID().toString());
        String upsert = again + " ON CONFLICT (" + entity.key(workspaces) + ") DO UPDATE SET created_at = now()";
        writeAs(
                writer,
                insert,
                upsert,
                "UPDATE " + entity.table() + " SET created_at = '2020-01-01' WHERE " + entity.column() + " = '" + name
                        + "'");
        assertThat(query("SELECT id::text FROM " + entity.table() + " WHERE " + entity.column() + " = '" + name
                        + "' AND created_at = '2020-01-01' AND ws_id = " + WORKSPACE))
                .as(writer + " " + entity.table() + " by " + entity.column())
                .containsExactly(id);
        assertThatThrownBy(() -> writeAs(writer, again))
                .as(entity.table())
                .hasMessageContaining("duplicate key")
                .hasMessageContaining(entity.column());
        writeAs(writer, "DELETE FROM " + entity.table() + " WHERE " + entity.column() + " = '" + name + "'");
        assertThat(value("SELECT count(*) FROM " + entity.table() + " WHERE id = '" + id + "'"))
                .isEqualTo("0");
    }

    private void upsertOnAuthority() {
        String insert = "INSERT INTO ca_certificates (id, cert) VALUES ('%s', 'text') ON CONFLICT (cert) DO UPDATE"
                + " SET created_at = now()";
        writeAs(
                "1.5/old",
                insert.formatted(UUID.randomUUID()),
                insert.formatted(UUID.randomUUID()),
                "DELETE FROM ca_certificates WHERE cert = 'text'");
    }

    private void cascades(String writer, boolean workspaces) {
        String ws = workspaces ? ", ws_id" : "";
        String in = workspaces ? ", " + WORKSPACE : "";
        String consumer = UUID.randomUUID().toString();
        String service = UUID.randomUUID().toString();
        String route = UUID.randomUUID().toString();
        String upstream = UUID.randomUUID().toString();
        writeAs(
                writer,
                "INSERT INTO consumers (id" + ws + ") VALUES ('" + consumer + "'" + in + ")",
                "INSERT INTO keyauth_credentials (id, consumer_id" + ws + ") VALUES ('" + consumer + "', '" + consumer
                        + "'" + in + ")",
                "INSERT INTO services (id" + ws + ") VALUES ('" + service + "'" + in + ")",
                "INSERT INTO routes (id, service_id" + ws + ") VALUES ('" + route + "', '" + service + "'" + in + ")",
                "INSERT INTO plugins (id, name, config, enabled, route_id" + ws + ") VALUES ('" + route
                        + "', 'cors', '{}', true, '" + route + "'" + in + ")",
                "INSERT INTO upstreams (id, slots" + ws + ") VALUES ('" + upstream + "', 1" + in + ")",
                "INSERT INTO targets (id, target, weight, upstream_id" + ws + ") VALUES ('" + upstream + "', 't', 1, '"
                        + upstream + "'" + in + ")");
        assertThatThrownBy(() -> writeAs(writer, "DELETE FROM services WHERE id = '" + service + "'"))
                .hasMessageContaining("routes");
        assertThatThrownBy(() -> writeAs(
                        writer,
                        "INSERT INTO routes (id, service_id" + ws + ") VALUES ('" + UUID.randomUUID() + "', '"
                                + UUID.randomUUID() + "'" + in + ")"))
                .hasMessageContaining("foreign key");
        writeAs(
                writer,
                "DELETE FROM consumers WHERE id = '" + consumer + "'",
                "DELETE FROM routes WHERE id = '" + route + "'",
                "DELETE FROM services WHERE id = '" + service + "'",
                "DELETE FROM upstreams WHERE id = '" + upstream + "'");
        assertThat(value("SELECT (SELECT count(*) FROM keyauth_credentials WHERE id = '" + consumer + "')"
                        + " + (SELECT count(*) FROM plugins WHERE id = '" + route + "')"
                        + " + (SELECT count(*) FROM targets WHERE id = '" + upstream + "')"))
                .isEqualTo("0");
    }

    private void strayRows(String mark) {
        writeAs(
                null,
                "INSERT INTO services (id, name) VALUES ('5e000000-0000-0000-0000-0000000000" + mark + "', 'stray-"
                        + mark + "')",
                "INSERT INTO plugins (id, name, config, enabled, cache_key, service_id) VALUES"
                        + " ('91000000-0000-0000-0000-0000000000" + mark + "', 'ip-restriction',"
                        + " '{\"whitelist\":[\"10.0.0.0/8\"],\"blacklist\":null}', true, 'plugins:ip-restriction::"
                        + mark
                        + "::', '5e000000-0000-0000-0000-0000000000" + mark + "')");
    }

    private void assertStraysRepaired(String mark) {
        String workspace = value("SELECT id::text FROM workspaces WHERE name = 'default'");
        assertThat(value("SELECT ws_id::text FROM services WHERE name = 'stray-" + mark + "'"))
                .isEqualTo(workspace);
        assertThat(query("SELECT cache_key || ' ' || config::text FROM plugins WHERE ws_id = '" + workspace
                        + "' AND id = '91000000-0000-0000-0000-0000000000" + mark + "'"))
                .containsExactly("plugins:ip-restriction::" + mark + ":::" + workspace
                        + " {\"deny\": null, \"allow\": [\"10.0.0.0/8\"]}");
    }
}
