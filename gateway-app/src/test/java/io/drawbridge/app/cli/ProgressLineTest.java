package io.drawbridge.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProgressLineTest {
    @Test
    void text_halfDone_hasShareRateAndTimeLeft() {
        assertThat(ProgressLine.text("cache_key of plugins", 150_000, 300_000, 30_000))
                .isEqualTo("cache_key of plugins [######......] 50% of 300000, 30000/s, 5 s left");
    }

    @Test
    void text_nothingYet_orMoreThanExpected_isNoError() {
        assertThat(ProgressLine.text("x", 0, 10, 0)).endsWith("] 0% of 10, 0/s, ? s left");
        assertThat(ProgressLine.text("x", 20, 10, 20)).endsWith("] 100% of 20, 20/s, 0 s left");
        assertThat(ProgressLine.text("x", 0, 0, 0)).contains("100%");
    }

    @Test
    void text_longName_fitsOnALine() {
        assertThat(ProgressLine.text("n".repeat(200), 99_999_999, 999_999_999, 99_999))
                .hasSizeLessThan(80);
    }
}
