package io.drawbridge.sync;

import io.drawbridge.core.config.Changes;
import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.sync.SyncException.Code;
import java.util.Optional;

/**
 * A configuration as a data plane has it. Immutable.
 *
 * @param digest how control planes name it: that of the whole, though some of it may have been left out for this node
 * @param own whether it comes from a control plane of ours
 */
record Content(String digest, boolean own, ConfigSnapshot snapshot) {
    static Content nothing() {
        return new Content(DataPlaneLink.NOTHING, false, ConfigSnapshot.empty());
    }

    /** The same, named as nothing, so that a control plane sends what it has now. */
    Content unnamed() {
        return new Content(DataPlaneLink.NOTHING, own, snapshot);
    }

    boolean same(Content other) {
        return digest.equals(other.digest)
                && !digest.equals(DataPlaneLink.NOTHING)
                && snapshot.digest().equals(other.snapshot.digest());
    }

    /**
     * What this becomes; empty: the message says nothing of a configuration.
     *
     * @throws SyncException if it does not follow, or is not what it was said to be
     */
    Optional<Content> after(Update update) {
        if (update instanceof Update.Full full) {
            Changes.Position position =
                    full.origin().map(Update.Origin::position).orElse(Changes.Position.none());
            ConfigSnapshot snapshot = ConfigSnapshot.of(position, full.entities());
            full.origin().ifPresent(origin -> check(full.digest(), origin, snapshot));
            /* What is the same stays the same object, so that nobody need look at it again. */
            ConfigSnapshot next = this.snapshot.with(position, snapshot.since(this.snapshot));
            return Optional.of(new Content(full.digest(), full.origin().isPresent(), next));
        }
        if (update instanceof Update.Delta delta) {
            if (!own || !delta.base().equals(digest)) {
                throw new SyncException(Code.GAP, "it follows on " + delta.base() + ", in use is " + digest)
                        .about(delta.digest());
            }
            ConfigSnapshot next = snapshot.with(delta.origin().position(), delta.changes());
            check(delta.digest(), delta.origin(), next);
            return Optional.of(new Content(delta.digest(), true, next));
        }
        return Optional.empty();
    }

    private static void check(String digest, Update.Origin origin, ConfigSnapshot snapshot) {
        if (!origin.content().equals(snapshot.digest())) {
            throw new SyncException(
                            Code.MISMATCH, "its content is " + snapshot.digest() + ", it should be " + origin.content())
                    .about(digest);
        }
    }
}
