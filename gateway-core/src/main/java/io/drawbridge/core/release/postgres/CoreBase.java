package io.drawbridge.core.release.postgres;

import io.drawbridge.migration.Migration;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.postgres.PgStep;
import java.util.List;

/** Core units up to release 1.3, the oldest release of the line: they run in a fresh database only. */
final class CoreBase {
    private CoreBase() {}

    static Migration<PgStep> base() {
        return Ddl.base(
                "core",
                "000_base",
                Release.of(1, 0),
                Ddl.run("runtime tables", "creates cluster_events, cluster_ca, ttls", RUNTIME),
                Ddl.run("proxy tables", "creates services, routes, certificates, snis, consumers, plugins", PROXY),
                Ddl.run("balancer tables", "creates upstreams, targets", BALANCER));
    }

    static Migration<PgStep> tags() {
        String[] tables = {"services", "routes", "certificates", "snis", "consumers", "plugins", "upstreams", "targets"
        };
        List<PgStep> steps = new java.util.ArrayList<>();
        steps.add(Ddl.run("tags", "creates table tags and function sync_tags", TAGS));
        for (String table : tables) {
            steps.addAll(Ddl.tags(table, table + "_tags_idx", table + "_sync_tags_trigger"));
        }
        steps.add(Ddl.run(
                "protocols",
                "ACCESS EXCLUSIVE on plugins for an instant",
                Ddl.addColumn("plugins", "protocols", "text[]")));
        return Migration.expandOnly("core", "003_100_to_110", Release.of(1, 1), steps, List.of());
    }

    static Migration<PgStep> redirects() {
        return Ddl.base(
                "core",
                "004_110_to_120",
                Release.of(1, 2),
                Ddl.run(
                        "redirects",
                        "ACCESS EXCLUSIVE on routes for an instant",
                        Ddl.addColumn("routes", "https_redirect_status_code", "integer"),
                        "CREATE INDEX IF NOT EXISTS cluster_events_expire_at_idx ON cluster_events (expire_at)"));
    }

    static Migration<PgStep> authorities() {
        return new Migration<>(
                "core",
                "005_120_to_130",
                Release.of(1, 3),
                List.of(Ddl.run(
                        "authorities",
                        "ACCESS EXCLUSIVE on upstreams, routes, services for an instant; creates ca_certificates",
                        AUTHORITIES,
                        Ddl.tagsTrigger("ca_certificates", "ca_certificates_sync_tags_trigger"),
                        Ddl.addColumn("upstreams", "algorithm", "text"),
                        Ddl.addColumn("routes", "headers", "jsonb"),
                        Ddl.addColumn("services", "client_certificate_id", "uuid"),
                        Ddl.addConstraint(
                                "services",
                                "services_client_certificate_id_fkey",
                                "FOREIGN KEY (client_certificate_id) REFERENCES certificates (id)"),
                        "CREATE INDEX IF NOT EXISTS services_fkey_client_certificate"
                                + " ON services (client_certificate_id)")),
                List.of(Ddl.run(
                        "algorithm of upstreams",
                        "ROW EXCLUSIVE on upstreams: spells out the balancing algorithm",
                        "UPDATE upstreams SET algorithm = CASE WHEN hash_on = 'none' THEN 'round-robin'"
                                + " ELSE 'consistent-hashing' END WHERE algorithm IS NULL")),
                List.of(),
                List.of());
    }

    private static final String[] RUNTIME = {
        """
        CREATE TABLE IF NOT EXISTS cluster_events (
          id uuid PRIMARY KEY,
          node_id uuid NOT NULL,
          at timestamptz NOT NULL,
          nbf timestamptz,
          expire_at timestamptz NOT NULL,
          channel text,
          data text)""",
        "CREATE INDEX IF NOT EXISTS cluster_events_at_idx ON cluster_events (at)",
        "CREATE INDEX IF NOT EXISTS cluster_events_channel_idx ON cluster_events (channel)",
        """
        CREATE TABLE IF NOT EXISTS cluster_ca (
          pk boolean NOT NULL PRIMARY KEY CHECK (pk = true),
          key text NOT NULL,
          cert text NOT NULL)""",
        """
        CREATE TABLE IF NOT EXISTS ttls (
          primary_key_value text NOT NULL,
          primary_uuid_value uuid,
          table_name text NOT NULL,
          primary_key_name text NOT NULL,
          expire_at timestamp NOT NULL,
          PRIMARY KEY (primary_key_value, table_name))""",
        "CREATE INDEX IF NOT EXISTS ttls_primary_uuid_value_idx ON ttls (primary_uuid_value)"
    };

    private static final String[] PROXY = {
        """
        CREATE TABLE IF NOT EXISTS services (
          id uuid PRIMARY KEY,
          created_at timestamptz,
          updated_at timestamptz,
          name text UNIQUE,
          retries bigint,
          protocol text,
          host text,
          port bigint,
          path text,
          connect_timeout bigint,
          write_timeout bigint,
          read_timeout bigint)""",
        """
        CREATE TABLE IF NOT EXISTS routes (
          id uuid PRIMARY KEY,
          created_at timestamptz,
          updated_at timestamptz,
          name text UNIQUE,
          service_id uuid REFERENCES services (id),
          protocols text[],
          methods text[],
          hosts text[],
          paths text[],
          snis text[],
          sources jsonb[],
          destinations jsonb[],
          regex_priority bigint,
          strip_path boolean,
          preserve_host boolean)""",
        "CREATE INDEX IF NOT EXISTS routes_service_id_idx ON routes (service_id)",
        """
        CREATE TABLE IF NOT EXISTS certificates (
          id uuid PRIMARY KEY,
          created_at timestamptz DEFAULT %1$s,
          cert text,
          key text)""".formatted(Ddl.NOW),
        """
        CREATE TABLE IF NOT EXISTS snis (
          id uuid PRIMARY KEY,
          created_at timestamptz DEFAULT %1$s,
          name text NOT NULL UNIQUE,
          certificate_id uuid REFERENCES certificates (id))""".formatted(Ddl.NOW),
        "CREATE INDEX IF NOT EXISTS snis_certificate_id_idx ON snis (certificate_id)",
        """
        CREATE TABLE IF NOT EXISTS consumers (
          id uuid PRIMARY KEY,
          created_at timestamptz DEFAULT %1$s,
          username text UNIQUE,
          custom_id text UNIQUE)""".formatted(Ddl.NOW),
        "CREATE INDEX IF NOT EXISTS consumers_username_idx ON consumers (lower(username))",
        """
        CREATE TABLE IF NOT EXISTS plugins (
          id uuid PRIMARY KEY,
          created_at timestamptz DEFAULT %1$s,
          name text NOT NULL,
          consumer_id uuid REFERENCES consumers (id) ON DELETE CASCADE,
          service_id uuid REFERENCES services (id) ON DELETE CASCADE,
          route_id uuid REFERENCES routes (id) ON DELETE CASCADE,
          config jsonb NOT NULL,
          enabled boolean NOT NULL,
          cache_key text UNIQUE,
          run_on text)""".formatted(Ddl.NOW),
        "CREATE INDEX IF NOT EXISTS plugins_name_idx ON plugins (name)",
        "CREATE INDEX IF NOT EXISTS plugins_consumer_id_idx ON plugins (consumer_id)",
        "CREATE INDEX IF NOT EXISTS plugins_service_id_idx ON plugins (service_id)",
        "CREATE INDEX IF NOT EXISTS plugins_route_id_idx ON plugins (route_id)",
        "CREATE INDEX IF NOT EXISTS plugins_run_on_idx ON plugins (run_on)"
    };

    private static final String[] BALANCER = {
        """
        CREATE TABLE IF NOT EXISTS upstreams (
          id uuid PRIMARY KEY,
          created_at timestamptz DEFAULT %1$s,
          name text UNIQUE,
          hash_on text,
          hash_fallback text,
          hash_on_header text,
          hash_fallback_header text,
          hash_on_cookie text,
          hash_on_cookie_path text,
          slots integer NOT NULL,
          healthchecks jsonb)""".formatted(Ddl.NOW_MS),
        """
        CREATE TABLE IF NOT EXISTS targets (
          id uuid PRIMARY KEY,
          created_at timestamptz DEFAULT %1$s,
          upstream_id uuid REFERENCES upstreams (id) ON DELETE CASCADE,
          target text NOT NULL,
          weight integer NOT NULL)""".formatted(Ddl.NOW_MS),
        "CREATE INDEX IF NOT EXISTS targets_target_idx ON targets (target)",
        "CREATE INDEX IF NOT EXISTS targets_upstream_id_idx ON targets (upstream_id)"
    };

    private static final String[] TAGS = {
        """
        CREATE TABLE IF NOT EXISTS tags (
          entity_id uuid PRIMARY KEY,
          entity_name text,
          tags text[])""",
        "CREATE INDEX IF NOT EXISTS tags_entity_name_idx ON tags (entity_name)",
        "CREATE INDEX IF NOT EXISTS tags_tags_idx ON tags USING gin (tags)",
        """
        CREATE OR REPLACE FUNCTION sync_tags() RETURNS trigger LANGUAGE plpgsql AS $fn$
        BEGIN
          IF TG_OP = 'DELETE' THEN
            DELETE FROM tags WHERE entity_id = OLD.id;
            RETURN OLD;
          END IF;
          INSERT INTO tags (entity_id, entity_name, tags) VALUES (NEW.id, TG_TABLE_NAME, NEW.tags)
            ON CONFLICT (entity_id) DO UPDATE SET tags = EXCLUDED.tags;
          RETURN NEW;
        END $fn$"""
    };

    private static final String AUTHORITIES = """
            CREATE TABLE IF NOT EXISTS ca_certificates (
              id uuid PRIMARY KEY,
              created_at timestamptz DEFAULT %1$s,
              cert text NOT NULL UNIQUE,
              tags text[])""".formatted(Ddl.NOW);
}
