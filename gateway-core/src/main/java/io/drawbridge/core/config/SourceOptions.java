package io.drawbridge.core.config;

import java.time.Duration;

/**
 * How configuration is read from the database. Immutable.
 *
 * @param poll how often the change log is looked at. Default 50 ms
 * @param verify how often everything is read again, to find what a change log could have missed. Default 10 min
 * @param changesMax most changes that are read one by one; more means reading everything. Default 10 000
 * @param statementTimeout longest single statement; a connection that is silent for twice as long is dropped. Default 30 s
 */
public record SourceOptions(Duration poll, Duration verify, int changesMax, Duration statementTimeout) {
    public SourceOptions {
        if (poll.toMillis() < 1 || poll.toMillis() > 10_000) {
            throw new IllegalArgumentException("poll must be between 1 ms and 10 s, is " + poll);
        }
        if (verify.toMillis() < 1 || statementTimeout.toMillis() < 1) {
            throw new IllegalArgumentException("verify and statementTimeout must be at least 1 ms");
        }
        if (changesMax < 1 || changesMax > 100_000) {
            throw new IllegalArgumentException("changesMax must be between 1 and 100000");
        }
    }

    public static SourceOptions defaults() {
        return new SourceOptions(Duration.ofMillis(50), Duration.ofMinutes(10), 10_000, Duration.ofSeconds(30));
    }

    public SourceOptions pacing(Duration look, Duration anew) {
        return new SourceOptions(look, anew, changesMax, statementTimeout);
    }
}
