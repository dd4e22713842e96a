package io.drawbridge.core.config;

import java.util.List;

/**
 * What happened since a revision: whole revisions only. Immutable.
 *
 * @param position where the reader is afterwards
 * @param complete false: the log does not reach back that far, or it is too much, or the database is another: read
 *     everything anew, then go on from {@code position}
 * @param changes in order; empty if not complete
 */
public record Changes(Position position, boolean complete, List<Change> changes) {
    public Changes {
        changes = List.copyOf(changes);
    }

    /**
     * A place in the history of one database. Immutable.
     *
     * @param incarnation changes when another database takes this one's place, e.g. by a restore
     * @param revision grows by one with each consistent cut
     */
    public record Position(String incarnation, long revision) {
        /** Before everything, of no database: reading from here says to read everything. */
        public static Position none() {
            return new Position("", -1);
        }
    }
}
