package io.drawbridge.core.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BalancerTest {
    private static Target target(int number, int weight) {
        return Target.of("10.0.0." + number + ":80", null, weight);
    }

    private static int number(Target target) {
        return Integer.parseInt(target.name().substring(7));
    }

    @Test
    void turns_ofUnequalWeights_areSpread() {
        Balancer balancer = new Balancer(List.of(target(1, 5), target(2, 1), target(3, 1)));
        List<Integer> turns = new ArrayList<>();
        for (int i = 0; i < 14; i++) {
            turns.add(number(balancer.next(any -> true)));
        }
        assertThat(turns).containsExactly(1, 1, 2, 1, 3, 1, 1, 1, 1, 2, 1, 3, 1, 1);
    }

    @Test
    void turns_overOneRound_areExactlyTheWeights() {
        Random random = new Random(7);
        for (int round = 0; round < 50; round++) {
            List<Target> targets = new ArrayList<>();
            Map<Integer, Integer> expected = new HashMap<>();
            for (int i = 1; i <= 1 + random.nextInt(12); i++) {
                int weight = 1 + random.nextInt(300);
                targets.add(target(i, weight));
                expected.put(i, weight);
            }
            Balancer balancer = new Balancer(targets);
            int sum = expected.values().stream().mapToInt(Integer::intValue).sum();
            Map<Integer, Integer> seen = new HashMap<>();
            for (int i = 0; i < sum; i++) {
                seen.merge(number(balancer.next(any -> true)), 1, Integer::sum);
            }
            assertThat(seen).isEqualTo(expected);
        }
    }

    @Test
    void next_ofThoseThatFit_prefersThem() {
        Target heavy = target(1, 60_000);
        Target light = target(2, 1);
        Balancer balancer = new Balancer(List.of(heavy, light));
        for (int i = 0; i < 10; i++) {
            assertThat(balancer.next(candidate -> candidate != heavy)).isSameAs(light);
        }
        assertThat(balancer.next(candidate -> false)).isNotNull();
        assertThat(new Balancer(List.of()).next(any -> true)).isNull();
    }

    @Test
    void target_isNamedForHostAndTls() {
        assertThat(Target.of("shop", 80, null, 1))
                .returns("shop", Target::plainHost)
                .returns("shop:80", Target::secureHost);
        Target six = Target.of("[0000:0000:0000:0000:0000:0000:0000:0001]:443", null, 1);
        assertThat(six.address().host()).isEqualTo("0000:0000:0000:0000:0000:0000:0000:0001");
        assertThat(six.secureHost()).isEqualTo("[0000:0000:0000:0000:0000:0000:0000:0001]");
        for (String bad : List.of("0000::1", "10.0.0.1", "", "a..b", "a_b", "-a", "a.", "x".repeat(64))) {
            assertThat(Target.canBeAskedFor(bad)).as(bad).isFalse();
        }
        assertThat(Target.canBeAskedFor("shop-1.example")).isTrue();
        assertThat(Target.of("10.0.0.1:8443", "shop.example:9", 1))
                .returns("shop.example", Target::name)
                .returns("shop.example:9", Target::secureHost);
    }
}
