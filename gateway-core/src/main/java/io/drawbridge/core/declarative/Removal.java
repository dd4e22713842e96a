package io.drawbridge.core.declarative;

import io.drawbridge.core.declarative.Existing.Row;
import io.drawbridge.core.entity.EntityType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What must go so that a store holds nothing else than what a document says. Pure.
 *
 * @param first to delete before anything is written, so that names become free: nothing that stays refers to them
 * @param last to delete in the end
 */
record Removal(List<Gone> first, List<Gone> last) {
    static final Removal NONE = new Removal(List.of(), List.of());

    /* Not configuration: a file that does not have them does not mean that they shall go. */
    static final Set<String> STAYS =
            Set.of(Workspaces.TYPE, "oauth2_tokens", "oauth2_authorization_codes", "sessions", "acme_storage");

    /** One entity that goes. */
    record Gone(EntityType type, String workspace, String id) {}

    /**
     * What is there and not wanted, and what goes with it; what refers to others before them.
     *
     * @param order referenced types before those that refer to them
     * @param wanted by id
     */
    static Removal of(List<EntityType> order, Existing existing, Predicate<Row> wanted) {
        Set<String> going = new HashSet<>();
        List<Gone> gone = new ArrayList<>();
        for (EntityType type : order) {
            for (Row row : existing.all(type)) {
                boolean own = !STAYS.contains(type.name()) && row.tagged();
                if (!wanted.test(row) && (own || row.cascades(going))) {
                    going.add(row.id());
                    gone.add(new Gone(type, row.workspace(), row.id()));
                }
            }
        }
        Collections.reverse(gone);
        Set<String> needed = needed(order, existing, going);
        return new Removal(
                gone.stream().filter(each -> !needed.contains(each.id())).toList(),
                gone.stream().filter(each -> needed.contains(each.id())).toList());
    }

    /** Of those that go, the ones that others refer to until these are written, or go as late themselves. */
    private static Set<String> needed(List<EntityType> order, Existing existing, Set<String> going) {
        Set<String> needed = new HashSet<>();
        List<EntityType> backwards = new ArrayList<>(order);
        Collections.reverse(backwards);
        for (EntityType type : backwards) {
            for (Row row : existing.all(type)) {
                if (!going.contains(row.id()) || needed.contains(row.id())) {
                    for (String reference : row.references()) {
                        if (reference != null && going.contains(reference)) {
                            needed.add(reference);
                        }
                    }
                }
            }
        }
        return needed;
    }
}
