package io.drawbridge.core.release.postgres;

import io.drawbridge.migration.postgres.PgStep;

/**
 * How rows come to their new form. Each can run again on converted rows and then changes nothing, and none overwrites a
 * value that already has the new form.
 */
final class Conversions {
    /**
     * Hex SHA-256 of the first certificate in a PEM text's DER bytes; null where there is none that can be read. Base64 is
     * checked before it is decoded, since a bad one would fail the whole statement.
     */
    static final String DIGEST = """
            (SELECT encode(sha256(decode(body, 'base64')), 'hex')
               FROM (SELECT regexp_replace(substring(cert from
                       '-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----([^-]+)-----END '), '\\s', '', 'g') AS body) AS pem
              WHERE body ~ '^[A-Za-z0-9+/]+={0,2}$' AND length(body) % 4 = 0)""";

    private static final String OLD_KEY = "cache_key LIKE '%:'";

    private static final String NEW_KEY =
            "cache_key = cache_key || ':' || coalesce(ws_id, " + Ddl.DEFAULT_WORKSPACE + ")::text";

    private Conversions() {}

    /**
     * Old nodes know no digest, and change certificates without it: so every one is computed again. Stale ones are
     * put out of the way first, because two rows may have swapped their certificates.
     */
    static PgStep certDigest() {
        String stale = DIGEST + " IS NOT NULL AND cert_digest IS DISTINCT FROM " + DIGEST;
        return Ddl.runWhileOpen(
                "cert_digest of ca_certificates",
                "ROW EXCLUSIVE on ca_certificates: digest of each certificate",
                "UPDATE ca_certificates SET cert_digest = 'stale:' || id WHERE cert_digest IS NOT NULL AND " + stale,
                "UPDATE ca_certificates SET cert_digest = " + DIGEST + " WHERE " + stale);
    }

    /** Keys that end with the separator lack the workspace. Old nodes look rows up by them, so not while they run. */
    static PgStep cacheKeys(String table) {
        return new PgStep.Backfill("cache_key of " + table, table, "id", "uuid", OLD_KEY, NEW_KEY, false);
    }

    /** The same where there are few such rows, if any: one pass instead of many batches. */
    static PgStep fewCacheKeys(String table) {
        return Ddl.run(
                "cache_key of " + table,
                "ROW EXCLUSIVE on " + table + ": converts keys",
                "UPDATE " + table + " SET " + NEW_KEY + " WHERE " + OLD_KEY);
    }

    /**
     * {@code whitelist} becomes {@code allow}, {@code blacklist} becomes {@code deny}; a list that a new node wrote
     * already stays.
     */
    static PgStep allowAndDeny(String plugin) {
        return Ddl.run(
                "lists of " + plugin,
                "ROW EXCLUSIVE on plugins: whitelist becomes allow, blacklist becomes deny",
                """
                UPDATE plugins
                   SET config = (config - 'whitelist' - 'blacklist')
                         || CASE WHEN config ? 'whitelist' AND %1$s
                                 THEN jsonb_build_object('allow', config -> 'whitelist') ELSE '{}' END
                         || CASE WHEN config ? 'blacklist' AND %2$s
                                 THEN jsonb_build_object('deny', config -> 'blacklist') ELSE '{}' END
                 WHERE name = '%3$s' AND (config ? 'whitelist' OR config ? 'blacklist')""".formatted(unset("allow"), unset("deny"), plugin));
    }

    private static String unset(String field) {
        return "coalesce(config -> '" + field + "', 'null') IN ('null', '[]', '{}')";
    }

    /** Of targets with the same address in one upstream only the newest counts; equally new ones all stay. */
    static PgStep supersededTargets() {
        return Ddl.run(
                "superseded targets",
                "ROW EXCLUSIVE on targets: deletes older ones of the same upstream and address",
                """
                DELETE FROM targets AS older
                 USING (SELECT upstream_id, target, max(created_at) AS newest FROM targets
                         GROUP BY upstream_id, target HAVING count(*) > 1) AS kept
                 WHERE older.upstream_id = kept.upstream_id AND older.target = kept.target
                   AND older.created_at < kept.newest""");
    }
}
