package io.drawbridge.migration;

/**
 * How {@code abort} runs. Immutable.
 *
 * @param force kinds of blockers to skip, comma-separated: {@code new-nodes}
 * @param by who asks, for the audit
 * @param reason why, for the audit
 */
public record AbortOptions(String force, String by, String reason) {}
