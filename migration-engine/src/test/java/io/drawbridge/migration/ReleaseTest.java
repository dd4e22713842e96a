package io.drawbridge.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ReleaseTest {
    @Test
    void parse_patchReleases_shareARelease() {
        assertThat(Release.parse("2.5.0")).isEqualTo(Release.parse("2.5.3")).hasToString("2.5");
    }

    @Test
    void compare_preRelease_isBelowTheFinalOne() {
        assertThat(List.of("2.5", "2.10", "2.5.0-beta", "2.4.9").stream()
                        .map(Release::parse)
                        .sorted())
                .map(Release::toString)
                .containsExactly("2.4", "2.5-beta", "2.5", "2.10");
    }

    @Test
    void parse_garbage_isRefusedWithAnExample() {
        for (String text : List.of("", "2", "two", "2.5.", "-1.0", "2.5 ", "99999.1")) {
            assertThatThrownBy(() -> Release.parse(text))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("2.5");
        }
    }
}
