package io.drawbridge.core.release.postgres;

import io.drawbridge.migration.Migration;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.postgres.PgStep;
import java.util.ArrayList;
import java.util.List;

/** Units of the plugins that keep one table of credentials: basic-auth, hmac-auth, jwt and key-auth. */
final class CredentialUnits {
    private static final WorkspaceTable BASIC_AUTH = owned("basicauth_credentials", "username");
    private static final WorkspaceTable HMAC_AUTH = owned("hmacauth_credentials", "username");
    private static final WorkspaceTable JWT = owned("jwt_secrets", "key");
    private static final WorkspaceTable KEY_AUTH = owned("keyauth_credentials", "key");

    static final List<WorkspaceTable> TABLES = List.of(BASIC_AUTH, HMAC_AUTH, JWT, KEY_AUTH);

    private CredentialUnits() {}

    static List<Migration<PgStep>> basicAuth() {
        return List.of(
                base(
                        "basic-auth",
                        "000_base_basic_auth",
                        table("basicauth_credentials", "username text UNIQUE, password text"),
                        "CREATE INDEX IF NOT EXISTS basicauth_consumer_id_idx ON basicauth_credentials (consumer_id)"),
                tags("basic-auth", "basicauth_credentials", "basicauth", List.of()),
                workspaces("basic-auth", BASIC_AUTH));
    }

    static List<Migration<PgStep>> hmacAuth() {
        return List.of(
                base(
                        "hmac-auth",
                        "000_base_hmac_auth",
                        table("hmacauth_credentials", "username text UNIQUE, secret text"),
                        consumerIndex("hmacauth_credentials")),
                tags("hmac-auth", "hmacauth_credentials", "hmacauth", List.of()),
                workspaces("hmac-auth", HMAC_AUTH));
    }

    static List<Migration<PgStep>> jwt() {
        return List.of(
                base(
                        "jwt",
                        "000_base_jwt",
                        table("jwt_secrets", "key text UNIQUE, secret text, algorithm text, rsa_public_key text"),
                        consumerIndex("jwt_secrets"),
                        "CREATE INDEX IF NOT EXISTS jwt_secrets_secret_idx ON jwt_secrets (secret)"),
                tags("jwt", "jwt_secrets", "jwtsecrets", List.of()),
                workspaces("jwt", JWT));
    }

    static List<Migration<PgStep>> keyAuth() {
        List<PgStep> ttl = List.of(
                Ddl.run(
                        "ttl",
                        "ACCESS EXCLUSIVE on keyauth_credentials for an instant: column ttl",
                        Ddl.addColumn("keyauth_credentials", "ttl", "timestamptz")),
                Ddl.index("keyauth_credentials", "keyauth_credentials_ttl_idx", "(ttl)"));
        return List.of(
                base(
                        "key-auth",
                        "000_base_key_auth",
                        table("keyauth_credentials", "key text UNIQUE"),
                        consumerIndex("keyauth_credentials")),
                tags("key-auth", "keyauth_credentials", "keyauth", ttl),
                workspaces("key-auth", KEY_AUTH));
    }

    private static WorkspaceTable owned(String table, String unique) {
        return WorkspaceTable.of(table, unique).ownedBy("consumer_id", "consumers");
    }

    private static String table(String table, String columns) {
        return """
                CREATE TABLE IF NOT EXISTS %s (
                  id uuid PRIMARY KEY,
                  created_at timestamptz DEFAULT %s,
                  consumer_id uuid REFERENCES consumers (id) ON DELETE CASCADE,
                  %s)""".formatted(table, Ddl.NOW, columns);
    }

    private static String consumerIndex(String table) {
        return "CREATE INDEX IF NOT EXISTS " + table + "_consumer_id_idx ON " + table + " (consumer_id)";
    }

    private static Migration<PgStep> base(String plugin, String name, String... sql) {
        return Ddl.base(plugin, name, Release.of(1, 0), Ddl.run("table", "creates its table", sql));
    }

    private static Migration<PgStep> tags(String plugin, String table, String prefix, List<PgStep> more) {
        List<PgStep> steps =
                new ArrayList<>(Ddl.tags(table, prefix + "_tags_idex_tags_idx", prefix + "_sync_tags_trigger"));
        steps.addAll(more);
        return Migration.expandOnly(plugin, "002_130_to_140", Release.of(1, 4), steps, List.of());
    }

    private static Migration<PgStep> workspaces(String plugin, WorkspaceTable table) {
        List<WorkspaceTable> tables = List.of(table);
        return new Migration<>(
                plugin,
                "003_200_to_210",
                Release.of(2, 1),
                WorkspaceTable.expand(tables),
                WorkspaceTable.repair(tables),
                WorkspaceTable.contract(tables),
                WorkspaceTable.undo(tables));
    }
}
