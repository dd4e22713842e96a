package io.drawbridge.core.release.postgres;

import io.drawbridge.migration.Migration;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.postgres.PgStep;
import java.util.ArrayList;
import java.util.List;

/** Units of the plugins that allow and deny: acl (with its groups), bot-detection and ip-restriction. */
final class AclUnits {
    static final List<WorkspaceTable> TABLES = List.of(WorkspaceTable.of("acls").ownedBy("consumer_id", "consumers"));

    private AclUnits() {}

    static List<Migration<PgStep>> acl() {
        List<PgStep> convert = new ArrayList<>(WorkspaceTable.repair(TABLES));
        convert.add(Conversions.cacheKeys("acls"));
        convert.add(Conversions.allowAndDeny("acl"));
        return List.of(
                Ddl.base(
                        "acl",
                        "000_base_acl",
                        Release.of(1, 0),
                        Ddl.run(
                                "table",
                                "creates its table",
                                """
                                CREATE TABLE IF NOT EXISTS acls (
                                  id uuid PRIMARY KEY,
                                  created_at timestamptz DEFAULT %s,
                                  consumer_id uuid REFERENCES consumers (id) ON DELETE CASCADE,
                                  "group" text,
                                  cache_key text UNIQUE)""".formatted(Ddl.NOW),
                                "CREATE INDEX IF NOT EXISTS acls_consumer_id_idx ON acls (consumer_id)",
                                "CREATE INDEX IF NOT EXISTS acls_group_idx ON acls (\"group\")")),
                Migration.expandOnly(
                        "acl",
                        "002_130_to_140",
                        Release.of(1, 4),
                        Ddl.tags("acls", "acls_tags_idex_tags_idx", "acls_sync_tags_trigger"),
                        List.of()),
                new Migration<>(
                        "acl",
                        "003_200_to_210",
                        Release.of(2, 1),
                        WorkspaceTable.expand(TABLES),
                        convert,
                        WorkspaceTable.contract(TABLES),
                        WorkspaceTable.undo(TABLES)),
                new Migration<>(
                        "acl",
                        "004_212_to_213",
                        Release.of(2, 1),
                        List.of(),
                        List.of(Conversions.fewCacheKeys("acls")),
                        List.of(),
                        List.of()));
    }

    static List<Migration<PgStep>> botDetection() {
        return List.of(lists("bot-detection"));
    }

    static List<Migration<PgStep>> ipRestriction() {
        return List.of(lists("ip-restriction"));
    }

    private static Migration<PgStep> lists(String plugin) {
        return new Migration<>(
                plugin,
                "001_200_to_210",
                Release.of(2, 1),
                List.of(),
                List.of(Conversions.allowAndDeny(plugin)),
                List.of(),
                List.of());
    }
}
