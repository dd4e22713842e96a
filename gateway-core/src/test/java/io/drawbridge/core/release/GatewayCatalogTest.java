package io.drawbridge.core.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.migration.Migration;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.Step;
import io.drawbridge.migration.postgres.PgStep;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatewayCatalogTest {
    /** Kong's units at 2.5, T marking those with a second phase: schema_meta must say the same of each. */
    private static final List<String> KONG = List.of(
            "core/000_base",
            "core/003_100_to_110",
            "core/004_110_to_120",
            "core/005_120_to_130 T",
            "core/006_130_to_140",
            "core/007_140_to_150",
            "core/008_150_to_200 T",
            "core/009_200_to_210 T",
            "core/010_210_to_211",
            "core/011_212_to_213",
            "core/012_213_to_220 T",
            "core/013_220_to_230",
            "acl/000_base_acl",
            "acl/002_130_to_140",
            "acl/003_200_to_210 T",
            "acl/004_212_to_213 T",
            "acme/000_base_acme",
            "basic-auth/000_base_basic_auth",
            "basic-auth/002_130_to_140",
            "basic-auth/003_200_to_210 T",
            "bot-detection/001_200_to_210 T",
            "hmac-auth/000_base_hmac_auth",
            "hmac-auth/002_130_to_140",
            "hmac-auth/003_200_to_210 T",
            "ip-restriction/001_200_to_210 T",
            "jwt/000_base_jwt",
            "jwt/002_130_to_140",
            "jwt/003_200_to_210 T",
            "key-auth/000_base_key_auth",
            "key-auth/002_130_to_140",
            "key-auth/003_200_to_210 T",
            "oauth2/000_base_oauth2",
            "oauth2/003_130_to_140",
            "oauth2/004_200_to_210 T",
            "oauth2/005_210_to_211",
            "rate-limiting/000_base_rate_limiting",
            "rate-limiting/003_10_to_112",
            "rate-limiting/004_200_to_210",
            "response-ratelimiting/000_base_response_rate_limiting",
            "session/000_base_session",
            "session/001_add_ttl_index");

    private final List<Migration<PgStep>> units = GatewayCatalog.postgres().migrations();

    @Test
    void kongs_units_in_kongs_order_with_kongs_phases_then_ours() {
        List<String> named = units.stream()
                .filter(unit -> !unit.subsystem().equals("drawbridge"))
                .map(unit -> unit.id() + (unit.twoPhase() ? " T" : ""))
                .toList();

        assertThat(named).isEqualTo(KONG);
        assertThat(units.subList(KONG.size(), units.size()))
                .allMatch(unit -> unit.subsystem().equals("drawbridge"));
    }

    @ParameterizedTest
    @CsvSource({"2.1, 38", "2.2, 40", "2.3, 41", "2.4, 41", "2.5, 41"})
    void a_release_has_as_many_units_as_kongs(String release, int count) {
        assertThat(GatewayCatalog.postgres().until(Release.parse(release)).migrations().stream()
                        .filter(unit -> !unit.subsystem().equals("drawbridge")))
                .hasSize(count);
    }

    @Test
    void units_ascend_within_their_subsystem() {
        for (int i = 1; i < units.size(); i++) {
            Migration<PgStep> before = units.get(i - 1);
            Migration<PgStep> unit = units.get(i);
            if (before.subsystem().equals(unit.subsystem())) {
                assertThat(unit.name()).isGreaterThan(before.name());
                assertThat(unit.since()).isGreaterThanOrEqualTo(before.since());
            }
        }
    }

    @Test
    void steps_have_names_that_are_unique_in_their_phase_and_say_what_they_lock() {
        for (Migration<PgStep> unit : units) {
            for (List<PgStep> phase : List.of(unit.expand(), unit.convert(), unit.contract(), unit.undo())) {
                Set<String> names = new HashSet<>();
                for (Step step : phase) {
                    assertThat(names.add(step.name()))
                            .as(unit.id() + " " + step.name())
                            .isTrue();
                    assertThat(step.describe())
                            .as(unit.id() + " " + step.name())
                            .isNotBlank();
                }
            }
        }
    }

    @Test
    void what_a_hop_of_the_line_expands_can_be_taken_back() {
        assertThat(units.stream()
                        .filter(unit -> !unit.since().isOlderThan(Release.of(2, 0)))
                        .filter(unit -> !unit.expand().isEmpty())
                        .filter(unit -> unit.undo().isEmpty())
                        .map(Migration::id))
                .containsExactly("drawbridge/003_strays_210_to_220");
    }

    @Test
    void checks_guard_the_hops_of_the_line() {
        assertThat(GatewayCatalog.postgres().checks().stream().map(check -> check.hop()))
                .isNotEmpty()
                .allMatch(hop -> GatewayCatalog.LINE.contains(hop));
        assertThat(Stream.of("2.4", "2.5").map(Release::parse))
                .allMatch(hop -> GatewayCatalog.postgres().checks().stream()
                        .anyMatch(check -> hop.equals(check.hop()) && check.id().equals("unknown-plugins")));
    }
}
