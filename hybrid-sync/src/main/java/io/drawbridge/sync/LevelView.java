package io.drawbridge.sync;

import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.Field;
import io.drawbridge.core.entity.FieldType;
import io.drawbridge.migration.Release;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A configuration as data planes of one release understand it: without entities, fields and plugins that are younger, and with a
 * list of what was lost thereby. The models say since when there is what. Immutable.
 */
final class LevelView {
    /* Most losses that are told one by one. */
    private static final int LOSSES_MAX = 100;

    private final EntityTypes types;
    private final Fitness fitness;

    LevelView(Level level) {
        this.types = EntityTypes.at(level.release());
        this.fitness = new Fitness(level.missing());
    }

    /**
     * What data planes have in common that get the same. Immutable.
     *
     * @param missing plugins that are configured, that they do not have, and without which they are served
     */
    record Level(Release release, Set<String> missing) {
        Level {
            missing = Set.copyOf(missing);
        }
    }

    /**
     * What came of a configuration.
     *
     * @param losses what a data plane of this release does not get, at most 100 of them
     * @param lost how many there are
     * @param withheld what it would refuse
     * @param blocked why it cannot get anything; empty: it can
     */
    record Trimmed(
            Map<String, List<Entity>> entities,
            List<Loss> losses,
            int lost,
            List<Fitness.Withheld> withheld,
            Optional<String> blocked) {
        /** Without the entities. */
        Trimmed report() {
            return new Trimmed(Map.of(), losses, lost, withheld, blocked);
        }

        /** Whether every entity is there that this release knows. */
        boolean complete() {
            return withheld.isEmpty() && blocked.isEmpty();
        }

        /** The report once some entities took the place of others. */
        Trimmed replacing(Trimmed before, Trimmed now) {
            List<Loss> told = new ArrayList<>(losses);
            told.removeAll(before.losses());
            now.losses().stream().limit(LOSSES_MAX - told.size()).forEach(told::add);
            return new Trimmed(Map.of(), told, lost - before.lost() + now.lost(), List.of(), Optional.empty());
        }
    }

    /** @param field which one is left out; null: the entity as a whole */
    record Loss(String type, String id, String field) {}

    Trimmed of(ConfigSnapshot snapshot) {
        Map<String, Collection<Entity>> all = new LinkedHashMap<>();
        snapshot.types().forEach(type -> all.put(type, snapshot.all(type)));
        return of(all);
    }

    /** Of some entities by themselves. */
    Trimmed of(Map<String, ? extends Collection<Entity>> all) {
        Map<String, List<Entity>> entities = new LinkedHashMap<>();
        Losses losses = new Losses();
        for (String name : all.keySet()) {
            Optional<EntityType> type = types.find(name);
            List<Entity> known = new ArrayList<>();
            for (Entity entity : all.get(name)) {
                if (type.isEmpty()) {
                    losses.add(entity, null);
                } else {
                    Entity trimmed = new Entity(type.get(), entity.values());
                    lost(entity, trimmed, losses);
                    known.add(trimmed);
                }
            }
            if (!known.isEmpty()) {
                entities.put(name, known);
            }
        }
        Fitness.Result fit = fitness.of(entities);
        return new Trimmed(fit.entities(), losses.told, losses.count, fit.withheld(), fit.blocked());
    }

    private static void lost(Entity before, Entity after, Losses losses) {
        EntityType exact = before.type().variant(before.values());
        compare("", exact.fields(), before.values(), after.values(), before, losses);
    }

    private static void compare(
            String path, List<Field> fields, Map<?, ?> before, Map<?, ?> after, Entity entity, Losses losses) {
        for (Field field : fields) {
            Object was = before.get(field.name());
            String name = path + field.name();
            if (!after.containsKey(field.name())) {
                if (!Objects.equals(was, field.standard())) {
                    losses.add(entity, name);
                }
            } else if (field.type() == FieldType.RECORD
                    && was instanceof Map<?, ?> record
                    && after.get(field.name()) instanceof Map<?, ?> rest) {
                compare(name + ".", field.fields(), record, rest, entity, losses);
            }
        }
    }

    /** For people; empty: nothing was made yet. */
    static void tell(Optional<Trimmed> made, JsonObject details) {
        details.put("trimmed", made.map(Trimmed::lost).orElse(0));
        List<Loss> losses = made.map(Trimmed::losses).orElse(List.of());
        details.put(
                "trimmed_fields",
                losses.stream()
                        .map(loss -> new JsonObject()
                                .put("type", loss.type())
                                .put("id", loss.id())
                                .put("field", loss.field()))
                        .toList());
        List<Fitness.Withheld> withheld = made.map(Trimmed::withheld).orElse(List.of());
        details.put(
                "withheld",
                withheld.stream()
                        .limit(LOSSES_MAX)
                        .map(one -> new JsonObject()
                                .put("type", one.type())
                                .put("id", one.id().toString())
                                .put("reason", one.reason()))
                        .toList());
    }

    private static final class Losses {
        private final List<Loss> told = new ArrayList<>();
        private int count;

        void add(Entity entity, String field) {
            count++;
            if (told.size() < LOSSES_MAX) {
                told.add(new Loss(entity.type().name(), entity.id().toString(), field));
            }
        }
    }
}
