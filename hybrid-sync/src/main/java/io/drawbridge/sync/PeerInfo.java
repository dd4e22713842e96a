package io.drawbridge.sync;

import io.drawbridge.migration.Release;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a data plane says of itself when it connects. Immutable.
 *
 * @param version as it says, e.g. {@code 2.5.1-enterprise-edition}
 * @param plugins versions of those that it has switched on, by name; an empty text if it told none
 * @param payloadMax the largest frame that it takes, in bytes
 */
record PeerInfo(UUID id, String hostname, String ip, String version, Map<String, String> plugins, int payloadMax) {
    private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})\\.\\d.*");

    PeerInfo {
        plugins = Map.copyOf(plugins);
    }

    /** Major and minor; empty if the version has another form. */
    static Optional<Release> release(String version) {
        Matcher form = VERSION.matcher(version);
        return form.matches()
                ? Optional.of(Release.of(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2))))
                : Optional.empty();
    }
}
