/**
 * Expand/contract schema migrations for a running cluster, under a fenced lease. Start reading at {@link
 * io.drawbridge.migration.Migrator}.
 *
 * <p>What happens next is decided by a pure function, {@code MigrationPlan}; everything done to a database goes through
 * {@link io.drawbridge.migration.MigrationBackend}.
 */
package io.drawbridge.migration;
