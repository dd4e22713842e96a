/** The change log in PostgreSQL: numbered by one sequencer per cluster, read by every node. */
package io.drawbridge.core.config.postgres;
