package io.drawbridge.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.core.release.GatewayCatalog;
import io.drawbridge.migration.Plan;
import io.drawbridge.migration.Plan.PlannedStep;
import io.drawbridge.migration.Release;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTextTest {
    @Test
    void of_severalHops_isInTheOrderOfRunningWithASummary() {
        Plan plan = new Plan(
                Release.of(2, 1),
                Release.of(2, 3),
                List.of(
                        step("core/012_213_to_220", "expand", "a", "ACCESS EXCLUSIVE on t for an instant", -1),
                        step("core/012_213_to_220", "contract", "b", "ROW EXCLUSIVE on t: deletes", -1),
                        step("core/013_220_to_230", "expand", "c", "SHARE UPDATE EXCLUSIVE on t: index", 10),
                        step("acl/002_130_to_140", "contract", "d", "ACCESS EXCLUSIVE on acls for an instant", -1),
                        step("rate-limiting/004_200_to_210", "convert", "e", "ROW EXCLUSIVE on t: converts", 7),
                        step("core/012_213_to_220", "convert", "f", "ROW EXCLUSIVE on t: converts", 5)));

        assertThat(PlanText.of(plan, GatewayCatalog.postgres()))
                .containsExactly(
                        "From release 2.1 to 2.3: 6 steps",
                        "",
                        "release 2.1, finish, before the gate opens:",
                        "  rate-limiting/004_200_to_210  e  [ROW EXCLUSIVE on t: converts]  7 rows",
                        "",
                        "release 2.1, finish, after the gate has opened:",
                        "  acl/002_130_to_140  d  [ACCESS EXCLUSIVE on acls for an instant]",
                        "",
                        "release 2.2, up:",
                        "  core/012_213_to_220  a  [ACCESS EXCLUSIVE on t for an instant]",
                        "",
                        "release 2.2, finish, before the gate opens:",
                        "  core/012_213_to_220  f  [ROW EXCLUSIVE on t: converts]  5 rows",
                        "",
                        "release 2.2, finish, after the gate has opened:",
                        "  core/012_213_to_220  b  [ROW EXCLUSIVE on t: deletes]",
                        "",
                        "release 2.3, up:",
                        "  core/013_220_to_230  c  [SHARE UPDATE EXCLUSIVE on t: index]  10 rows",
                        "",
                        "In all: 6 steps of 3 releases, which read about 22 rows; the strongest lock is ACCESS"
                                + " EXCLUSIVE, in 2 of them");
    }

    private static PlannedStep step(String migration, String phase, String step, String describe, long rows) {
        return new PlannedStep(migration, phase, step, describe, rows);
    }
}
