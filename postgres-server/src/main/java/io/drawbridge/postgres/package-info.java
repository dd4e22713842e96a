/**
 * A private PostgreSQL server from the programs in a Maven artifact: {@link io.drawbridge.postgres.PostgresServer} for
 * tests, {@link io.drawbridge.postgres.EmbeddedPostgres} for the product. Never as root, never without a password.
 */
package io.drawbridge.postgres;
