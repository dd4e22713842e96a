package io.drawbridge.core.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.migration.Migration;
import io.drawbridge.migration.Release;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KongReleaseTest {

    @ParameterizedTest
    @CsvSource({
        "1.3, 1.3, 1.3",
        "1.4, 1.4, 1.4",
        "1.5, 1.5, 1.5",
        "2.0, 2.0, 2.0",
        "2.1, 2.1, 2.1",
        "2.2, 2.2, 2.2",
        "2.3, 2.3, 2.6",
        "2.4, 2.3, 2.6",
        "2.5, 2.3, 2.6"
    })
    void units_of_a_release_give_its_range(String made, String lowest, String highest) {
        KongRelease range = KongRelease.range(units(Release.parse(made)));

        assertThat(range.lowest()).isEqualTo(Release.parse(lowest));
        assertThat(range.highest()).isEqualTo(Release.parse(highest));
        assertThat(range.contains(Release.parse(made))).isTrue();
        assertThat(range.pendingUpgrade()).isFalse();
        assertThat(range.unknown()).isEmpty();
    }

    @Test
    void units_that_2_0_folded_say_nothing() {
        Map<String, Boolean> units = units(Release.of(1, 5));
        KongRelease.FOLDED.forEach(id -> units.put(id, true));

        assertThat(KongRelease.range(units).highest()).isEqualTo(Release.of(1, 5));
        assertThat(KongRelease.range(units).unknown()).isEmpty();
    }

    @Test
    void a_plugin_that_is_not_enabled_does_not_make_it_older() {
        Map<String, Boolean> units = units(Release.of(2, 4));
        units.keySet().removeIf(id -> !id.startsWith("core/"));

        assertThat(KongRelease.range(units).lowest()).isEqualTo(Release.of(2, 3));
        assertThat(KongRelease.range(units).highest()).isEqualTo(Release.of(2, 6));
    }

    @Test
    void a_newer_session_plugin_does_not_make_it_newer_nor_an_older_one_older() {
        Map<String, Boolean> newer = units(Release.of(2, 1));
        newer.put("session/001_add_ttl_index", true);
        Map<String, Boolean> older = units(Release.of(2, 5));
        older.remove("session/001_add_ttl_index");

        assertThat(KongRelease.range(newer).lowest()).isEqualTo(Release.of(2, 1));
        assertThat(KongRelease.range(newer).highest()).isEqualTo(Release.of(2, 1));
        assertThat(KongRelease.range(older).lowest()).isEqualTo(Release.of(2, 3));
    }

    @Test
    void pending_units_tell_an_upgrade_that_waits_for_finish() {
        Map<String, Boolean> units = units(Release.of(2, 2));
        units.put("core/012_213_to_220", false);

        assertThat(KongRelease.range(units).pendingUpgrade()).isTrue();
        assertThat(KongRelease.range(units).lowest()).isEqualTo(Release.of(2, 2));
    }

    @Test
    void releases_beyond_the_line_are_recognised_and_unknown_units_named() {
        Map<String, Boolean> units = units(Release.of(2, 5));
        units.put("core/014_230_to_270", true);
        units.put("core/015_270_to_280", true);
        units.put("core/099_900_to_910", true);
        units.put("my-plugin/001_mine", true);

        assertThat(KongRelease.range(units).lowest()).isEqualTo(Release.of(2, 8));
        assertThat(KongRelease.range(units).unknown()).containsExactly("core/099_900_to_910");
    }

    private static Map<String, Boolean> units(Release release) {
        Map<String, Boolean> units = new HashMap<>();
        for (Migration<?> unit : GatewayCatalog.postgres().until(release).migrations()) {
            if (!unit.subsystem().equals("drawbridge")) {
                units.put(unit.id(), true);
            }
        }
        return units;
    }
}
