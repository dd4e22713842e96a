package io.drawbridge.sync;

import io.drawbridge.core.config.Changes;
import java.time.Instant;
import java.util.Optional;

/**
 * What a data plane is at. Immutable.
 *
 * @param connectedTo {@code host:port} of the control plane; empty: to none
 * @param since when that began
 * @param source where the configuration in use came from
 * @param digest of the configuration in use, as control planes name it; 32 zeros if there is none
 * @param position of it in the control plane's change log; {@link Changes.Position#none} if not known
 * @param away why there is no connection; empty: there is one, or it was not tried yet
 * @param unsaved why the configuration in use is not in the file of the last good one; empty: it is, or there is none
 * @param refusal the last time that something was not taken over
 * @param full how many whole configurations were applied
 * @param delta how many differences were applied
 * @param gaps how many differences did not follow on what is in use
 * @param refused how many configurations were not taken over
 */
public record DataPlaneState(
        Optional<String> connectedTo,
        Optional<Instant> since,
        Source source,
        String digest,
        Changes.Position position,
        Optional<String> away,
        Optional<String> unsaved,
        Optional<Refusal> refusal,
        long full,
        long delta,
        long gaps,
        long refused) {
    /** Where a configuration came from. */
    public enum Source {
        NONE,
        FILE,
        CONTROL_PLANE
    }

    /**
     * Something was not taken over; what was in use is in use on.
     *
     * @param digest of what was refused; empty if it could not be read
     * @param reason for people
     */
    public record Refusal(Instant at, String digest, String reason) {}

    static DataPlaneState initial() {
        return new DataPlaneState(
                Optional.empty(),
                Optional.empty(),
                Source.NONE,
                DataPlaneLink.NOTHING,
                Changes.Position.none(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                0,
                0,
                0);
    }
}
