package io.drawbridge.core.declarative;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a document changed, or would change, per entity type. Immutable once made.
 *
 * @param byType in the order in which types are written; only types of which there is something to say
 * @param ignored the document's entities that do not have the tags that were asked for, by type
 * @param skipped see {@link Declaration#skipped}
 */
public record Changes(Map<String, OfType> byType, Map<String, Ids> ignored, Map<String, Integer> skipped) {
    /** Most ids that are listed of one kind; all are counted. */
    public static final int LISTED_MAX = 10_000;

    public Changes {
        byType = Collections.unmodifiableMap(new LinkedHashMap<>(byType));
        ignored = Collections.unmodifiableMap(new LinkedHashMap<>(ignored));
    }

    /** One type's entities, each in one of these. */
    public record OfType(Ids created, Ids updated, Ids deleted, Ids unchanged) {
        OfType() {
            this(new Ids(), new Ids(), new Ids(), new Ids());
        }
    }

    /** Some ids: all of them counted, the first listed. */
    public static final class Ids {
        private final List<String> listed = new ArrayList<>();
        private int count;

        void add(String id) {
            count++;
            if (listed.size() < LISTED_MAX) {
                listed.add(id);
            }
        }

        public int count() {
            return count;
        }

        /** At most {@link #LISTED_MAX}. */
        public List<String> listed() {
            return Collections.unmodifiableList(listed);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Ids that && count == that.count && listed.equals(that.listed);
        }

        @Override
        public int hashCode() {
            return count;
        }

        @Override
        public String toString() {
            return count + " ids";
        }
    }

    /** Whether the document says what is there already. */
    public boolean none() {
        return byType.values().stream()
                .allMatch(each -> each.created().count() == 0
                        && each.updated().count() == 0
                        && each.deleted().count() == 0);
    }
}
