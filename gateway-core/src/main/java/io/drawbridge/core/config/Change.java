package io.drawbridge.core.config;

/**
 * One row that changed. Its content is not told: whoever hears of it reads the row as it is now. Immutable.
 *
 * @param revision to which it belongs
 * @param seq position within the log; order within a revision says nothing
 * @param entity the table
 * @param id the row's key; null if the whole table is meant
 * @param op what happened
 * @param writer who did it: {@code release/member}, {@code migration/epoch}, or {@code foreign/...}
 */
public record Change(long revision, long seq, String entity, String id, Op op, String writer) {
    /** What happened to a row or a table. */
    public enum Op {
        INSERTED,
        UPDATED,
        DELETED,
        /** The table was emptied. */
        TRUNCATED,
        /** Rows changed that are not named: read the table again. */
        RELOAD;

        /** By the letter that the log keeps. */
        public static Op of(String letter) {
            return switch (letter) {
                case "I" -> INSERTED;
                case "U" -> UPDATED;
                case "D" -> DELETED;
                case "T" -> TRUNCATED;
                default -> RELOAD;
            };
        }
    }
}
