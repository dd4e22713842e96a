package io.drawbridge.migration.postgres;

import java.time.Duration;
import java.util.List;

/**
 * How the engine behaves on PostgreSQL. Immutable.
 *
 * @param lockTimeout how long one attempt of a step waits for a lock, and so the longest that it can make others wait.
 *     Default 200 ms
 * @param lockWait how long a step goes on trying before it fails. Default 10 min
 * @param statementTimeout longest single statement of a step; for an index that is built through a pooler the server's own
 *     setting holds too. Default 1 h
 * @param answerTimeout longest wait for a connection (but 10 s at most), and longest statement that is no step's. Default
 *     30 s
 * @param idleInTransaction how long a stalled leader's transaction is left open; at most the lease's TTL. Default 15 s
 * @param batchTarget how long one batch of a backfill should take. Default 100 ms
 * @param batchMax most rows in one batch. Default 20000
 * @param throttle pause after a batch as a share of the time that it took. Default 0.2
 * @param poolSize connections for everything but steps. Default 4
 * @param createsRelations names that the catalog creates at some time: relations so named tell a foreign database
 */
public record PostgresMigrationOptions(
        Duration lockTimeout,
        Duration lockWait,
        Duration statementTimeout,
        Duration answerTimeout,
        Duration idleInTransaction,
        Duration batchTarget,
        int batchMax,
        double throttle,
        int poolSize,
        List<String> createsRelations) {

    public PostgresMigrationOptions {
        createsRelations = List.copyOf(createsRelations);
        for (Duration each :
                List.of(lockTimeout, lockWait, statementTimeout, answerTimeout, idleInTransaction, batchTarget)) {
            if (each.toMillis() < 1) {
                throw new IllegalArgumentException("durations must be at least 1 ms");
            }
        }
        if (batchMax < 1 || throttle < 0 || throttle > 100 || poolSize < 2) {
            throw new IllegalArgumentException("batchMax >= 1, throttle 0 to 100, poolSize >= 2");
        }
    }

    public static PostgresMigrationOptions defaults() {
        return new PostgresMigrationOptions(
                Duration.ofMillis(200),
                Duration.ofMinutes(10),
                Duration.ofHours(1),
                Duration.ofSeconds(30),
                Duration.ofSeconds(15),
                Duration.ofMillis(100),
                20_000,
                0.2,
                4,
                List.of());
    }

    public PostgresMigrationOptions lockWait(Duration attempt, Duration total) {
        return new PostgresMigrationOptions(
                attempt,
                total,
                statementTimeout,
                answerTimeout,
                idleInTransaction,
                batchTarget,
                batchMax,
                throttle,
                poolSize,
                createsRelations);
    }

    public PostgresMigrationOptions answers(Duration limit) {
        return new PostgresMigrationOptions(
                lockTimeout,
                lockWait,
                statementTimeout,
                limit,
                idleInTransaction,
                batchTarget,
                batchMax,
                throttle,
                poolSize,
                createsRelations);
    }

    public PostgresMigrationOptions idleInTransaction(Duration limit) {
        return new PostgresMigrationOptions(
                lockTimeout,
                lockWait,
                statementTimeout,
                answerTimeout,
                limit,
                batchTarget,
                batchMax,
                throttle,
                poolSize,
                createsRelations);
    }

    public PostgresMigrationOptions batches(Duration target, int max, double pauseShare) {
        return new PostgresMigrationOptions(
                lockTimeout,
                lockWait,
                statementTimeout,
                answerTimeout,
                idleInTransaction,
                target,
                max,
                pauseShare,
                poolSize,
                createsRelations);
    }

    public PostgresMigrationOptions creating(List<String> relations) {
        return new PostgresMigrationOptions(
                lockTimeout,
                lockWait,
                statementTimeout,
                answerTimeout,
                idleInTransaction,
                batchTarget,
                batchMax,
                throttle,
                poolSize,
                relations);
    }
}
