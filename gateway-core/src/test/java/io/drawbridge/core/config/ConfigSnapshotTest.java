package io.drawbridge.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.core.entity.Entity;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.migration.Release;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ConfigSnapshotTest {
    private static final EntityTypes TYPES = EntityTypes.at(Release.of(2, 5));
    private static final Changes.Position HERE = new Changes.Position("one", 1);

    @Test
    void digestDependsOnContentAlone() {
        List<Entity> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            all.add(service(i, Map.of("host", "h" + i)));
        }
        String digest = ConfigSnapshot.of(HERE, all).digest();
        Collections.shuffle(all, new Random(1));
        assertThat(ConfigSnapshot.of(new Changes.Position("other", 9), all).digest())
                .isEqualTo(digest)
                .matches("[0-9a-f]{32}");
        all.set(7, service(1000, Map.of("host", "other")));
        assertThat(ConfigSnapshot.of(HERE, all).digest()).isNotEqualTo(digest);
    }

    @Test
    void defaultsDoNotContribute_butNullWhereTheDefaultIsAnotherDoes() {
        Entity plain = service(1, Map.of("host", "h", "retries", 5L));
        Map<String, Object> without = new HashMap<>(plain.values());
        without.put("retries", null);
        assertThat(digest(plain)).isNotEqualTo(digest(new Entity(TYPES.get("services"), without)));
        assertThat(digest(plain)).isNotEqualTo(digest(plain.with("retries", 6L)));
    }

    @Test
    void twoReleasesAgreeWhereTheYoungerOnesFieldsAreDefaults() {
        Map<String, Object> route = Map.of(
                "id", id(1).toString(), "paths", List.of("/a"), "request_buffering", true, "response_buffering", true);
        EntityTypes older = EntityTypes.at(Release.of(2, 1));
        assertThat(older.get("routes").field("request_buffering")).isEmpty();
        assertThat(digest(new Entity(TYPES.get("routes"), route)))
                .isEqualTo(digest(new Entity(older.get("routes"), route)));
    }

    @Test
    void nextSnapshotEqualsOneMadeAnew() {
        Random random = new Random(42);
        ConfigSnapshot snapshot = ConfigSnapshot.empty();
        Map<Integer, Entity> expected = new HashMap<>();
        for (int round = 0; round < 100; round++) {
            List<Entity> written = new ArrayList<>();
            Set<UUID> deleted = new HashSet<>();
            for (int i = 0; i < 5; i++) {
                int number = random.nextInt(40);
                if (random.nextInt(3) == 0) {
                    expected.remove(number);
                    written.removeIf(entity -> entity.id().equals(id(number)));
                    deleted.add(id(number));
                } else {
                    Entity entity = service(number, Map.of("host", "h" + random.nextInt(100)));
                    expected.put(number, entity);
                    written.removeIf(other -> other.id().equals(id(number)));
                    deleted.remove(id(number));
                    written.add(entity);
                }
            }
            ConfigSnapshot before = snapshot;
            snapshot = snapshot.with(
                    HERE, new ConfigSnapshot.Delta(Map.of("services", written), Map.of("services", deleted)));
            ConfigSnapshot anew = ConfigSnapshot.of(HERE, expected.values());
            assertThat(snapshot.digest()).isEqualTo(anew.digest());
            assertThat(snapshot.size()).isEqualTo(expected.size());
            assertThat(before.with(HERE, anew.since(before)).digest()).isEqualTo(anew.digest());
            assertThat(anew.since(snapshot).isEmpty()).isTrue();
        }
    }

    @Test
    void emptyConfigurationHasOneDigest() {
        Entity only = service(1, Map.of("host", "h"));
        ConfigSnapshot emptied = ConfigSnapshot.of(HERE, List.of(only))
                .with(HERE, new ConfigSnapshot.Delta(Map.of(), Map.of("services", Set.of(only.id()))));
        assertThat(emptied.digest()).isEqualTo(ConfigSnapshot.empty().digest());
        assertThat(emptied.types()).isEmpty();
    }

    private static String digest(Entity entity) {
        return ConfigSnapshot.of(HERE, List.of(entity)).digest();
    }

    private static Entity service(int number, Map<String, Object> values) {
        Map<String, Object> all = new HashMap<>(values);
        all.put("id", id(number).toString());
        all.putIfAbsent("retries", 5L);
        return new Entity(TYPES.get("services"), all);
    }

    private static UUID id(int number) {
        return new UUID(0, number);
    }
}
