package io.drawbridge.core.release.postgres;

import io.drawbridge.migration.Migration;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.postgres.PgStep;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Our own units. They come last and count as ever present, so that every database has them from the first time that one
 * of our nodes changes it.
 */
final class DrawbridgeUnits {
    private static final String SUBSYSTEM = "drawbridge";

    private DrawbridgeUnits() {}

    static List<Migration<PgStep>> drawbridge() {
        return List.of(
                Ddl.base(
                        SUBSYSTEM,
                        "001_change_log",
                        Release.of(1, 0),
                        Ddl.run("tables", "creates drawbridge_changes, drawbridge_revision", ChangeLog.TABLES),
                        Ddl.run("functions", "creates functions", ChangeLog.functions())),
                Migration.expandOnly(
                        SUBSYSTEM,
                        "002_triggers",
                        Release.of(1, 0),
                        ChangeLog.CONFIG_TABLES.stream().map(Ddl::capture).toList(),
                        List.of()),
                strays("003_strays_210_to_220", Release.of(2, 2), Ddl.index("sessions", "sessions_ttl_idx", "(ttl)")),
                strays("004_strays_220_to_230", Release.of(2, 3)),
                strays("005_strays_230_to_240", Release.of(2, 4)),
                strays("006_strays_240_to_250", Release.of(2, 5)));
    }

    /**
     * Nodes from before 2.1 that were still running after the upgrade to 2.1 was finished wrote rows in the old form.
     * Every later upgrade looks for them again and converts them.
     */
    private static Migration<PgStep> strays(String name, Release since, PgStep... expand) {
        List<PgStep> steps = new ArrayList<>();
        Stream.of(CoreWorkspaces.TABLES, AclUnits.TABLES, CredentialUnits.TABLES, Oauth2Units.TABLES)
                .flatMap(List::stream)
                .forEach(table -> steps.add(table.repair()));
        steps.add(Conversions.fewCacheKeys("plugins"));
        steps.add(Conversions.fewCacheKeys("acls"));
        Stream.of("acl", "bot-detection", "ip-restriction")
                .forEach(plugin -> steps.add(Conversions.allowAndDeny(plugin)));
        return new Migration<>(SUBSYSTEM, name, since, List.of(expand), steps, List.of(), List.of());
    }
}
