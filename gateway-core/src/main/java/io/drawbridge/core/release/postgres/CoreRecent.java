package io.drawbridge.core.release.postgres;

import io.drawbridge.migration.Migration;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.postgres.PgStep;
import java.util.List;

/** Core units of releases 2.1.1 to 2.3; 2.4 and 2.5 brought none. */
final class CoreRecent {
    private CoreRecent() {}

    /** Repairs Cassandra databases only; kept since {@code schema_meta} names it. */
    static Migration<PgStep> values() {
        return Ddl.base("core", "010_210_to_211", Release.of(2, 1));
    }

    /** Drops an index that we never make; one made by another tool goes with {@link #dataPlanes}. */
    static Migration<PgStep> spareIndex() {
        return Ddl.base("core", "011_212_to_213", Release.of(2, 1));
    }

    static Migration<PgStep> dataPlanes() {
        return new Migration<>(
                "core",
                "012_213_to_220",
                Release.of(2, 2),
                List.of(
                        Ddl.run(
                                "clustering_data_planes",
                                "creates clustering_data_planes",
                                """
                        CREATE TABLE IF NOT EXISTS clustering_data_planes (
                          id uuid PRIMARY KEY,
                          hostname text NOT NULL,
                          ip text NOT NULL,
                          last_seen timestamptz DEFAULT %s,
                          config_hash text NOT NULL,
                          ttl timestamptz)""".formatted(Ddl.NOW),
                                """
                        CREATE INDEX IF NOT EXISTS clustering_data_planes_ttl_idx
                          ON clustering_data_planes (ttl)"""),
                        Ddl.run(
                                "buffering",
                                "ACCESS EXCLUSIVE on routes for an instant: two columns",
                                Ddl.addColumn("routes", "request_buffering", "boolean"),
                                Ddl.addColumn("routes", "response_buffering", "boolean"))),
                List.of(Conversions.supersededTargets()),
                List.of(Ddl.run(
                        "workspaces_name_idx",
                        "ACCESS EXCLUSIVE on workspaces for an instant: drops a redundant index",
                        "DROP INDEX IF EXISTS workspaces_name_idx")),
                List.of(Ddl.run(
                        "columns of 2.2",
                        "ACCESS EXCLUSIVE on routes for an instant: drops columns",
                        Ddl.dropColumn("routes", "request_buffering"),
                        Ddl.dropColumn("routes", "response_buffering"),
                        "DROP TABLE IF EXISTS clustering_data_planes")));
    }

    static Migration<PgStep> parameters() {
        return Migration.expandOnly(
                "core",
                "013_220_to_230",
                Release.of(2, 3),
                List.of(
                        Ddl.run("parameters", "creates parameters with the cluster's id", """
                        CREATE TABLE IF NOT EXISTS parameters (
                          key text PRIMARY KEY,
                          value text NOT NULL,
                          created_at timestamptz)""", """
                        INSERT INTO parameters (key, value) SELECT 'cluster_id', %s::text
                          WHERE NOT EXISTS (SELECT FROM parameters WHERE key = 'cluster_id')
                          ON CONFLICT DO NOTHING""".formatted(
                                        Ddl.RANDOM_UUID)),
                        Ddl.run(
                                "second certificate",
                                "ACCESS EXCLUSIVE on certificates for an instant: two columns",
                                Ddl.addColumn("certificates", "cert_alt", "text"),
                                Ddl.addColumn("certificates", "key_alt", "text")),
                        Ddl.run(
                                "state of data planes",
                                "ACCESS EXCLUSIVE on clustering_data_planes for an instant: two columns",
                                Ddl.addColumn("clustering_data_planes", "version", "text"),
                                Ddl.addColumn(
                                        "clustering_data_planes", "sync_status", "text NOT NULL DEFAULT 'unknown'")),
                        Ddl.capture("parameters")),
                List.of(Ddl.run(
                        "columns of 2.3",
                        "ACCESS EXCLUSIVE on certificates, clustering_data_planes for an instant: drops columns",
                        Ddl.dropColumn("certificates", "cert_alt"),
                        Ddl.dropColumn("certificates", "key_alt"),
                        Ddl.dropColumn("clustering_data_planes", "version"),
                        Ddl.dropColumn("clustering_data_planes", "sync_status"),
                        "DROP TABLE IF EXISTS parameters")));
    }
}
