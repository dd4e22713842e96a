package io.drawbridge.core.declarative;

/** How much of a document is in memory at once: counts, and refuses too much. Confined to one reading. */
final class Size {
    private static final int DEPTH_MAX = 100;

    private final int valuesMax;
    private int values;
    private int depth;

    Size(int valuesMax) {
        this.valuesMax = valuesMax;
    }

    void restart() {
        values = 0;
    }

    int values() {
        return values;
    }

    void one() {
        more(1);
    }

    void more(int count) {
        values += count;
        if (values > valuesMax) {
            throw DeclarativeException.unparsed(
                    "more than " + valuesMax + " values in one entry with all that is nested in it, aliases replaced");
        }
    }

    void open() {
        one();
        if (++depth > DEPTH_MAX) {
            throw DeclarativeException.unparsed("nested more than " + DEPTH_MAX + " deep");
        }
    }

    void close() {
        depth--;
    }
}
