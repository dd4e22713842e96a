package io.drawbridge.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.app.ExitCode;
import io.drawbridge.migration.Gate;
import io.drawbridge.migration.MigrationStatus;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.Survey;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StatusTextTest {
    private static final Release OLD = Release.of(2, 4);
    private static final Release NEW = Release.of(2, 5);

    @Test
    void list_emptyDatabase_needsBootstrap() {
        StatusText text = StatusText.of(status(Survey.Kind.EMPTY, NEW, null, Map.of(), Map.of(), List.of()));

        assertThat(text.exit()).isEqualTo(ExitCode.NEEDS_BOOTSTRAP);
        assertThat(text.lines().get(0))
                .startsWith("Database needs bootstrapping or is older than Kong 1.0.\n\nTo start a new installation")
                .contains("migrated to Kong 1.5.0 first. \n");
    }

    @Test
    void list_foreignDatabase_isPreflight() {
        assertThat(StatusText.of(status(Survey.Kind.FOREIGN, NEW, null, Map.of(), Map.of(), List.of()))
                        .exit())
                .isEqualTo(ExitCode.PREFLIGHT);
    }

    @Test
    void list_upToDate_alignsNamesToTheRight() {
        StatusText text = StatusText.of(ours(NEW, gate(Gate.State.STEADY, NEW, null), Map.of(), Map.of(), List.of()));

        assertThat(text.exit()).isEqualTo(ExitCode.OK);
        assertThat(text.lines()).containsExactly("Executed migrations:", " acl: 000_base_acl", "core: 000_base, 001_x");
    }

    @Test
    void list_openUpgradeWithoutPendingUnits_isPending() {
        StatusText text = StatusText.of(ours(NEW, gate(Gate.State.OPEN, OLD, NEW), Map.of(), Map.of(), List.of(NEW)));

        assertThat(text.exit()).isEqualTo(ExitCode.PENDING);
        assertThat(text.lines()).endsWith("Run 'drawbridge migrations finish' when ready");
    }

    @Test
    void list_pendingAndNew_warns() {
        StatusText text = StatusText.of(ours(
                NEW,
                gate(Gate.State.OPEN, Release.of(2, 3), OLD),
                Map.of("core", List.of("002_p")),
                Map.of("core", List.of("003_n")),
                List.of(OLD, NEW)));

        assertThat(text.exit()).isEqualTo(ExitCode.PENDING);
        assertThat(text.lines())
                .contains("Pending migrations:", "core: 002_p", "New migrations available:", "core: 003_n");
        assertThat(text.warning())
                .isEqualTo("Database has pending migrations from a previous upgrade, and new migrations from this"
                        + " upgrade (version 2.5)");
    }

    @Test
    void list_newOnly_namesTheHops() {
        StatusText text = StatusText.of(ours(
                NEW,
                gate(Gate.State.STEADY, Release.of(2, 3), null),
                Map.of(),
                Map.of("core", List.of("003_n")),
                List.of(OLD, NEW)));

        assertThat(text.exit()).isEqualTo(ExitCode.NEW_MIGRATIONS);
        assertThat(text.lines()).anyMatch(line -> line.contains("go through 2.4, 2.5"));
        assertThat(text.lines().get(text.lines().size() - 1)).startsWith("Run 'drawbridge migrations up --through'");
    }

    @Test
    void list_upWasInterrupted_asksForUpAgain() {
        StatusText text = StatusText.of(ours(
                NEW,
                gate(Gate.State.EXPANDING, OLD, NEW),
                Map.of("core", List.of("002_p")),
                Map.of("core", List.of("003_n")),
                List.of(NEW)));

        assertThat(text.exit()).isEqualTo(ExitCode.NEW_MIGRATIONS);
        assertThat(text.lines()).endsWith("Run 'drawbridge migrations up' to proceed");
        assertThat(text.warning()).isNull();
    }

    @Test
    void list_hopWithoutUnits_isNewAllTheSame() {
        assertThat(StatusText.of(ours(NEW, gate(Gate.State.STEADY, OLD, null), Map.of(), Map.of(), List.of(NEW)))
                        .exit())
                .isEqualTo(ExitCode.NEW_MIGRATIONS);
    }

    @Test
    void list_olderNode_isTooOld() {
        assertThat(StatusText.of(ours(OLD, gate(Gate.State.STEADY, NEW, null), Map.of(), Map.of(), List.of()))
                        .exit())
                .isEqualTo(ExitCode.RELEASE_TOO_OLD);
    }

    @Test
    void json_hasKongsKeysAndOurs() {
        var json = StatusJson.of(
                ours(NEW, gate(Gate.State.OPEN, OLD, NEW), Map.of("core", List.of("002_p")), Map.of(), List.of(NEW)),
                List.of());

        assertThat(json.getBoolean("needs_bootstrap")).isFalse();
        assertThat(json.getJsonArray("executed_migrations").getJsonObject(0).getString("subsystem"))
                .isEqualTo("acl");
        assertThat(json.getJsonArray("pending_migrations").encode()).contains("002_p");
        assertThat(json.containsKey("new_migrations")).isFalse();
        assertThat(json.getString("state")).isEqualTo("OPEN");
        assertThat(json.getString("active_release")).isEqualTo("2.4");
        assertThat(json.getString("target_release")).isEqualTo("2.5");
        assertThat(json.getString("writes")).isEqualTo("closed");
    }

    private static Gate gate(Gate.State state, Release active, Release target) {
        return new Gate(state, active, target, 3, null, false, false, false);
    }

    private static MigrationStatus ours(
            Release me,
            Gate gate,
            Map<String, List<String>> pending,
            Map<String, List<String>> fresh,
            List<Release> hops) {
        return status(Survey.Kind.OURS, me, gate, pending, fresh, hops);
    }

    private static MigrationStatus status(
            Survey.Kind kind,
            Release me,
            Gate gate,
            Map<String, List<String>> pending,
            Map<String, List<String>> fresh,
            List<Release> hops) {
        Map<String, List<String>> executed =
                new TreeMap<>(Map.of("core", List.of("000_base", "001_x"), "acl", List.of("000_base_acl")));
        return new MigrationStatus(
                kind,
                "db",
                me,
                gate,
                null,
                gate == null ? Map.of() : executed,
                pending,
                fresh,
                Map.of(),
                List.of(),
                null,
                List.of(),
                List.of(),
                hops,
                kind == Survey.Kind.FOREIGN ? List.of("orders") : List.of(),
                List.of());
    }
}
