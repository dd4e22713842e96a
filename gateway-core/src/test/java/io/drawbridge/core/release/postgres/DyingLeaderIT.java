package io.drawbridge.core.release.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * A leader that dies at any call of the great hop, 1.5 to 2.1, with rows in every table: the next one ends where a leader
 * that lives ends. A dozen seeded calls; every one with {@code -Pchaos}.
 */
class DyingLeaderIT extends LineTest {
    private static final long SEED = 1521;

    @Test
    void whichever_call_the_leader_dies_at_the_next_one_ends_the_same() {
        seededAt(V1_5);
        AtomicInteger calls = new AtomicInteger();
        upAndFinish(line.dyingAt(calls, Integer.MAX_VALUE, false));
        int total = calls.get();
        Map<String, List<String>> expected = Rows.comparable(database);
        assertThat(total).isGreaterThan(150);

        IntStream points = Boolean.getBoolean("drawbridge.chaos")
                ? IntStream.rangeClosed(1, total)
                : new Random(SEED).ints(12, 1, total + 1);
        points.forEach(point -> {
            boolean landed = point % 2 == 0;
            seededAt(V1_5);
            try {
                upAndFinish(line.dyingAt(new AtomicInteger(), point, landed));
            } catch (RuntimeException died) {
                assertThat(died).as("call " + point).hasStackTraceContaining("died at call");
            }
            upAndFinish(line);

            String when = "call " + point + (landed ? " landed" : " lost");
            assertThat(Catalogue.of(database)).as(when).isEqualTo(FreshCatalogueIT.expected("2.1"));
            assertThat(Rows.comparable(database)).as(when).isEqualTo(expected);
        });
    }

    private static void upAndFinish(Line line) {
        line.up(V2_1);
        line.finish(V2_1);
    }
}
