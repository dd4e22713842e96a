package io.drawbridge.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long MILLI = 1_000_000;

    private final Pace pace = new Pace(Duration.ofMillis(2), Duration.ofMillis(10));

    @Test
    void whoComesAlone_doesNotWait() {
        assertThat(pace.turn(Long.MAX_VALUE - MILLI)).hasValue(0);
        assertThat(pace.turn(Long.MIN_VALUE + 100 * MILLI))
                .as("nanoTime wraps around")
                .hasValue(0);
    }

    @Test
    void manyAtOnce_comeEvenly_andThoseWhoWouldWaitTooLongDoNot() {
        for (int i = 0; i <= 5; i++) {
            assertThat(pace.turn(5)).hasValue(i * 2 * MILLI);
        }
        assertThat(pace.turn(5)).isEmpty();
        assertThat(pace.turn(5)).as("who is turned away takes nobody's place").isEmpty();
        assertThat(pace.turn(5 + 2 * MILLI)).hasValue(10 * MILLI);
    }
}
