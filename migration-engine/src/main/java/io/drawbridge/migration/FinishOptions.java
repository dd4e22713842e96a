package io.drawbridge.migration;

/**
 * How {@code finish} runs. Immutable.
 *
 * @param force kinds of blockers to skip, comma-separated: {@code old-nodes}, {@code data-planes}, {@code foreign}
 * @param keepForeignWriters leaves writers that know nothing of the gate allowed
 * @param repair also converts rows again that were written in the old form after an earlier finish
 * @param by who asks, for the audit
 * @param reason why, for the audit; required with {@code force}
 */
public record FinishOptions(String force, boolean keepForeignWriters, boolean repair, String by, String reason) {
    public FinishOptions {
        if (!force.isEmpty() && reason.isBlank()) {
            throw new IllegalArgumentException("--force needs a --reason, for the audit");
        }
    }

    public static FinishOptions standard(String by) {
        return new FinishOptions("", false, false, by, "");
    }
}
