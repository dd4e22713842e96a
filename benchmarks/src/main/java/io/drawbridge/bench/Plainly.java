package io.drawbridge.bench;

import io.drawbridge.core.release.GatewayCatalog;
import io.drawbridge.migration.Migration;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.postgres.PgStep;
import java.util.ArrayList;
import java.util.List;

/** The release line as plain SQL: every index and constraint made at once, every conversion as one statement. */
final class Plainly {
    private Plainly() {}

    /** All phases of one migration. */
    static List<String> sql(Migration<PgStep> migration) {
        List<String> all = new ArrayList<>();
        migration.expand().forEach(step -> all.add(sql(step)));
        migration.convert().forEach(step -> all.add(sql(step)));
        migration.contract().forEach(step -> all.add(sql(step)));
        return all;
    }

    /** Those that the later release has and the earlier has not. */
    static List<Migration<PgStep>> between(Release earlier, Release later) {
        List<String> known = GatewayCatalog.postgres().until(earlier).migrations().stream()
                .map(Migration::id)
                .toList();
        return GatewayCatalog.postgres().until(later).migrations().stream()
                .filter(migration -> !known.contains(migration.id()))
                .toList();
    }

    private static String sql(PgStep step) {
        if (step instanceof PgStep.Statements statements) {
            return String.join(";\n", statements.sql());
        }
        if (step instanceof PgStep.ConcurrentIndex index) {
            return "CREATE " + (index.unique() ? "UNIQUE " : "") + "INDEX IF NOT EXISTS " + index.index() + " ON "
                    + index.on();
        }
        if (step instanceof PgStep.ValidatedConstraint constraint) {
            return "ALTER TABLE " + constraint.table() + " ADD CONSTRAINT " + constraint.constraint() + " "
                    + constraint.definition();
        }
        if (step instanceof PgStep.Backfill backfill) {
            return "UPDATE " + backfill.table() + " SET " + backfill.set() + " WHERE " + backfill.where();
        }
        throw new IllegalArgumentException("not plain SQL: " + step.name());
    }
}
