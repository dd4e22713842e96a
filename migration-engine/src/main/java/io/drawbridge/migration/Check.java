package io.drawbridge.migration;

import java.util.Objects;

/**
 * A read-only question asked before {@code up} or {@code finish}. Each line that its query returns is one finding.
 * Immutable.
 *
 * @param <S> the kind of step that the backend runs
 * @param id stable name, e.g. {@code ca-certificate-duplicates}
 * @param hop the release whose hop it guards; null: every hop
 * @param moment when it is asked
 * @param severity what a finding does
 * @param title what was found, in one line
 * @param hint what the operator should do about it
 * @param query yields one text line per finding
 */
public record Check<S extends Step>(
        String id, Release hop, Moment moment, Severity severity, String title, String hint, S query) {

    /** When a check is asked. */
    public enum Moment {
        BEFORE_UP,
        BEFORE_FINISH
    }

    /** What a finding does. */
    public enum Severity {
        /** The operation is refused. */
        BLOCK,
        /** Shown, nothing more. */
        WARN
    }

    public Check {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(moment, "moment");
        Objects.requireNonNull(severity, "severity");
        Objects.requireNonNull(query, "query");
    }
}
