package io.drawbridge.core.release.postgres;

import io.drawbridge.migration.Migration;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.postgres.PgStep;
import java.util.List;

/** Units of the plugins that keep run-time data: acme, rate-limiting, response-ratelimiting and session. */
final class RuntimeUnits {
    private RuntimeUnits() {}

    static List<Migration<PgStep>> acme() {
        return List.of(Migration.expandOnly(
                "acme",
                "000_base_acme",
                Release.of(2, 0),
                List.of(Ddl.run("table", "creates acme_storage", """
                        CREATE TABLE IF NOT EXISTS acme_storage (
                          id uuid PRIMARY KEY,
                          key text UNIQUE,
                          value text,
                          created_at timestamptz,
                          ttl timestamptz)""")),
                List.of(Ddl.run("table", "drops acme_storage", "DROP TABLE IF EXISTS acme_storage"))));
    }

    static List<Migration<PgStep>> rateLimiting() {
        return List.of(
                Ddl.base(
                        "rate-limiting",
                        "000_base_rate_limiting",
                        Release.of(1, 0),
                        Ddl.run("table", "creates its table", metrics("ratelimiting_metrics"))),
                Ddl.base(
                        "rate-limiting",
                        "003_10_to_112",
                        Release.of(1, 1),
                        Ddl.index(
                                "ratelimiting_metrics",
                                "ratelimiting_metrics_idx",
                                "(service_id, route_id, period_date, period)")),
                Migration.expandOnly(
                        "rate-limiting",
                        "004_200_to_210",
                        Release.of(2, 1),
                        List.of(
                                Ddl.run(
                                        "ttl",
                                        "ACCESS EXCLUSIVE on ratelimiting_metrics for an instant: column ttl",
                                        Ddl.addColumn("ratelimiting_metrics", "ttl", "timestamptz")),
                                Ddl.index("ratelimiting_metrics", "ratelimiting_metrics_ttl_idx", "(ttl)")),
                        List.of(Ddl.run(
                                "ttl",
                                "ACCESS EXCLUSIVE on ratelimiting_metrics for an instant: drops column ttl",
                                Ddl.dropColumn("ratelimiting_metrics", "ttl")))));
    }

    static List<Migration<PgStep>> responseRateLimiting() {
        return List.of(Ddl.base(
                "response-ratelimiting",
                "000_base_response_rate_limiting",
                Release.of(1, 0),
                Ddl.run("table", "creates its table", metrics("response_ratelimiting_metrics"))));
    }

    static List<Migration<PgStep>> session() {
        return List.of(
                Ddl.base(
                        "session",
                        "000_base_session",
                        Release.of(1, 0),
                        Ddl.run(
                                "table",
                                "creates its table",
                                """
                                CREATE TABLE IF NOT EXISTS sessions (
                                  id uuid PRIMARY KEY,
                                  session_id text UNIQUE,
                                  expires integer,
                                  data text,
                                  created_at timestamptz,
                                  ttl timestamptz)""",
                                "CREATE INDEX IF NOT EXISTS session_sessions_expires_idx ON sessions (expires)")),
                Migration.expandOnly(
                        "session",
                        "001_add_ttl_index",
                        Release.of(2, 2),
                        List.of(Ddl.index("sessions", "sessions_ttl_idx", "(ttl)")),
                        List.of(Ddl.run(
                                "ttl index",
                                "ACCESS EXCLUSIVE on sessions for an instant: drops index sessions_ttl_idx",
                                "DROP INDEX IF EXISTS sessions_ttl_idx"))));
    }

    private static String metrics(String table) {
        return """
                CREATE TABLE IF NOT EXISTS %s (
                  identifier text NOT NULL,
                  period text NOT NULL,
                  period_date timestamptz NOT NULL,
                  service_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
                  route_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
                  value integer,
                  PRIMARY KEY (identifier, period, period_date, service_id, route_id))""".formatted(table);
    }
}
