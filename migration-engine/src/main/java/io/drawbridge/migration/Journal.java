package io.drawbridge.migration;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the database says was done: the entries by migration id. A migration without an entry is new. Immutable.
 *
 * @param entries by migration id, in the order in which they were first written
 */
public record Journal(Map<String, JournalEntry> entries) {
    public Journal {
        entries = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    public static Journal empty() {
        return new Journal(Map.of());
    }

    public Optional<JournalEntry> entry(String id) {
        return Optional.ofNullable(entries.get(id));
    }

    public Journal with(JournalEntry entry) {
        Map<String, JournalEntry> next = new LinkedHashMap<>(entries);
        next.put(entry.id(), entry);
        return new Journal(next);
    }

    public Journal without(String id) {
        Map<String, JournalEntry> next = new LinkedHashMap<>(entries);
        next.remove(id);
        return new Journal(next);
    }
}
