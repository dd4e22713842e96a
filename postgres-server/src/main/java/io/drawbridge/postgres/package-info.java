/** Drawbridge: postgres-server. */
package io.drawbridge.postgres;
