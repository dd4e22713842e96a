package io.drawbridge.app.cli;

import java.time.Duration;

/** One line of a terminal that is written over and over: how far a conversion is. Confined to its owner. */
final class ProgressLine {
    private static final int BAR = 12;
    private static final int NAME = 22;
    private static final long INTERVAL_NANOS = Duration.ofMillis(200).toNanos();

    private final Output output;
    private final String name;
    private final long startNanos = System.nanoTime();
    private long shownNanos = startNanos - INTERVAL_NANOS;
    private String last = "";
    /* A conversion that goes on after an interruption has rows behind it that cost no time now. */
    private long first = -1;

    ProgressLine(Output output, String name) {
        this.output = output;
        this.name = name;
    }

    void show(long done, long total) {
        long now = System.nanoTime();
        first = first < 0 ? done : first;
        last = text(name, done, total, rate(done - first, Duration.ofNanos(now - startNanos)));
        if (now - shownNanos >= INTERVAL_NANOS) {
            shownNanos = now;
            output.overwrite(last);
        }
    }

    /** Leaves the line as it is; the next text begins below. */
    void close() {
        output.overwrite(last + System.lineSeparator());
    }

    /** At most 79 characters for anything below a billion rows. */
    static String text(String name, long done, long total, long rate) {
        long all = Math.max(total, done);
        int share = all == 0 ? 100 : (int) (done * 100 / all);
        String shortened = name.length() > NAME ? name.substring(0, NAME - 1) + "~" : name;
        String bar = "#".repeat(share * BAR / 100) + ".".repeat(BAR - share * BAR / 100);
        return shortened + " [" + bar + "] " + share + "% of " + all + ", " + rate + "/s, " + left(all - done, rate)
                + " left";
    }

    static long rate(long done, Duration spent) {
        return done * 1000 / Math.max(1, spent.toMillis());
    }

    static String left(long rows, long rate) {
        return rate == 0 ? "? s" : Math.max(0, rows) / rate + " s";
    }
}
