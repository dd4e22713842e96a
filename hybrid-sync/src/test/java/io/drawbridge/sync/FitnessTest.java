package io.drawbridge.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.PluginSchema;
import io.drawbridge.core.entity.PluginSchemas;
import io.drawbridge.core.entity.Validator;
import io.drawbridge.migration.Release;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FitnessTest {
    private static final Release RELEASE = Release.of(2, 5);
    private static final EntityTypes TYPES = EntityTypes.at(RELEASE);
    private static final Validator VALIDATOR = new Validator(InstantSource.system());
    private static final Map<String, Object> SERVICE = Map.of("id", new UUID(1, 1).toString());

    private final Entity open = route(1);
    private final Entity guarded = route(2);

    @Test
    void whatTheAdminApiTakesIsSent() {
        List<Entity> plugins = new ArrayList<>();
        for (PluginSchema schema : PluginSchemas.at(RELEASE).all()) {
            Validator.Checked checked = VALIDATOR.create(TYPES.get("plugins"), Map.of("name", schema.name()));
            if (checked.violations().isEmpty()) {
                plugins.add(checked.entity());
            }
        }
        assertThat(plugins).hasSizeGreaterThan(15);
        Fitness.Result result = new Fitness(Set.of()).of(Map.of("plugins", withoutCounters(plugins)));
        assertThat(result.withheld()).isEmpty();
        assertThat(result.blocked()).isEmpty();
    }

    @Test
    void aCounterInADatabaseIsWithheld_alone() {
        Entity limit = plugin("rate-limiting", Map.of("minute", 5, "policy", "cluster"), Map.of("route", ref(guarded)));
        Fitness.Result result = new Fitness(Set.of()).of(config(limit));
        assertThat(result.entities().get("routes")).containsExactly(open, guarded);
        assertThat(result.entities().get("plugins")).isEmpty();
        assertThat(result.withheld()).singleElement().satisfies(one -> {
            assertThat(one.id()).isEqualTo(limit.id());
            assertThat(one.reason()).contains("needs a database");
        });
    }

    @Test
    void aGuardIsWithheldWithWhatItGuards() {
        Entity guard = broken(Map.of("route", ref(guarded)));
        Entity other = plugin("cors", Map.of(), Map.of("route", ref(guarded)));
        Fitness.Result result = new Fitness(Set.of()).of(config(guard, other));
        assertThat(result.entities().get("routes")).containsExactly(open);
        assertThat(result.entities().get("plugins"))
                .as("also what belongs to the route")
                .isEmpty();
        assertThat(result.withheld()).extracting(Fitness.Withheld::id).containsExactly(guard.id(), guarded.id());

        Fitness.Result whole = new Fitness(Set.of()).of(config(broken(Map.of("service", SERVICE))));
        assertThat(whole.entities().get("routes")).isEmpty();
    }

    @Test
    void aGuardOfEverythingBlocksEverything() {
        Fitness.Result result = new Fitness(Set.of()).of(config(broken(Map.of())));
        assertThat(result.blocked()).hasValueSatisfying(why -> assertThat(why).contains("key-auth"));
        assertThat(result.entities()).isEmpty();
    }

    @Test
    void pluginsThatADataPlaneLacks_areWithheld_andWithAGuardWhatItGuards() {
        Entity guard = plugin("key-auth", Map.of(), Map.of("route", ref(guarded)));
        Entity cors = plugin("cors", Map.of(), Map.of());
        Fitness.Result result = new Fitness(Set.of("key-auth", "cors")).of(config(guard, cors));
        assertThat(result.entities().get("routes")).containsExactly(open);
        assertThat(result.entities().get("plugins")).isEmpty();
        assertThat(result.withheld())
                .extracting(Fitness.Withheld::id)
                .containsExactly(guard.id(), guarded.id(), cors.id());

        Entity nobodyKnows = guard.with("name", "made-at-home");
        assertThat(new Fitness(Set.of("made-at-home"))
                        .of(config(nobodyKnows))
                        .entities()
                        .get("routes"))
                .as("perhaps it guards")
                .containsExactly(open);
        Entity off = guard.with("enabled", false);
        assertThat(new Fitness(Set.of("key-auth")).of(config(off)).entities().get("routes"))
                .containsExactly(open, guarded);
    }

    /** A key-auth plugin as no release would write it, though one did. */
    private static Entity broken(Map<String, Object> scope) {
        Entity plugin = plugin("key-auth", Map.of(), scope);
        Map<String, Object> config = new LinkedHashMap<>();
        ((Map<?, ?>) plugin.get("config")).forEach((key, value) -> config.put((String) key, value));
        config.put("key_names", List.of());
        config.put("key_in_header", "yes");
        return plugin.with("config", config);
    }

    private static List<Entity> withoutCounters(List<Entity> plugins) {
        return plugins.stream()
                .filter(plugin -> !String.valueOf(plugin.get("name")).contains("rate"))
                .toList();
    }

    private Map<String, List<Entity>> config(Entity... plugins) {
        Map<String, List<Entity>> all = new HashMap<>();
        all.put("routes", List.of(open, guarded));
        all.put("plugins", List.of(plugins));
        return all;
    }

    private static Entity plugin(String name, Map<String, Object> config, Map<String, Object> scope) {
        Map<String, Object> input = new HashMap<>(scope);
        input.put("name", name);
        input.put("config", config);
        Validator.Checked checked = VALIDATOR.create(TYPES.get("plugins"), input);
        assertThat(checked.violations().isEmpty())
                .as(checked.violations().message())
                .isTrue();
        return checked.entity();
    }

    private static Entity route(int number) {
        return VALIDATOR
                .create(
                        TYPES.get("routes"),
                        Map.of(
                                "id",
                                new UUID(2, number).toString(),
                                "paths",
                                List.of("/" + number),
                                "service",
                                SERVICE))
                .entity();
    }

    private static Map<String, Object> ref(Entity entity) {
        return Map.of("id", entity.id().toString());
    }
}
