/** Entities in PostgreSQL, in Kong's tables. */
package io.drawbridge.core.store.postgres;
