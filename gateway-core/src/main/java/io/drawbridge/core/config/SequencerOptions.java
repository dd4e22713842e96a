package io.drawbridge.core.config;

import java.time.Duration;

/**
 * How the change log is numbered and trimmed. Immutable.
 *
 * @param poll how often the log is looked at, 25 to 100 ms. Default 50 ms
 * @param gap least time between two numberings: writes that follow each other closely share a revision, and the numbering's own
 *     commits do not compete with theirs. Default 25 ms
 * @param retention how long changes are kept for readers that lag. Default 24 h
 * @param upgradeRetention the same while an upgrade is open, when the log also tells who wrote. Default 14 days
 * @param trimInterval how often old changes are removed. Default 1 min
 * @param trimBatch most rows removed at a time. Default 5000
 * @param statementTimeout longest single statement; a connection that is silent for twice as long is dropped. Default 10 s
 */
public record SequencerOptions(
        Duration poll,
        Duration gap,
        Duration retention,
        Duration upgradeRetention,
        Duration trimInterval,
        int trimBatch,
        Duration statementTimeout) {
    public SequencerOptions {
        if (poll.toMillis() < 1 || poll.toMillis() > 10_000) {
            throw new IllegalArgumentException("poll must be between 1 ms and 10 s, is " + poll);
        }
        if (gap.isNegative() || gap.toMillis() > 10_000) {
            throw new IllegalArgumentException("gap must be between 0 and 10 s, is " + gap);
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
                Duration.ofMillis(25),
                Duration.ofHours(24),
                Duration.ofDays(14),
                Duration.ofMinutes(1),
                5000,
                Duration.ofSeconds(10));
    }

    public SequencerOptions pacing(Duration look, Duration least) {
        return new SequencerOptions(
                look, least, retention, upgradeRetention, trimInterval, trimBatch, statementTimeout);
    }

    public SequencerOptions bounding(Duration statement) {
        return new SequencerOptions(poll, gap, retention, upgradeRetention, trimInterval, trimBatch, statement);
    }

    public SequencerOptions trimming(Duration keep, Duration interval, int batch) {
        return new SequencerOptions(poll, gap, keep, keep, interval, batch, statementTimeout);
    }
}
