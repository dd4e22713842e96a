package io.drawbridge.core.config;

import java.time.Duration;

/**
 * How the change log is numbered and trimmed. Immutable.
 *
 * @param poll how often the log is looked at, 25 to 100 ms. Default 50 ms
 * @param retention how long changes are kept for readers that lag. Default 24 h
 * @param upgradeRetention the same while an upgrade is open, when the log also tells who wrote. Default 14 days
 * @param trimInterval how often old changes are removed. Default 1 min
 * @param trimBatch most rows removed at a time. Default 5000
 * @param statementTimeout longest single statement. Default 10 s
 */
public record SequencerOptions(
        Duration poll,
        Duration retention,
        Duration upgradeRetention,
        Duration trimInterval,
        int trimBatch,
        Duration statementTimeout) {
    public SequencerOptions {
        if (poll.toMillis() < 1 || poll.toMillis() > 10_000) {
            throw new IllegalArgumentException("poll must be between 1 ms and 10 s, is " + poll);
        }
        if (retention.isNegative() || upgradeRetention.compareTo(retention) < 0) {
            throw new IllegalArgumentException("upgradeRetention must be at least retention, which is 0 or more");
        }
        if (trimInterval.toMillis() < 1 || trimBatch < 1 || trimBatch > 100_000) {
            throw new IllegalArgumentException("trimInterval at least 1 ms, trimBatch 1 to 100000");
        }
        if (statementTimeout.toMillis() < 1) {
            throw new IllegalArgumentException("statementTimeout must be at least 1 ms");
        }
    }

    public static SequencerOptions defaults() {
        return new SequencerOptions(
                Duration.ofMillis(50),
                Duration.ofHours(24),
                Duration.ofDays(14),
                Duration.ofMinutes(1),
                5000,
                Duration.ofSeconds(10));
    }

    public SequencerOptions trimming(Duration keep, Duration interval, int batch) {
        return new SequencerOptions(poll, keep, keep, interval, batch, statementTimeout);
    }
}
