package io.drawbridge.migration;

/**
 * How {@code up} runs. Immutable.
 *
 * @param force also repairs the bookkeeping and rows that old nodes wrote in the old form; never re-runs a contract step
 * @param from what release a taken-over database is at, overriding what its bookkeeping suggests; null: find out
 */
public record UpOptions(boolean force, Release from) {
    public static UpOptions standard() {
        return new UpOptions(false, null);
    }
}
