package io.drawbridge.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.core.config.Changes;
import io.drawbridge.core.config.ConfigSnapshot;
import io.drawbridge.core.entity.Entity;
import io.drawbridge.migration.Release;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Whoever follows differences ends with what whoever gets whole configurations has. */
class TrackTest {
    private static final UUID ROUTE = new UUID(2, 1);
    private static final List<String> NAMES = List.of("ip-restriction", "rate-limiting", "syslog");

    @Test
    void aChangeIsSmall_andLeadsToTheSame() {
        Follower follower = new Follower(Configs.RELEASE);
        ConfigSnapshot one = Configs.of(500);
        follower.whole(one);
        ConfigSnapshot two = Configs.changed(one, 7, "other.example.com");
        Payload delta = follower.delta(two);
        assertThat(delta.frame().length()).isLessThan(2000);
        assertThat(follower.content.snapshot().digest()).isEqualTo(two.digest());
        follower.delta(two.with(
                new Changes.Position("one", 900),
                new ConfigSnapshot.Delta(Map.of(), Map.of("routes", Set.of(new UUID(2, 3))))));
        assertThat(follower.content.snapshot().all("routes")).hasSize(499);
    }

    @Test
    void someStepsBehind_getsOneDifference() {
        Follower fast = new Follower(Configs.RELEASE);
        ConfigSnapshot now = Configs.of(20);
        fast.whole(now);
        Content slow = fast.content;
        for (int i = 0; i < 30; i++) {
            now = Configs.changed(now, i % 3, "host" + i + ".example.com");
            fast.delta(now);
        }
        Payload merged = fast.track.since(slow.digest()).orElseThrow();
        Content after = slow.after(fast.reader.read(merged.frame(), 0)).orElseThrow();
        assertThat(after.snapshot().digest()).isEqualTo(now.digest());
    }

    @Test
    void tooFarBehind_orNeverThere_needsAllOfIt() {
        Follower fast = new Follower(Configs.RELEASE);
        ConfigSnapshot now = Configs.of(20);
        fast.whole(now);
        String first = now.digest();
        for (int i = 0; i < 65; i++) {
            now = Configs.changed(now, 1, "host" + i + ".example.com");
            fast.delta(now);
        }
        assertThat(fast.track.since(first)).isEmpty();
        assertThat(fast.track.since("f".repeat(32))).isEmpty();
        assertThat(fast.track.since(now.digest())).isEmpty();
    }

    @Test
    void whatIsLeftOut_isTheSameAsOfAWholeOne() {
        for (Release release : List.of(Configs.RELEASE, Release.of(2, 4), Release.of(2, 2))) {
            Follower follower = new Follower(release);
            Random random = new Random(release.minor());
            ConfigSnapshot now = Configs.of(8);
            follower.whole(now);
            int withheld = 0;
            int lost = 0;
            for (int round = 0; round < 60; round++) {
                now = step(now, random, round);
                Track fresh = new Track(new LevelView.Level(release, Set.of()), Configs.RELEASE);
                fresh.advance(now);
                follower.track.advance(now);
                Content whole = Content.nothing()
                        .after(follower.reader.read(fresh.whole().frame(), 0))
                        .orElseThrow();
                follower.delta(now);
                assertThat(follower.content.snapshot().digest())
                        .as(release + " round " + round)
                        .isEqualTo(whole.snapshot().digest());
                LevelView.Trimmed report = follower.track.whole().trimmed();
                assertThat(report.withheld()).isEqualTo(fresh.whole().trimmed().withheld());
                assertThat(report.lost()).isEqualTo(fresh.whole().trimmed().lost());
                assertThat(report.losses())
                        .containsExactlyInAnyOrderElementsOf(
                                fresh.whole().trimmed().losses());
                lost += report.lost();
                withheld += fresh.whole().trimmed().withheld().size();
            }
            assertThat(withheld).as("something was withheld now and then").isGreaterThan(5);
            assertThat(lost > 0).as("something was left out now and then").isEqualTo(release.minor() < 5);
        }
    }

    /* Plugins that do not fit guard a route: it comes and goes with them. */
    private static ConfigSnapshot step(ConfigSnapshot now, Random random, int round) {
        Changes.Position next = new Changes.Position("one", 1000 + round);
        UUID plugin = new UUID(3, random.nextInt(3));
        List<Entity> written = new ArrayList<>();
        written.add(Configs.service(random.nextInt(10), "host" + round + ".example.com"));
        Map<String, List<Entity>> all = new HashMap<>(Map.of("services", written));
        Map<String, Set<UUID>> gone = Map.of();
        switch (random.nextInt(3)) {
            case 0 -> all.put("plugins", List.of(plugin(plugin, random.nextBoolean())));
            case 1 -> gone = Map.of("plugins", Set.of(plugin));
            default -> gone = Map.of("services", Set.of(new UUID(1, 11)));
        }
        return now.with(next, new ConfigSnapshot.Delta(all, gone));
    }

    /* The first guards, the second needs a database, the third has a setting that is young. */
    private static Entity plugin(UUID id, boolean plain) {
        Map<String, Object> values = new HashMap<>(
                Map.of("id", id.toString(), "route", Map.of("id", ROUTE.toString()), "name", NAMES.get(number(id))));
        values.put(
                "config",
                switch (number(id)) {
                    case 0 -> Map.of("allow", List.of("127.0.0.1"));
                    case 1 -> Map.of("minute", 5L, "policy", plain ? "local" : "cluster");
                    default -> Map.of("facility", plain ? "user" : "local0");
                });
        Entity whole = Configs.entity("plugins", values);
        return plain || number(id) > 0 ? whole : whole.with("config", Map.of("allow", List.of("no")));
    }

    private static int number(UUID id) {
        return (int) id.getLeastSignificantBits();
    }

    /** A data plane without a network. */
    private static final class Follower {
        private final Track track;
        private final UpdateReader reader;
        private Content content = Content.nothing();

        Follower(Release release) {
            this.track = new Track(new LevelView.Level(release, Set.of()), Configs.RELEASE);
            this.reader = new UpdateReader(release, 1 << 26);
        }

        void whole(ConfigSnapshot snapshot) {
            track.advance(snapshot);
            content = content.after(reader.read(track.whole().frame(), 0)).orElseThrow();
        }

        Payload delta(ConfigSnapshot snapshot) {
            track.advance(snapshot);
            Payload payload = track.since(content.digest()).orElseThrow();
            assertThat(payload.delta()).isTrue();
            content = content.after(reader.read(payload.frame(), 0)).orElseThrow();
            return payload;
        }
    }
}
