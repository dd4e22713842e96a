package io.drawbridge.core.store;

import io.drawbridge.migration.Release;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
        UUID id, String hostname, String ip, String hash, String version, String status, long lastSeen, long ttl) {
    private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})\\.\\d.*");

    /**
     * Major and minor of what a data plane says of itself, e.g. {@code 2.5.1-enterprise-edition}; empty if it has another form.
     *
     * @param version may be null: data planes before 2.3 do not tell theirs
     */
    public static Optional<Release> release(String version) {
        Matcher form = VERSION.matcher(version == null ? "" : version);
        return form.matches()
                ? Optional.of(Release.of(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2))))
                : Optional.empty();
    }
}
