package io.drawbridge.bench;

import java.util.Arrays;

/** Times of many calls. Thread-safe. */
final class Latencies {
    private long[] nanos = new long[1024];
    private int size;

    synchronized void add(long took) {
        if (size == nanos.length) {
            nanos = Arrays.copyOf(nanos, size * 2);
        }
        nanos[size++] = took;
    }

    synchronized int count() {
        return size;
    }

    /** In milliseconds; 0 if there are none. */
    synchronized double percentile(double share) {
        if (size == 0) {
            return 0;
        }
        long[] sorted = Arrays.copyOf(nanos, size);
        Arrays.sort(sorted);
        return sorted[(int) Math.min(size - 1L, Math.round(share * (size - 1)))] / 1e6;
    }

    double max() {
        return percentile(1);
    }
}
