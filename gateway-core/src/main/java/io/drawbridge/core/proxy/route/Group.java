package io.drawbridge.core.proxy.route;

import java.util.ArrayList;
import java.util.List;

/** Entries with the same attributes and a host in common. Filled by one thread, then read by all. */
final class Group {
    /* So many are looked at one by one as fast as they are found by path, and made in less time. */
    private static final int FEW = 8;

    private final List<Entry> entries = new ArrayList<>(1);
    private LengthTable<Entry> byPath;
    private boolean byLength;

    void add(Entry entry) {
        entries.add(entry);
    }

    /** When the last is added. */
    void sort() {
        if (entries.size() <= FEW) {
            entries.sort(Entry.ORDER);
            return;
        }
        byPath = new LengthTable<>(entries.size());
        entries.forEach(entry -> byPath.add(entry.literal(), entry));
        byPath.sort(Entry.ORDER);
        byLength = entries.stream().allMatch(Entry::prefix)
                && entries.stream()
                                .mapToInt(entry -> entry.route().headerCount())
                                .distinct()
                                .count()
                        == 1;
        entries.clear();
    }

    /** Whether the search is over. */
    boolean search(Search search) {
        if (byPath == null) {
            return search.offer(entries);
        }
        if (byLength) {
            return byPath.starts(search.path(), search::offer);
        }
        List<Entry> all = new ArrayList<>();
        byPath.starts(search.path(), found -> {
            all.addAll(found);
            return false;
        });
        all.sort(Entry.ORDER);
        return search.offer(all);
    }
}
