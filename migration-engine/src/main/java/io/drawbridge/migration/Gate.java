package io.drawbridge.migration;

import java.util.Objects;
import java.util.Optional;

/**
 * The state of the cluster and with it who may write Admin data: the one row that every write reads in its own
 * transaction. Immutable.
 *
 * @param state where the cluster is
 * @param active the release whose nodes own the data; null while the database is empty
 * @param target the release being moved to; null unless an upgrade is open
 * @param seq grows with every transition
 * @param held the release that an abort put on hold: no node starts that hop by itself; null if none
 * @param foreignWrites whether writers that know nothing of the gate (Kong nodes, psql) may write
 * @param foreignWritesKept whether a finish leaves {@code foreignWrites} on
 * @param deadlinePassed whether the fence has stood longer than it may, by the database's clock
 */
public record Gate(
        State state,
        Release active,
        Release target,
        long seq,
        Release held,
        boolean foreignWrites,
        boolean foreignWritesKept,
        boolean deadlinePassed) {

    /** The states of a cluster; see docs/architecture.md for the picture. */
    public enum State {
        EMPTY,
        BOOTSTRAPPING,
        STEADY,
        EXPANDING,
        OPEN,
        FENCED,
        CONTRACTING,
        ABORTING
    }

    public Gate {
        Objects.requireNonNull(state, "state");
    }

    public static Gate empty() {
        return new Gate(State.EMPTY, null, null, 0, null, false, false, false);
    }

    /** This gate in another state, with the next sequence number. */
    public Gate to(State next, Release nextActive, Release nextTarget) {
        return new Gate(next, nextActive, nextTarget, seq + 1, held, foreignWrites, foreignWritesKept, false);
    }

    public Gate holding(Release release) {
        return new Gate(state, active, target, seq, release, foreignWrites, foreignWritesKept, deadlinePassed);
    }

    public Gate withForeignWrites(boolean on, boolean kept) {
        return new Gate(state, active, target, seq, held, on, kept, deadlinePassed);
    }

    /** Whether an upgrade is under way. */
    public boolean upgrading() {
        return target != null;
    }

    /** Whether a node of the given release may write now. Empty: yes. Else the reason, for people. */
    public Optional<String> refusal(Release node) {
        return switch (state) {
            case EMPTY, BOOTSTRAPPING -> Optional.of("the database is not bootstrapped");
            case STEADY ->
                node.equals(active)
                        ? Optional.empty()
                        : Optional.of("the cluster runs release " + active + ", this node is " + node
                                + (node.isOlderThan(active) ? ": upgrade it" : ": run 'drawbridge migrations up'"));
            case EXPANDING, OPEN, ABORTING ->
                node.equals(active)
                        ? Optional.empty()
                        : Optional.of("the upgrade from " + active + " to " + target
                                + " is not finished; write to a node of release " + active
                                + ", or run 'drawbridge migrations finish' when every node runs " + target);
            case FENCED, CONTRACTING ->
                Optional.of("the upgrade from " + active + " to " + target + " is being finished; try again shortly");
        };
    }

    /** Whether a node of the given release may start (and stay) on this database. */
    public boolean admits(Release node) {
        return switch (state) {
            case EMPTY, BOOTSTRAPPING -> true;
            case STEADY -> !node.isOlderThan(active);
            case EXPANDING, OPEN, ABORTING -> !node.isOlderThan(active);
            case FENCED, CONTRACTING -> !node.isOlderThan(target);
        };
    }

    @Override
    public String toString() {
        return state + (active == null ? "" : "(" + active + (target == null ? "" : "," + target) + ")");
    }
}
