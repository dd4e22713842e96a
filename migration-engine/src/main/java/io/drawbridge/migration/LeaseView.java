package io.drawbridge.migration;

import java.time.Duration;

/**
 * A lease as others see it. Immutable.
 *
 * @param holder the last holder's id; empty if there never was one
 * @param epoch of that holder
 * @param beat counts renewals; a beat that does not change means a holder that does not live
 * @param remaining time to expiry by the database's clock, negative once expired
 * @param note what the holder says it is doing; may be null
 */
public record LeaseView(String holder, long epoch, long beat, Duration remaining, String note) {
    public boolean expired() {
        return remaining.isNegative() || remaining.isZero();
    }
}
