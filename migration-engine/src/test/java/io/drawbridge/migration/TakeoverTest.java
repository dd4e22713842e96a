package io.drawbridge.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.migration.memory.MemoryStep;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a database made by another system is taken for. */
final class TakeoverTest {
    private static final Release R10 = Release.of(1, 0);
    private static final Release R15 = Release.of(1, 5);
    private static final Release R20 = Release.of(2, 0);
    private static final Release R21 = Release.of(2, 1);
    private static final Release R24 = Release.of(2, 4);
    private static final Release R25 = Release.of(2, 5);

    private static final Catalog<MemoryStep> CATALOG = new Catalog<>(
            List.of(R15, R21, R24, R25),
            List.of(
                    unit("core", "base", R10),
                    unit("core", "twenty", R20),
                    unit("core", "twentyone", R21),
                    unit("core", "twentyfour", R24),
                    unit("acl", "base", R10),
                    unit("acl", "twentyone", R21),
                    unit("own", "log", R10)),
            List.of());

    @Test
    void units_ofEqualReleases_areTakenForOursIfNobodyElseIsThere() {
        Takeover alone = take(Map.of(), false, R25);
        assertThat(alone.gate()).hasToString("STEADY(2.5)");
        assertThat(alone.gate().foreignWrites()).isTrue();
        assertThat(alone.lowest()).isEqualTo(R24);
        assertThat(alone.highest()).isEqualTo(R25);
        assertThat(take(Map.of(), false, R24).gate()).hasToString("STEADY(2.4)");
    }

    @Test
    void units_ofEqualReleases_areAnOpenUpgradeIfOthersAreConnected() {
        assertThat(take(Map.of(), true, R25).gate()).hasToString("OPEN(2.4,2.5)");
        assertThat(take(Map.of(), true, R24).gate()).hasToString("STEADY(2.4)");
    }

    @Test
    void units_ofAnOlderRelease_areSteadyThere() {
        assertThat(take(units("core/base", true, "core/twenty", true, "core/twentyone", true), false, R25)
                        .gate())
                .hasToString("STEADY(2.1)");
        assertThat(take(units("core/base", true, "core/twenty", true), false, R25)
                        .gate())
                .hasToString("STEADY(2.0)");
        assertThat(take(units("core/base", true), false, R21).gate()).hasToString("STEADY(1.5)");
    }

    @Test
    void units_pending_areAnOpenUpgrade() {
        Takeover pending = take(units("core/base", true, "core/twenty", true, "core/twentyone", false), true, R21);

        assertThat(pending.gate()).hasToString("OPEN(2.0,2.1)");
        assertThat(pending.journal().entry("core/twentyone"))
                .get()
                .extracting(JournalEntry::state)
                .isEqualTo(JournalEntry.State.EXPANDED);
    }

    @Test
    void plugin_notEnabledThere_doesNotMakeItOlder() {
        assertThat(take(all("acl/"), false, R25).gate()).hasToString("STEADY(2.5)");
    }

    @Test
    void plugin_behindTheCore_isAnUpgradeThatStoppedHalfWay() {
        Map<String, Boolean> units = new TreeMap<>(all("-"));
        units.remove("acl/twentyone");

        assertThat(take(units, false, R25).gate()).hasToString("OPEN(2.0,2.4)");
    }

    @Test
    void units_ofANewerRelease_areNamed() {
        assertThat(take(units("core/base", true, "core/thirty", true, "custom/one", true), false, R25)
                        .unknown())
                .containsExactly("core/thirty");
    }

    @Test
    void release_told_overrides() {
        assertThat(Takeover.of(CATALOG, all("-"), true, R25, R25).gate()).hasToString("STEADY(2.5)");
        assertThat(Takeover.of(CATALOG, all("-"), false, R25, R24).gate()).hasToString("STEADY(2.4)");
    }

    private static Takeover take(Map<String, Boolean> units, boolean others, Release me) {
        return Takeover.of(CATALOG, units.isEmpty() ? all("-") : units, others, me, null);
    }

    /** Every unit but our own ones and those beginning with the prefix. */
    private static Map<String, Boolean> all(String without) {
        Map<String, Boolean> units = new TreeMap<>();
        CATALOG.migrations().stream()
                .map(Migration::id)
                .filter(id -> !id.startsWith("own/") && !id.startsWith(without))
                .forEach(id -> units.put(id, true));
        return units;
    }

    private static Map<String, Boolean> units(Object... pairs) {
        Map<String, Boolean> units = new TreeMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            units.put((String) pairs[i], (Boolean) pairs[i + 1]);
        }
        return units;
    }

    private static Migration<MemoryStep> unit(String subsystem, String name, Release since) {
        return Migration.expandOnly(
                subsystem,
                name,
                since,
                List.of(MemoryStep.of("make", data -> data.put(subsystem + name, "1"))),
                List.of());
    }
}
