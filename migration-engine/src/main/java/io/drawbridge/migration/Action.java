package io.drawbridge.migration;

import java.util.Objects;

/**
 * One thing to do: run the step (null: there is nothing to run), then have the journal say what {@code after} says
 * (null: the entry is removed). Immutable.
 */
public record Action<S extends Step>(Migration<S> migration, S step, JournalEntry before, JournalEntry after) {
    public Action {
        Objects.requireNonNull(migration, "migration");
    }
}
