package io.drawbridge.core.proxy;

import java.util.List;
import java.util.function.Predicate;

/**
 * Takes turns among targets by their weights, evenly: after each {@code sum of the weights} choices every target was chosen as
 * often as its weight says, and those of a heavy one are spread among the others'. Thread-safe.
 */
final class Balancer {
    private final Target[] targets;
    private final long[] credit;
    private final long total;

    Balancer(List<Target> targets) {
        this.targets = targets.toArray(Target[]::new);
        this.credit = new long[this.targets.length];
        this.total = targets.stream().mapToLong(Target::weight).sum();
    }

    /**
     * The next one.
     *
     * @param fit which to prefer; if none is, any is taken
     * @return null if there are no targets
     */
    Target next(Predicate<Target> fit) {
        if (targets.length < 2) {
            return targets.length == 0 ? null : targets[0];
        }
        Target turn = null;
        for (int i = 0; i < targets.length; i++) {
            turn = turn();
            if (fit.test(turn)) {
                return turn;
            }
        }
        return other(fit, turn);
    }

    /* Each gains its weight, and the richest pays for all. */
    private synchronized Target turn() {
        int richest = 0;
        for (int i = 0; i < targets.length; i++) {
            credit[i] += targets[i].weight();
            if (credit[i] > credit[richest]) {
                richest = i;
            }
        }
        credit[richest] -= total;
        return targets[richest];
    }

    /* A heavy one may have had all turns. */
    private Target other(Predicate<Target> fit, Target otherwise) {
        for (Target target : targets) {
            if (fit.test(target)) {
                return target;
            }
        }
        return otherwise;
    }

    int size() {
        return targets.length;
    }
}
