package io.drawbridge.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.migration.Gate.State;
import org.junit.jupiter.api.Test;

/** The table of docs/architecture.md: who may write, and who may start, in each state. */
final class GateTest {
    private static final Release OLD = World.V1;
    private static final Release NEW = World.V2;

    @Test
    void writes_everyState_areAsTheTableSays() {
        assertThat(row(State.STEADY)).isEqualTo("old writes, new waits, old starts");
        assertThat(row(State.EXPANDING)).isEqualTo("old writes, new waits, old starts");
        assertThat(row(State.OPEN)).isEqualTo("old writes, new waits, old starts");
        assertThat(row(State.FENCED)).isEqualTo("old waits, new waits, old stays out");
        assertThat(row(State.CONTRACTING)).isEqualTo("old waits, new waits, old stays out");
        assertThat(row(State.ABORTING)).isEqualTo("old writes, new waits, old starts");
    }

    @Test
    void writes_afterFinish_areTheNewReleasesAlone() {
        Gate steady = Gate.empty().to(State.STEADY, NEW, null);

        assertThat(steady.refusal(OLD)).get().asString().contains("upgrade it");
        assertThat(steady.refusal(NEW)).isEmpty();
        assertThat(steady.admits(OLD)).isFalse();
    }

    @Test
    void writes_preReleaseOfTheSameMinor_areRefused() {
        Gate steady = Gate.empty().to(State.STEADY, NEW, null);

        assertThat(steady.refusal(Release.parse("2.0.0-beta"))).isPresent();
    }

    private static String row(State state) {
        Gate gate = Gate.empty().to(state, OLD, state == State.STEADY ? null : NEW);
        return (gate.refusal(OLD).isEmpty() ? "old writes, " : "old waits, ")
                + (gate.refusal(NEW).isEmpty() ? "new writes, " : "new waits, ")
                + (gate.admits(OLD) ? "old starts" : "old stays out");
    }
}
