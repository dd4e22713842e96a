package io.drawbridge.migration;

import java.util.List;
import java.util.Map;

/**
 * What a database is at first sight, looked at without changing it. Immutable.
 *
 * @param kind whose it is
 * @param database its name, for people
 * @param inTheWay relations that keep it from being used, by name
 * @param executed what foreign bookkeeping says of migrations by id: true for executed, false for pending
 * @param othersConnected connections of others that look like nodes of the system it comes from
 * @param environment what is wrong with the server or the role; blocks every operation if one of them blocks
 */
public record Survey(
        Kind kind,
        String database,
        List<String> inTheWay,
        Map<String, Boolean> executed,
        List<String> othersConnected,
        List<Finding> environment) {

    /** Whose database it is. */
    public enum Kind {
        EMPTY,
        OURS,
        /** Made by the system whose bookkeeping the mirror reads; can be taken over. */
        ADOPTABLE,
        FOREIGN
    }

    /** Whether the product has nothing in it: not filled, or another's. */
    boolean unfilled() {
        return kind == Kind.EMPTY || kind == Kind.FOREIGN;
    }

    public Survey {
        inTheWay = List.copyOf(inTheWay);
        executed = Map.copyOf(executed);
        othersConnected = List.copyOf(othersConnected);
        environment = List.copyOf(environment);
    }
}
