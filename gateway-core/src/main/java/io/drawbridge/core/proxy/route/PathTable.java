package io.drawbridge.core.proxy.route;

import java.util.ArrayList;
import java.util.List;

/** Entries of one category, host and number of headers, by path. Filled by one thread, then read by all. */
final class PathTable {
    private final LengthTable<Entry> regexes = new LengthTable<>();
    private final LengthTable<Entry> prefixes = new LengthTable<>();

    void add(Entry entry) {
        String literal = entry.path() == null ? "" : entry.path().literal();
        (entry.prefix() ? prefixes : regexes).add(literal, entry);
    }

    void sort() {
        regexes.sort(Entry.ORDER);
        prefixes.sort(Entry.ORDER);
    }

    /** Whether the search is over. */
    boolean search(Search search) {
        return !regexes.isEmpty() && searchRegexes(search) || prefixes.starts(search.path(), search::offer);
    }

    private boolean searchRegexes(Search search) {
        List<Entry> all = new ArrayList<>();
        regexes.starts(search.path(), found -> {
            all.addAll(found);
            return false;
        });
        all.sort(Entry.ORDER);
        return search.offer(all);
    }
}
