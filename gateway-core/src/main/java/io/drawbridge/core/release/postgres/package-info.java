/** The release line's units and checks on PostgreSQL, and Kong's bookkeeping. Start reading at {@code PostgresUnits}. */
package io.drawbridge.core.release.postgres;
