package io.drawbridge.core.release;

import io.drawbridge.core.release.postgres.PostgresChecks;
import io.drawbridge.core.release.postgres.PostgresUnits;
import io.drawbridge.migration.Catalog;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.postgres.PgStep;
import java.util.List;
import java.util.Set;

/** The release line: what each release brought to the database, and what is asked before going there. Immutable. */
public final class GatewayCatalog {
    /** The releases that an upgrade steps through. */
    public static final List<Release> LINE = List.of(
            Release.of(1, 3),
            Release.of(1, 5),
            Release.of(2, 1),
            Release.of(2, 2),
            Release.of(2, 3),
            Release.of(2, 4),
            Release.of(2, 5));

    private GatewayCatalog() {}

    /** For gateways that have the bundled plugins only. */
    public static Catalog<PgStep> postgres() {
        return postgres(Set.of());
    }

    /** @param morePlugins names of plugins beyond the bundled ones that this gateway knows */
    public static Catalog<PgStep> postgres(Set<String> morePlugins) {
        return new Catalog<>(LINE, PostgresUnits.all(), PostgresChecks.all(LINE, morePlugins));
    }
}
