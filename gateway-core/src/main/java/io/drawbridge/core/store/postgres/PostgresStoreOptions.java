package io.drawbridge.core.store.postgres;

import java.time.Duration;

/**
 * The bounds of a store on PostgreSQL. Immutable.
 *
 * @param poolSize connections at most. Default 16
 * @param waitQueue callers that may wait for a connection; one more is refused at once. Default 1000
 * @param connectTimeout how long a caller waits for a connection. Default 5 s
 * @param statementTimeout how long one statement may take, waiting for locks included. Default 10 s
 * @param idleInTransaction how long a transaction of a stalled node is left open. Default 10 s
 * @param answerTimeout how long an answer of the server is waited for before the connection is given up; longer than the
 *     statement timeout. Default 15 s
 * @param bulkTimeout how long a bulk change or a snapshot may take in all. Default 10 min
 * @param cacheStatements whether connections are this store's own, so that statements stay prepared and settings stay set
 *     on them; false behind a transaction pooler. Default true
 */
public record PostgresStoreOptions(
        int poolSize,
        int waitQueue,
        Duration connectTimeout,
        Duration statementTimeout,
        Duration idleInTransaction,
        Duration answerTimeout,
        Duration bulkTimeout,
        boolean cacheStatements) {
    public PostgresStoreOptions {
        if (poolSize < 1 || poolSize > 1000 || waitQueue < 1 || waitQueue > 100_000) {
            throw new IllegalArgumentException("poolSize 1 to 1000, waitQueue 1 to 100000");
        }
        for (Duration each :
                new Duration[] {connectTimeout, statementTimeout, idleInTransaction, answerTimeout, bulkTimeout}) {
            if (each.toMillis() < 1 || each.toMinutes() > 60) {
                throw new IllegalArgumentException("durations must be between 1 ms and 1 h");
            }
        }
        if (answerTimeout.compareTo(statementTimeout) <= 0) {
            throw new IllegalArgumentException("answerTimeout must be longer than statementTimeout");
        }
    }

    public static PostgresStoreOptions defaults() {
        return new PostgresStoreOptions(
                16,
                1000,
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(15),
                Duration.ofMinutes(10),
                true);
    }

    public PostgresStoreOptions pool(int size) {
        return new PostgresStoreOptions(
                size,
                waitQueue,
                connectTimeout,
                statementTimeout,
                idleInTransaction,
                answerTimeout,
                bulkTimeout,
                cacheStatements);
    }

    public PostgresStoreOptions statements(Duration statement, Duration answer) {
        return new PostgresStoreOptions(
                poolSize,
                waitQueue,
                connectTimeout,
                statement,
                idleInTransaction,
                answer,
                bulkTimeout,
                cacheStatements);
    }

    public PostgresStoreOptions caching(boolean cache) {
        return new PostgresStoreOptions(
                poolSize,
                waitQueue,
                connectTimeout,
                statementTimeout,
                idleInTransaction,
                answerTimeout,
                bulkTimeout,
                cache);
    }
}
