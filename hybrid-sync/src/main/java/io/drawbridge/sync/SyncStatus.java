package io.drawbridge.sync;

import java.util.Locale;

/** How a control plane and a data plane go together, in the words of Kong's clients. */
enum SyncStatus {
    UNKNOWN,
    NORMAL,
    KONG_VERSION_INCOMPATIBLE,
    PLUGIN_SET_INCOMPATIBLE,
    PLUGIN_VERSION_INCOMPATIBLE;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
