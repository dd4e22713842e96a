package io.drawbridge.sync;

import io.drawbridge.core.config.Changes;
import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.entity.Entity;
import java.util.List;
import java.util.Optional;

/** A message of a control plane, read. */
sealed interface Update {
    /**
     * What only our own control planes say. Immutable.
     *
     * @param position of the configuration in the change log
     * @param content digest of what a data plane of this release gets of it
     */
    record Origin(Changes.Position position, String content) {}

    /**
     * A whole configuration.
     *
     * @param digest how the control plane names it
     * @param origin empty: it comes from a control plane of Kong
     */
    record Full(String digest, Optional<Origin> origin, List<Entity> entities) implements Update {}

    /**
     * What has to be done to one configuration to get another.
     *
     * @param base the name of the one
     * @param digest the name of the other
     */
    record Delta(String base, String digest, Origin origin, ConfigSnapshot.Delta changes) implements Update {}

    /** Something that is for others, or for later releases. */
    record Other(String type) implements Update {}
}
