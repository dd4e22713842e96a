package io.drawbridge.migration;

import java.util.ArrayList;
import java.util.List;

/** What one call has done so far. Confined to the caller's context. */
final class Progress {
    private final List<String> executed = new ArrayList<>();
    private final List<String> pending = new ArrayList<>();
    private boolean changed;
    private boolean waited;

    void changed() {
        changed = true;
    }

    void waited() {
        waited = true;
    }

    void moved(String id, JournalEntry after) {
        pending.remove(id);
        if (after != null && after.state() == JournalEntry.State.EXPANDED) {
            pending.add(id);
        } else if (after != null) {
            executed.add(id);
        }
    }

    Outcome outcome(Gate gate) {
        return new Outcome(gate, executed, pending, changed, waited);
    }
}
