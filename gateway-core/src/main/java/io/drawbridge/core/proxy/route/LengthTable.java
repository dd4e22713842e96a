package io.drawbridge.core.proxy.route;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Things by texts, of which those that another text starts or ends with are found by length. Filled by one thread, then read by all. */
final class LengthTable<V> {
    private final Map<String, List<V>> byText = new HashMap<>();
    private int[] lengths = {};

    void add(String text, V value) {
        byText.computeIfAbsent(text, absent -> new ArrayList<>(1)).add(value);
    }

    /** When the last is added. */
    void sort(Comparator<V> order) {
        TreeSet<Integer> found = new TreeSet<>(Comparator.reverseOrder());
        byText.forEach((text, values) -> {
            found.add(text.length());
            values.sort(order);
        });
        lengths = found.stream().mapToInt(Integer::intValue).toArray();
    }

    boolean isEmpty() {
        return lengths.length == 0;
    }

    /** Of a text and no other. */
    List<V> at(String text) {
        return byText.getOrDefault(text, List.of());
    }

    /** Hands over what is there for each start of a text, the longest first, until somebody says that it is enough. */
    boolean starts(String text, Predicate<List<V>> enough) {
        for (int length : lengths) {
            List<V> found = length <= text.length() ? byText.get(text.substring(0, length)) : null;
            if (found != null && enough.test(found)) {
                return true;
            }
        }
        return false;
    }

    /** As {@link #starts}, for ends, all of them. */
    void ends(String text, Consumer<List<V>> each) {
        for (int length : lengths) {
            List<V> found = length <= text.length() ? byText.get(text.substring(text.length() - length)) : null;
            if (found != null) {
                each.accept(found);
            }
        }
    }
}
