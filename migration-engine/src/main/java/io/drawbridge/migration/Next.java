package io.drawbridge.migration;

import java.util.List;

/** What happens next, as decided by {@link MigrationPlan}. Immutable. */
sealed interface Next<S extends Step> {
    /** Nothing is left to do for this caller. */
    record Done<S extends Step>(String why) implements Next<S> {}

    /** It cannot go on. */
    record Refuse<S extends Step>(MigrationException failure) implements Next<S> {}

    /** Move the gate. */
    record Move<S extends Step>(Gate to, String reason) implements Next<S> {}

    /** Fill the database in one go, then move the gate. */
    record Bootstrap<S extends Step>(List<Action<S>> actions, Gate to) implements Next<S> {}

    /** Run one action. */
    record Run<S extends Step>(Action<S> action) implements Next<S> {}

    /** Ask the checks, convert ahead, look for blockers, then raise the fence. */
    record PrepareFinish<S extends Step>(Request request) implements Next<S> {}

    /** The fence is up: look once more, then contract or reopen. */
    record LookBehindFence<S extends Step>(Request request) implements Next<S> {}

    /** Look for nodes of the new release, then begin to abort. */
    record PrepareAbort<S extends Step>(Request request) implements Next<S> {}

    /** The open request is fulfilled. */
    record Close<S extends Step>(Request closed) implements Next<S> {}
}
