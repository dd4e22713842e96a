package io.drawbridge.core.declarative;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a document changed, or would change: ids per entity type. Immutable once made.
 *
 * @param byType in the order in which types are written; only types of which there is something to say
 * @param ignored ids of the document's entities that do not have the tags that were asked for, by type
 * @param skipped see {@link Declaration#skipped}
 */
public record Changes(Map<String, OfType> byType, Map<String, List<String>> ignored, Map<String, Integer> skipped) {
    public Changes {
        byType = Collections.unmodifiableMap(new LinkedHashMap<>(byType));
        ignored = Collections.unmodifiableMap(new LinkedHashMap<>(ignored));
    }

    /** Ids of one type's entities, each in one list. */
    public record OfType(List<String> created, List<String> updated, List<String> deleted, List<String> unchanged) {
        OfType() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }
    }

    /** Whether the document says what is there already. */
    public boolean none() {
        return byType.values().stream()
                .allMatch(each -> each.created().isEmpty()
                        && each.updated().isEmpty()
                        && each.deleted().isEmpty());
    }
}
