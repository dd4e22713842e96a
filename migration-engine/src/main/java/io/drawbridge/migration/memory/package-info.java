/**
 * The engine in memory: for tests and demonstrations. Passes the same contract tests as the databases. Like Cassandra it
 * has no transaction that spans calls.
 */
package io.drawbridge.migration.memory;
