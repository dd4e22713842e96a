package io.drawbridge.core.store.postgres;

import java.util.Map;
import java.util.TreeMap;

/**
 * What holds in every transaction of a store: who writes, and how long anything may take. Immutable.
 *
 * @param writer {@code release/member}; the database's triggers read it
 */
record TransactionSettings(String writer, PostgresStoreOptions options) {
    /** By the server's name of the setting. */
    Map<String, String> all() {
        return new TreeMap<>(Map.of(
                "drawbridge.writer",
                writer,
                "statement_timeout",
                String.valueOf(options.statementTimeout().toMillis()),
                "idle_in_transaction_session_timeout",
                String.valueOf(options.idleInTransaction().toMillis())));
    }

    /** Begins a transaction for which alone they hold. */
    String begin() {
        StringBuilder begin = new StringBuilder("BEGIN ISOLATION LEVEL READ COMMITTED");
        all().forEach((name, value) -> begin.append("; SET LOCAL ")
                .append(name)
                .append(" = '")
                .append(value.replace("'", "''"))
                .append('\''));
        return begin.toString();
    }
}
