/** The engine on PostgreSQL 12 and newer. Start reading at {@code PostgresMigrationBackend}. */
package io.drawbridge.migration.postgres;
