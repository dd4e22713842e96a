package io.drawbridge.migration;

import java.time.Instant;

/**
 * Who changed the cluster's state, when, from what to what, and why. Immutable.
 *
 * @param seq position in the audit
 * @param at by the database's clock
 * @param by the member or operator
 * @param release of the one who did it
 * @param epoch of the lease under which it was done; 0 if none was needed
 * @param from state before
 * @param to state after
 * @param reason why
 */
public record AuditEntry(
        long seq, Instant at, String by, Release release, long epoch, String from, String to, String reason) {}
