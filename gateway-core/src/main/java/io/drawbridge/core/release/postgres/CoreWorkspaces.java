package io.drawbridge.core.release.postgres;

import io.drawbridge.migration.Migration;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.postgres.PgStep;
import java.util.ArrayList;
import java.util.List;

/** Core units of releases 1.4 to 2.1: the great one is {@code 009_200_to_210}, which brings workspaces. */
final class CoreWorkspaces {
    /** Parents before their children. */
    static final List<WorkspaceTable> TABLES = List.of(
            WorkspaceTable.of("certificates"),
            WorkspaceTable.of("services", "name").under("client_certificate_id", "certificates"),
            WorkspaceTable.of("routes", "name").under("service_id", "services"),
            WorkspaceTable.of("consumers", "username", "custom_id"),
            WorkspaceTable.of("snis").under("certificate_id", "certificates"),
            WorkspaceTable.of("plugins")
                    .ownedBy("consumer_id", "consumers")
                    .ownedBy("service_id", "services")
                    .ownedBy("route_id", "routes"),
            WorkspaceTable.of("upstreams", "name"),
            WorkspaceTable.of("targets").ownedBy("upstream_id", "upstreams"));

    private CoreWorkspaces() {}

    static Migration<PgStep> hostHeader() {
        return Ddl.base(
                "core",
                "006_130_to_140",
                Release.of(1, 4),
                Ddl.run(
                        "host_header",
                        "ACCESS EXCLUSIVE on upstreams for an instant",
                        Ddl.addColumn("upstreams", "host_header", "text")));
    }

    static Migration<PgStep> pathHandling() {
        return Ddl.base(
                "core",
                "007_140_to_150",
                Release.of(1, 5),
                Ddl.run(
                        "path_handling",
                        "ACCESS EXCLUSIVE on routes for an instant",
                        Ddl.addColumn("routes", "path_handling", "text DEFAULT 'v0'"),
                        Ddl.reload("routes")));
    }

    /** Removes what 1.x nodes used, and leftovers of databases made before 1.4. */
    static Migration<PgStep> farewellToOnes() {
        return new Migration<>(
                "core",
                "008_150_to_200",
                Release.of(2, 0),
                List.of(),
                List.of(),
                List.of(
                        Ddl.run(
                                "path_handling",
                                "ACCESS EXCLUSIVE on routes for an instant: default of path_handling",
                                "ALTER TABLE routes ALTER COLUMN path_handling SET DEFAULT 'v0'"),
                        Ddl.run(
                                "run_on",
                                "ACCESS EXCLUSIVE on plugins for an instant: drops column run_on",
                                "DROP INDEX IF EXISTS plugins_run_on_idx",
                                Ddl.dropColumn("plugins", "run_on")),
                        Ddl.run(
                                "leftovers",
                                "ACCESS EXCLUSIVE on cluster_ca and cluster_events for an instant: drops leftovers",
                                "DROP TABLE IF EXISTS cluster_ca",
                                "DROP TRIGGER IF EXISTS delete_expired_cluster_events_trigger ON cluster_events",
                                "DROP FUNCTION IF EXISTS delete_expired_cluster_events()",
                                "DROP FUNCTION IF EXISTS upsert_ttl(text, uuid, text, text, timestamp)")),
                List.of());
    }

    static Migration<PgStep> workspaces() {
        return new Migration<>("core", "009_200_to_210", Release.of(2, 1), expand(), convert(), contract(), undo());
    }

    private static List<PgStep> expand() {
        List<PgStep> steps = new ArrayList<>();
        steps.add(
                Ddl.run("workspaces", "creates workspaces with the default one", """
                CREATE TABLE IF NOT EXISTS workspaces (
                  id uuid PRIMARY KEY,
                  name text UNIQUE,
                  comment text,
                  created_at timestamptz DEFAULT %s,
                  meta jsonb,
                  config jsonb)""".formatted(Ddl.NOW), """
                INSERT INTO workspaces (id, name) SELECT %s, 'default'
                  WHERE NOT EXISTS (SELECT FROM workspaces WHERE name = 'default') ON CONFLICT DO NOTHING""".formatted(
                                Ddl.RANDOM_UUID)));
        steps.add(Ddl.run(
                "cert_digest",
                "ACCESS EXCLUSIVE on ca_certificates for an instant: column cert_digest, unique",
                Ddl.addColumn("ca_certificates", "cert_digest", "text"),
                Ddl.addConstraint("ca_certificates", "ca_certificates_cert_digest_key", "UNIQUE (cert_digest)")));
        steps.add(Ddl.run(
                "tls_verify",
                "ACCESS EXCLUSIVE on services for an instant: three columns",
                Ddl.addColumn("services", "tls_verify", "boolean"),
                Ddl.addColumn("services", "tls_verify_depth", "smallint"),
                Ddl.addColumn("services", "ca_certificates", "uuid[]")));
        steps.add(Ddl.run(
                "client_certificate_id",
                "ACCESS EXCLUSIVE on upstreams for an instant: column client_certificate_id",
                Ddl.addColumn("upstreams", "client_certificate_id", "uuid")));
        steps.add(Ddl.index("upstreams", "upstreams_fkey_client_certificate", "(client_certificate_id)"));
        steps.add(Ddl.foreignKey(
                "upstreams",
                "upstreams_client_certificate_id_fkey",
                "(client_certificate_id) REFERENCES certificates (id)"));
        steps.addAll(WorkspaceTable.expand(TABLES));
        steps.add(Ddl.capture("workspaces"));
        return steps;
    }

    private static List<PgStep> convert() {
        List<PgStep> steps = new ArrayList<>(WorkspaceTable.repair(TABLES));
        steps.add(Conversions.certDigest());
        steps.add(Conversions.cacheKeys("plugins"));
        return steps;
    }

    private static List<PgStep> contract() {
        List<PgStep> steps = new ArrayList<>(WorkspaceTable.contract(TABLES));
        steps.add(Ddl.run(
                "old keys of ca_certificates",
                "ACCESS EXCLUSIVE on ca_certificates while it is read once: cert_digest must be there",
                "ALTER TABLE ca_certificates ALTER COLUMN cert_digest SET NOT NULL",
                Ddl.dropConstraint("ca_certificates", "ca_certificates_cert_key")));
        return steps;
    }

    private static List<PgStep> undo() {
        List<PgStep> steps = new ArrayList<>(WorkspaceTable.undo(TABLES));
        steps.add(Ddl.run(
                "columns of 2.1",
                "ACCESS EXCLUSIVE on services, upstreams, ca_certificates for an instant: drops columns",
                Ddl.dropColumn("services", "tls_verify"),
                Ddl.dropColumn("services", "tls_verify_depth"),
                Ddl.dropColumn("services", "ca_certificates"),
                Ddl.dropColumn("upstreams", "client_certificate_id"),
                Ddl.dropColumn("ca_certificates", "cert_digest"),
                Ddl.addConstraint("ca_certificates", "ca_certificates_cert_key", "UNIQUE (cert)")));
        steps.add(Ddl.run("workspaces", "drops workspaces", "DROP TABLE IF EXISTS workspaces"));
        return steps;
    }
}
