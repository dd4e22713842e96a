package io.drawbridge.core.release.postgres;

import io.drawbridge.core.release.BundledPlugins;
import io.drawbridge.migration.Check;
import io.drawbridge.migration.Check.Moment;
import io.drawbridge.migration.Check.Severity;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.postgres.PgStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is asked before an upgrade begins and before it is finished. */
public final class PostgresChecks {
    private static final Release WORKSPACES = Release.of(2, 1);

    private static final List<WorkspaceTable> TABLES = Stream.of(
                    CoreWorkspaces.TABLES, AclUnits.TABLES, CredentialUnits.TABLES, Oauth2Units.TABLES)
            .flatMap(List::stream)
            .toList();

    private PostgresChecks() {}

    /**
     * @param line the releases that are hopped to
     * @param morePlugins plugins beyond the bundled ones that the operator says are there
     */
    public static List<Check<PgStep>> all(List<Release> line, Set<String> morePlugins) {
        List<Check<PgStep>> checks = new ArrayList<>();
        for (Moment moment : Moment.values()) {
            checks.addAll(authorities(moment));
            checks.add(collidingKeys("plugins", moment));
            checks.add(collidingKeys("acls", moment));
        }
        checks.add(secondWorkspace());
        for (Release hop : line) {
            if (hop.isOlderThan(WORKSPACES)) {
                continue;
            }
            for (Moment moment : Moment.values()) {
                checks.add(plugins(hop, moment, morePlugins));
            }
            if (hop.isNewerThan(WORKSPACES)) {
                checks.add(strays(hop));
                checks.addAll(strayDuplicates(hop));
            }
        }
        return List.copyOf(checks);
    }

    private static List<Check<PgStep>> authorities(Moment moment) {
        String read = "SELECT id::text AS id, " + Conversions.DIGEST + " AS digest FROM ca_certificates";
        return List.of(
                new Check<>(
                        "ca-certificate-duplicates",
                        WORKSPACES,
                        moment,
                        Severity.BLOCK,
                        "CA certificates with equal content, which 2.1 keeps only once",
                        "delete all but one of each, after pointing ca_certificates of services and plugins at it",
                        query("'same certificate: ' || string_agg(id, ', ' ORDER BY id) FROM (" + read
                                + ") AS authorities WHERE digest IS NOT NULL GROUP BY digest HAVING count(*) > 1"
                                + " ORDER BY 1")),
                new Check<>(
                        "ca-certificate-unreadable",
                        WORKSPACES,
                        moment,
                        Severity.BLOCK,
                        "CA certificates that cannot be read, so that they have no digest",
                        "replace or delete them",
                        query("'ca_certificates ' || id FROM (" + read
                                + ") AS authorities WHERE digest IS NULL ORDER BY 1")));
    }

    private static Check<PgStep> plugins(Release hop, Moment moment, Set<String> more) {
        Set<String> known = new TreeSet<>(BundledPlugins.of(hop));
        known.addAll(more);
        return new Check<>(
                "unknown-plugins",
                hop,
                moment,
                Severity.BLOCK,
                "plugins that release " + hop + " does not have: its nodes would not start",
                "delete these rows, or name the plugin in the setting 'plugins' if nodes of " + hop + " have it",
                query("'plugin ' || name || ', id ' || id || coalesce(', service ' || service_id, '')"
                        + " || coalesce(', route ' || route_id, '') || coalesce(', consumer ' || consumer_id, '')"
                        + " || CASE WHEN enabled THEN '' ELSE ', disabled' END FROM plugins WHERE name NOT IN ("
                        + known.stream().map(PostgresChecks::literal).collect(Collectors.joining(", "))
                        + ") ORDER BY name, id"));
    }

    /**
     * Keys that would be the same once the old one has got its workspace. Each side of the equality names one row only, so
     * that it can be hashed: there may be a million of each.
     */
    private static Check<PgStep> collidingKeys(String table, Moment moment) {
        return new Check<>(
                table + "-cache-key-duplicates",
                WORKSPACES,
                moment,
                Severity.BLOCK,
                "rows of " + table + " that stand for the same thing in the old and in the new form",
                "delete one of each two",
                query("'" + table + " ' || old.id || ' and ' || new.id FROM " + table + " AS old JOIN " + table
                        + " AS new ON old.cache_key = left(new.cache_key, -37) AND old.cache_key LIKE '%:'"
                        + " AND new.cache_key LIKE '%::%-%-%-%-%' ORDER BY 1"));
    }

    private static Check<PgStep> secondWorkspace() {
        return new Check<>(
                "second-workspace",
                WORKSPACES,
                Moment.BEFORE_FINISH,
                Severity.WARN,
                "workspaces beside the default one before the upgrade to 2.1 is finished",
                "names are still unique across workspaces until finish has dropped the old keys",
                query("'workspace ' || coalesce(name, '') || ', id ' || id FROM workspaces"
                        + " WHERE name IS DISTINCT FROM 'default' ORDER BY 1"));
    }

    private static Check<PgStep> strays(Release hop) {
        String missing = TABLES.stream()
                .map(each -> "SELECT '" + each.table() + "' AS entity, count(*) AS n FROM " + each.table()
                        + " WHERE ws_id IS NULL")
                .collect(Collectors.joining(" UNION ALL "));
        return new Check<>(
                "rows-of-old-nodes",
                hop,
                Moment.BEFORE_UP,
                Severity.WARN,
                "rows in the form of releases before 2.1: an old node wrote them after the upgrade to 2.1 was finished",
                "stop that node; finish converts the rows",
                query("line FROM (SELECT entity || ': ' || n || ' without a workspace' AS line FROM (" + missing
                        + ") AS counted WHERE n > 0 UNION ALL SELECT 'plugin ' || name || ', id ' || id"
                        + " || ': whitelist or blacklist' FROM plugins"
                        + " WHERE name IN ('acl', 'bot-detection', 'ip-restriction')"
                        + " AND (config ? 'whitelist' OR config ? 'blacklist')) AS found ORDER BY line"));
    }

    /** A row without a workspace whose name the default workspace has already cannot be repaired by itself. */
    private static List<Check<PgStep>> strayDuplicates(Release hop) {
        String pairs = TABLES.stream()
                .flatMap(each -> each.uniques().stream().map(column -> """
                        SELECT '%1$s ' || stray.id || ' and ' || kept.id || ': %2$s ' || kept.%2$s AS line
                          FROM %1$s AS stray JOIN %1$s AS kept ON kept.%2$s = stray.%2$s AND kept.id <> stray.id
                           AND (kept.ws_id = (SELECT id FROM workspaces WHERE name = 'default')
                                OR kept.ws_id IS NULL AND kept.id > stray.id)
                         WHERE stray.ws_id IS NULL""".formatted(each.table(), column)))
                .collect(Collectors.joining(" UNION ALL "));
        List<Check<PgStep>> checks = new ArrayList<>();
        for (Moment moment : Moment.values()) {
            checks.add(new Check<>(
                    "duplicates-of-old-nodes",
                    hop,
                    moment,
                    Severity.BLOCK,
                    "rows without a workspace that have the name of another row",
                    "an old node wrote them after the upgrade to 2.1 was finished: delete or rename one of each two",
                    query("line FROM (" + pairs + ") AS found ORDER BY line")));
        }
        return checks;
    }

    private static PgStep query(String select) {
        return new PgStep.Query("rows", "SELECT " + select);
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
