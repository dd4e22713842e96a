package io.drawbridge.migration;

import java.util.Objects;

/**
 * A durable wish of an operator: finish or abort. At most one is open per cluster; any leader of the target release
 * completes it. Immutable.
 *
 * @param id random UUID
 * @param kind what is asked
 * @param target the release whose upgrade is meant
 * @param force named blockers to skip: a list of {@code old-nodes}, {@code data-planes}, {@code foreign}; may be empty
 * @param keepForeignWriters whether writers that know nothing of the gate stay allowed after the finish
 * @param reason why, for the audit; may be empty
 * @param by who asks
 * @param state how it stands
 * @param result what came of it, for people; null while open
 */
public record Request(
        String id,
        Kind kind,
        Release target,
        String force,
        boolean keepForeignWriters,
        String reason,
        String by,
        State state,
        String result) {

    /** What is asked. */
    public enum Kind {
        FINISH,
        ABORT
    }

    /** How a request stands. */
    public enum State {
        OPEN,
        DONE,
        /** Refused because of blockers, which the result names. Nobody was paused. */
        BLOCKED,
        /** Could not be done, for the reason in the result. */
        FAILED
    }

    public Request {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(state, "state");
    }

    public Request closed(State as, String outcome) {
        return new Request(id, kind, target, force, keepForeignWriters, reason, by, as, outcome);
    }

    public boolean open() {
        return state == State.OPEN;
    }
}
