package io.drawbridge.core.store;

import java.util.UUID;

/**
 * A data plane as the control plane that it is connected to saw it last. Immutable.
 *
 * @param ip the connection's other end
 * @param hash of the configuration that it says it has; 32 zeros: none
 * @param version as it says
 * @param status one of {@code unknown, normal, kong_version_incompatible, plugin_set_incompatible, plugin_version_incompatible}
 * @param lastSeen seconds since 1970; of no meaning when written
 * @param ttl seconds for which it is remembered from now
 */
public record DataPlaneRow(
        UUID id, String hostname, String ip, String hash, String version, String status, long lastSeen, long ttl) {}
