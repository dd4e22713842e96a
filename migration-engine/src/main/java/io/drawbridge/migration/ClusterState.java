package io.drawbridge.migration;

import java.util.Optional;

/**
 * One consistent look at everything that decides what happens next. Immutable.
 *
 * @param gate the cluster's state
 * @param journal what was done
 * @param lease the lease {@code migrations}
 * @param request the open request, if any
 * @param identity which database this is: it changes when another one is put in its place, e.g. by a restore
 */
public record ClusterState(Gate gate, Journal journal, LeaseView lease, Optional<Request> request, String identity) {}
