/**
 * A private PostgreSQL server from the programs in a Maven artifact: {@link io.drawbridge.postgres.PostgresServer} for
 * tests, and later one for the product. Never as root, never without a password.
 */
package io.drawbridge.postgres;
