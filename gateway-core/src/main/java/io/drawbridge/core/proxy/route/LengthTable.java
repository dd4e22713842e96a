package io.drawbridge.core.proxy.route;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Things by texts, of which those that another text starts or ends with are found by length. Filled by one thread, then read by all. */
final class LengthTable<V> {
    private final Map<String, List<V>> byText;
    private int[] lengths = {};

    /** @param expected so many texts, about */
    LengthTable(int expected) {
        this.byText = new HashMap<>(expected * 4 / 3 + 1);
    }

    void add(String text, V value) {
        byText.computeIfAbsent(text, absent -> new ArrayList<>(1)).add(value);
    }

    /** When the last is added. */
    void sort(Comparator<V> order) {
        BitSet found = new BitSet();
        byText.forEach((text, values) -> {
            found.set(text.length());
            values.sort(order);
        });
        lengths = new int[found.cardinality()];
        for (int next = found.length() - 1, i = 0; next >= 0; next = found.previousSetBit(next - 1)) {
            lengths[i++] = next;
        }
    }

    boolean isEmpty() {
        return lengths.length == 0;
    }

    /** Hands over what is there for each start of a text, the longest first, until it is enough. @return whether it was */
    boolean starts(String text, Predicate<List<V>> enough) {
        for (int length : lengths) {
            List<V> found = length <= text.length() ? byText.get(text.substring(0, length)) : null;
            if (found != null && enough.test(found)) {
                return true;
            }
        }
        return false;
    }

    /** As {@link #starts}, for ends. */
    boolean ends(String text, Predicate<List<V>> enough) {
        for (int length : lengths) {
            List<V> found = length <= text.length() ? byText.get(text.substring(text.length() - length)) : null;
            if (found != null && enough.test(found)) {
                return true;
            }
        }
        return false;
    }
}
