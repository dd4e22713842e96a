package io.drawbridge.migration;

/**
 * Proof of leadership. Its epoch fences every effect: a leader whose epoch has been superseded can change nothing.
 * Immutable.
 *
 * @param name which lease, e.g. {@code migrations} or {@code sequencer}
 * @param holder the member's id
 * @param epoch grows with every acquisition, never reused
 */
public record Lease(String name, String holder, long epoch) {}
