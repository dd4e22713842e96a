package io.drawbridge.core.release.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.core.release.GatewayCatalog;
import io.drawbridge.migration.Catalog;
import io.drawbridge.migration.Migration;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.postgres.PgStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A leader may die after a step and before it is journalled, so each step, and each phase, can run again. */
class StepsTwiceIT extends LineTest {
    private static final Catalog<PgStep> ONCE = GatewayCatalog.postgres();
    private static final Catalog<PgStep> TWICE = new Catalog<>(
            ONCE.line(), ONCE.migrations().stream().map(StepsTwiceIT::twice).toList(), ONCE.checks());

    @Test
    void running_everything_twice_ends_the_same() {
        seededAt(V1_5);
        line.using(TWICE).through(V1_5, V2_5);
        List<String> catalogue = Catalogue.of(database);
        Map<String, List<String>> rows = Rows.comparable(database);

        assertThat(catalogue).isEqualTo(FreshCatalogueIT.expected("2.5"));

        seededAt(V2_5);

        assertThat(rows).isEqualTo(Rows.comparable(database));
    }

    @Test
    void aborting_twice_over_ends_the_same() {
        seededAt(V1_5);
        List<String> catalogue = Catalogue.of(database);
        Map<String, List<String>> rows = Rows.of(database);
        for (Release hop : List.of(V2_1, V2_1)) {
            line.using(TWICE).up(hop);
            line.using(TWICE).abort(hop);
        }

        assertThat(Catalogue.of(database)).isEqualTo(catalogue);
        assertThat(Rows.of(database)).isEqualTo(rows);
    }

    /** Each step twice, and then all of the phase again. */
    private static Migration<PgStep> twice(Migration<PgStep> unit) {
        return new Migration<>(
                unit.subsystem(),
                unit.name(),
                unit.since(),
                twice(unit.expand()),
                twice(unit.convert()),
                twice(unit.contract()),
                twice(unit.undo()));
    }

    private static List<PgStep> twice(List<PgStep> steps) {
        List<PgStep> doubled = new ArrayList<>(
                steps.stream().flatMap(step -> Stream.of(step, step)).toList());
        doubled.addAll(steps);
        return doubled;
    }
}
