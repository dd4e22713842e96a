package io.drawbridge.migration;

import java.util.Objects;

/**
 * What the database remembers of one migration. Immutable.
 *
 * @param id the migration's id
 * @param state how far it is
 * @param stepsDone steps of the running phase that are complete
 * @param cursor where the running step (a backfill) continues; null at its beginning
 * @param rowsDone rows that the running backfill has visited
 * @param rowsTotal rows that the running backfill expects to visit; an estimate
 * @param failure why the last attempt of the next step failed; null if it did not
 */
public record JournalEntry(
        String id, State state, int stepsDone, String cursor, long rowsDone, long rowsTotal, String failure) {

    /** The phases of a migration, in order. */
    public enum State {
        EXPANDING,
        EXPANDED,
        CONVERTING,
        CONVERTED,
        CONTRACTING,
        CONTRACTED,
        UNDOING;

        /** Data is in the new form, so a reader of the old one would be wrong: Kong calls this executed. */
        public boolean converted() {
            return this == CONVERTED || this == CONTRACTING || this == CONTRACTED;
        }
    }

    public JournalEntry {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(state, "state");
    }

    public static JournalEntry of(String id, State state, int stepsDone) {
        return new JournalEntry(id, state, stepsDone, null, 0, 0, null);
    }

    public JournalEntry at(String newCursor, long newRowsDone, long newRowsTotal) {
        return new JournalEntry(id, state, stepsDone, newCursor, newRowsDone, newRowsTotal, null);
    }

    public JournalEntry failed(String reason) {
        return new JournalEntry(id, state, stepsDone, cursor, rowsDone, rowsTotal, reason);
    }
}
