package io.drawbridge.core.declarative;

import io.drawbridge.core.declarative.Declaration.Declared;
import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.Field;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What must be written so that a store holds what a document says. Pure.
 *
 * @param first to delete before anything is written, so that names become free: nothing that stays refers to them
 * @param writes in the order of writing
 * @param last to delete in the end
 */
record Plan(List<Entity> first, List<Entity> writes, List<Entity> last, Changes changes) {
    /* Not configuration: a file that does not have them does not mean that they shall go. */
    private static final Set<String> STAYS = Set.of(Topology.WORKSPACES, "oauth2_tokens");

    /** What is there stays. */
    static Plan additions(List<EntityType> order, Existing existing, Declaration wanted) {
        return new Making(order, existing).plan(wanted, null);
    }

    /**
     * What is there and not wanted goes.
     *
     * @param tags only entities with all of these, there and in the document; empty: all
     */
    static Plan whole(List<EntityType> order, Existing existing, Declaration wanted, List<String> tags) {
        return new Making(order, existing).plan(wanted, tags);
    }

    /** Confined to one plan. */
    private static final class Making {
        private final List<EntityType> order;
        private final Existing existing;
        private final Map<String, Changes.OfType> byType = new LinkedHashMap<>();
        private final Map<String, List<String>> ignored = new LinkedHashMap<>();
        private final List<Entity> writes = new ArrayList<>();
        private final Set<UUID> wantedIds = new HashSet<>();

        Making(List<EntityType> order, Existing existing) {
            this.order = order;
            this.existing = existing;
        }

        Plan plan(Declaration wanted, List<String> tags) {
            for (Declared declared : wanted.entities()) {
                if (tags == null || tagged(declared.entity(), tags)) {
                    want(declared);
                } else {
                    ignored.computeIfAbsent(declared.entity().type().name(), none -> new ArrayList<>())
                            .add(declared.entity().id().toString());
                }
            }
            List<Entity> gone = tags == null ? List.of() : gone(tags);
            gone.forEach(entity -> of(entity.type()).deleted().add(entity.id().toString()));
            requireFit(gone);
            Set<UUID> needed = needed(gone);
            Map<String, Changes.OfType> sorted = new LinkedHashMap<>();
            order.stream()
                    .map(EntityType::name)
                    .filter(byType::containsKey)
                    .forEach(name -> sorted.put(name, byType.get(name)));
            return new Plan(
                    gone.stream()
                            .filter(entity -> !needed.contains(entity.id()))
                            .toList(),
                    writes,
                    gone.stream().filter(entity -> needed.contains(entity.id())).toList(),
                    new Changes(sorted, ignored, wanted.skipped()));
        }

        private void want(Declared declared) {
            Entity entity = declared.entity();
            EntityType type = entity.type();
            Entity before = existing.get(type, entity.id().toString());
            if (type.name().equals(Topology.WORKSPACES) && entity.get("name") instanceof String name) {
                /* Every database has its own, of the same names. */
                Entity same = existing.byKey(type, name);
                if (same != null) {
                    before = same;
                    entity = entity.with("id", same.get("id"));
                }
            }
            wantedIds.add(entity.id());
            String id = entity.id().toString();
            if (before == null) {
                of(type).created().add(id);
                writes.add(entity);
                return;
            }
            Map<String, Object> given = declared.given();
            List<Field> fields = type.variant(entity.values()).fields();
            if (before.equals(new Entity(type, kept(fields, given, entity.values(), before.values(), true)))) {
                of(type).unchanged().add(id);
            } else {
                of(type).updated().add(id);
                writes.add(new Entity(type, kept(fields, given, entity.values(), before.values(), false)));
            }
        }

        /**
         * What a document does not say and nobody can know, such as a random secret, stays as it is; and so does what it
         * says as it is stored, such as a password that was hashed before it was read.
         *
         * @param moments whether the moment of the last change stays too
         */
        private static Map<String, Object> kept(
                List<Field> fields, Map<?, ?> given, Map<?, ?> now, Map<?, ?> before, boolean moments) {
            Map<String, Object> kept = new LinkedHashMap<>();
            now.forEach((name, value) -> kept.put(String.valueOf(name), value));
            for (Field field : fields) {
                String name = field.name();
                Object said = given.get(name);
                boolean unknown = field.auto() != Field.Auto.NONE
                        && said == null
                        && before.get(name) != null
                        && (moments || field.auto() != Field.Auto.UPDATED);
                if (unknown || said != null && said.equals(before.get(name))) {
                    kept.put(name, before.get(name));
                } else if (!field.fields().isEmpty()
                        && now.get(name) instanceof Map<?, ?> record
                        && before.get(name) instanceof Map<?, ?> old) {
                    Map<?, ?> below = said instanceof Map<?, ?> map ? map : Map.of();
                    kept.put(name, kept(field.fields(), below, record, old, moments));
                }
            }
            return kept;
        }

        private void requireFit(List<Entity> gone) {
            Map<UUID, Entity> routes = new LinkedHashMap<>();
            order.stream()
                    .filter(type -> type.name().equals("routes"))
                    .flatMap(type -> existing.all(type).stream())
                    .forEach(route -> routes.put(route.id(), route));
            gone.forEach(entity -> routes.remove(entity.id()));
            writes.stream()
                    .filter(entity -> entity.type().name().equals("routes"))
                    .forEach(route -> routes.put(route.id(), route));
            PluginFit fit = new PluginFit(routes.values());
            writes.stream()
                    .filter(entity -> entity.type().name().equals("plugins"))
                    .forEach(fit::require);
        }

        /** What is not wanted, and what goes with it; what refers to others before them. */
        private List<Entity> gone(List<String> tags) {
            Set<UUID> going = new HashSet<>();
            List<Entity> gone = new ArrayList<>();
            for (EntityType type : order) {
                for (Entity entity : existing.all(type)) {
                    boolean own = !STAYS.contains(type.name()) && tagged(entity, tags);
                    if (!wantedIds.contains(entity.id())
                            && (own
                                    || refers(
                                            entity,
                                            going,
                                            type.references().stream().filter(Field::cascade)))) {
                        going.add(entity.id());
                        gone.add(entity);
                    }
                }
            }
            Collections.reverse(gone);
            return gone;
        }

        private static boolean refers(Entity entity, Set<UUID> to, Stream<Field> by) {
            return by.anyMatch(field -> to.contains(entity.reference(field.name())));
        }

        /** Of the entities that go, those that others refer to until these are written, or go as late themselves. */
        private Set<UUID> needed(List<Entity> gone) {
            Set<UUID> going = new HashSet<>();
            gone.forEach(entity -> going.add(entity.id()));
            Set<UUID> needed = new HashSet<>();
            List<EntityType> backwards = new ArrayList<>(order);
            Collections.reverse(backwards);
            for (EntityType type : backwards) {
                for (Entity entity : existing.all(type)) {
                    if (!going.contains(entity.id()) || needed.contains(entity.id())) {
                        type.references().stream()
                                .map(field -> entity.reference(field.name()))
                                .filter(going::contains)
                                .forEach(needed::add);
                    }
                }
            }
            return needed;
        }

        private Changes.OfType of(EntityType type) {
            return byType.computeIfAbsent(type.name(), none -> new Changes.OfType());
        }

        private static boolean tagged(Entity entity, List<String> tags) {
            return tags.isEmpty()
                    || entity.type().field("tags").isPresent()
                            && entity.get("tags") instanceof List<?> has
                            && has.containsAll(tags);
        }
    }
}
