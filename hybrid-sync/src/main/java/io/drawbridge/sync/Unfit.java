package io.drawbridge.sync;

/** What becomes of configuration that a data plane cannot use. */
public enum Unfit {
    /**
     * Rows that its release refuses are left out, and with a plugin that guards something what it guards. Where a configured
     * plugin is missing, or is there in another version, nothing is sent: as Kong's control planes do.
     */
    WITHHOLD,
    /** As {@link #WITHHOLD}, and plugins that it lacks are left out in the same way. */
    WITHHOLD_PLUGINS,
    /** Nothing is sent as long as anything does not fit. */
    BLOCK
}
