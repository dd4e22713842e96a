package io.drawbridge.core.release.postgres;

import io.drawbridge.migration.Migration;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.postgres.PgStep;
import java.util.ArrayList;
import java.util.List;

/** Units of the plugin oauth2: applications, authorization codes and tokens. */
final class Oauth2Units {
    /** Parents before their children. */
    static final List<WorkspaceTable> TABLES = List.of(
            WorkspaceTable.of("oauth2_credentials", "client_id").ownedBy("consumer_id", "consumers"),
            WorkspaceTable.of("oauth2_authorization_codes", "code")
                    .ownedBy("credential_id", "oauth2_credentials")
                    .ownedBy("service_id", "services"),
            WorkspaceTable.of("oauth2_tokens", "access_token", "refresh_token")
                    .ownedBy("credential_id", "oauth2_credentials")
                    .ownedBy("service_id", "services"));

    private Oauth2Units() {}

    static List<Migration<PgStep>> oauth2() {
        return List.of(base(), tags(), workspaces(), Ddl.base("oauth2", "005_210_to_211", Release.of(2, 1)));
    }

    private static Migration<PgStep> base() {
        return Ddl.base(
                "oauth2",
                "000_base_oauth2",
                Release.of(1, 0),
                Ddl.run("tables", "creates its tables", TABLES_AND_INDEXES));
    }

    private static Migration<PgStep> tags() {
        List<PgStep> steps = new ArrayList<>(Ddl.tags(
                "oauth2_credentials", "oauth2_credentials_tags_idex_tags_idx", "oauth2_credentials_sync_tags_trigger"));
        steps.add(Ddl.index("oauth2_authorization_codes", "oauth2_authorization_codes_ttl_idx", "(ttl)"));
        steps.add(Ddl.index("oauth2_tokens", "oauth2_tokens_ttl_idx", "(ttl)"));
        return Migration.expandOnly("oauth2", "003_130_to_140", Release.of(1, 4), steps, List.of());
    }

    private static Migration<PgStep> workspaces() {
        List<PgStep> expand = new ArrayList<>();
        expand.add(Ddl.run(
                "columns of 2.1",
                "ACCESS EXCLUSIVE on oauth2_credentials, oauth2_authorization_codes for an instant: columns",
                Ddl.addColumn("oauth2_credentials", "client_type", "text"),
                Ddl.addColumn("oauth2_credentials", "hash_secret", "boolean"),
                Ddl.addColumn("oauth2_authorization_codes", "challenge", "text"),
                Ddl.addColumn("oauth2_authorization_codes", "challenge_method", "text")));
        expand.addAll(WorkspaceTable.expand(TABLES));
        List<PgStep> undo = new ArrayList<>(WorkspaceTable.undo(TABLES));
        undo.add(Ddl.run(
                "columns of 2.1",
                "ACCESS EXCLUSIVE on oauth2_credentials, oauth2_authorization_codes for an instant: drops columns",
                Ddl.dropColumn("oauth2_credentials", "client_type"),
                Ddl.dropColumn("oauth2_credentials", "hash_secret"),
                Ddl.dropColumn("oauth2_authorization_codes", "challenge"),
                Ddl.dropColumn("oauth2_authorization_codes", "challenge_method")));
        return new Migration<>(
                "oauth2",
                "004_200_to_210",
                Release.of(2, 1),
                expand,
                WorkspaceTable.repair(TABLES),
                WorkspaceTable.contract(TABLES),
                undo);
    }

    private static final String[] TABLES_AND_INDEXES = {
        """
        CREATE TABLE IF NOT EXISTS oauth2_credentials (
          id uuid PRIMARY KEY,
          created_at timestamptz DEFAULT %1$s,
          name text,
          consumer_id uuid REFERENCES consumers (id) ON DELETE CASCADE,
          client_id text UNIQUE,
          client_secret text,
          redirect_uris text[])""".formatted(Ddl.NOW),
        "CREATE INDEX IF NOT EXISTS oauth2_credentials_consumer_id_idx ON oauth2_credentials (consumer_id)",
        "CREATE INDEX IF NOT EXISTS oauth2_credentials_secret_idx ON oauth2_credentials (client_secret)",
        """
        CREATE TABLE IF NOT EXISTS oauth2_authorization_codes (
          id uuid PRIMARY KEY,
          created_at timestamptz DEFAULT %1$s,
          credential_id uuid REFERENCES oauth2_credentials (id) ON DELETE CASCADE,
          service_id uuid REFERENCES services (id) ON DELETE CASCADE,
          code text UNIQUE,
          authenticated_userid text,
          scope text,
          ttl timestamptz)""".formatted(Ddl.NOW),
        "CREATE INDEX IF NOT EXISTS oauth2_authorization_codes_authenticated_userid_idx"
                + " ON oauth2_authorization_codes (authenticated_userid)",
        "CREATE INDEX IF NOT EXISTS oauth2_authorization_credential_id_idx"
                + " ON oauth2_authorization_codes (credential_id)",
        "CREATE INDEX IF NOT EXISTS oauth2_authorization_service_id_idx ON oauth2_authorization_codes (service_id)",
        """
        CREATE TABLE IF NOT EXISTS oauth2_tokens (
          id uuid PRIMARY KEY,
          created_at timestamptz DEFAULT %1$s,
          credential_id uuid REFERENCES oauth2_credentials (id) ON DELETE CASCADE,
          service_id uuid REFERENCES services (id) ON DELETE CASCADE,
          access_token text UNIQUE,
          refresh_token text UNIQUE,
          token_type text,
          expires_in integer,
          authenticated_userid text,
          scope text,
          ttl timestamptz)""".formatted(Ddl.NOW),
        "CREATE INDEX IF NOT EXISTS oauth2_tokens_authenticated_userid_idx ON oauth2_tokens (authenticated_userid)",
        "CREATE INDEX IF NOT EXISTS oauth2_tokens_credential_id_idx ON oauth2_tokens (credential_id)",
        "CREATE INDEX IF NOT EXISTS oauth2_tokens_service_id_idx ON oauth2_tokens (service_id)"
    };
}
