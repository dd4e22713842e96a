/**
 * What changed in the configuration, in an order that every node agrees on: revisions of the change log. Start at
 * {@link io.drawbridge.core.config.Changes}.
 */
package io.drawbridge.core.config;
