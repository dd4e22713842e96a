package io.drawbridge.migration;

import java.util.List;
import java.util.Objects;

/**
 * One unit of change, in phases. Immutable.
 *
 * @param <S> the kind of step that the backend runs
 * @param subsystem who owns the unit, e.g. {@code core} or a plugin's name
 * @param name unique within the subsystem, e.g. {@code 009_200_to_210}
 * @param since the release that brought the unit
 * @param expand run by {@code up}: only adds; old nodes must not notice
 * @param convert run by {@code finish} before the gate opens for the new release: brings data to the new form. Steps
 *     marked {@link Step#whileOpen()} also run before the fence
 * @param contract run by {@code finish} after the gate has opened: drops and validations
 * @param undo run by {@code abort}: removes what expand added
 */
public record Migration<S extends Step>(
        String subsystem, String name, Release since, List<S> expand, List<S> convert, List<S> contract, List<S> undo) {

    public Migration {
        Objects.requireNonNull(subsystem, "subsystem");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(since, "since");
        expand = List.copyOf(expand);
        convert = List.copyOf(convert);
        contract = List.copyOf(contract);
        undo = List.copyOf(undo);
    }

    /** A migration that only expands. */
    public static <S extends Step> Migration<S> expandOnly(
            String subsystem, String name, Release since, List<S> expand, List<S> undo) {
        return new Migration<>(subsystem, name, since, expand, List.of(), List.of(), undo);
    }

    /** Unique in a catalog: {@code subsystem/name}. */
    public String id() {
        return subsystem + "/" + name;
    }

    /** Whether {@code finish} has anything to do for it. A migration that only expands is executed after {@code up}. */
    public boolean twoPhase() {
        return !convert.isEmpty() || !contract.isEmpty();
    }
}
