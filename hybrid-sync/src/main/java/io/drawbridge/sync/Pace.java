package io.drawbridge.sync;

import java.time.Duration;
import java.util.OptionalLong;

/** Lets one in at a time, each some time after the one before, so that many who come at once come evenly. Confined to one context. */
final class Pace {
    private final long gapNanos;
    private final long waitMaxNanos;
    private boolean begun;
    private long nextNanos;

    /**
     * @param gap between two
     * @param waitMax nobody waits longer: he is turned away
     */
    Pace(Duration gap, Duration waitMax) {
        this.gapNanos = gap.toNanos();
        this.waitMaxNanos = waitMax.toNanos();
    }

    /** For how many nanoseconds who comes now has to wait; empty: he is turned away. @param nowNanos of a clock that never goes back */
    OptionalLong turn(long nowNanos) {
        if (!begun || nextNanos - nowNanos < 0) {
            begun = true;
            nextNanos = nowNanos;
        }
        long wait = nextNanos - nowNanos;
        if (wait > waitMaxNanos) {
            return OptionalLong.empty();
        }
        nextNanos += gapNanos;
        return OptionalLong.of(wait);
    }
}
