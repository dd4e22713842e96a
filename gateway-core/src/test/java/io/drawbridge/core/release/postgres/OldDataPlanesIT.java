package io.drawbridge.core.release.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drawbridge.migration.FinishOptions;
import io.drawbridge.migration.MigrationBackend.Blocker;
import io.drawbridge.migration.MigrationError;
import io.drawbridge.migration.MigrationException;
import io.drawbridge.migration.Migrator;
import io.drawbridge.migration.Release;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OldDataPlanesIT extends LineTest {
    @Test
    void finish_aConnectedDataPlaneIsOlderThanTheReleaseThatIsLeft_itIsNamedUntilItIsGoneOrForced() {
        line.bootstrap(V2_4);
        line.up(V2_5);
        connected("ancient", "2.3.3", "10 seconds", "1 day");
        connected("left", "2.4.1", "10 seconds", "1 day");
        connected("same", "2.5.1-enterprise-edition", "10 seconds", "1 day");
        connected("newer", "3.4.0", "10 seconds", "1 day");
        connected("unreadable", "nonsense", "10 seconds", "1 day");
        connected("gone", "2.0.5", "130 seconds", "1 day");
        connected("forgotten", "2.0.5", "10 seconds", "-1 second");

        assertThat(blockers(V2_5)).singleElement().satisfies(blocker -> {
            assertThat(blocker.kind()).isEqualTo("data-planes");
            assertThat(blocker.name())
                    .startsWith("data plane ancient (")
                    .contains("at 10.0.0.1) runs 2.3.3, seen 1")
                    .endsWith("the configuration of 2.5 needs 2.4 or newer");
        });
        assertThatThrownBy(() -> line.finish(V2_5)).isInstanceOfSatisfying(MigrationException.class, failure -> {
            assertThat(failure.error()).isEqualTo(MigrationError.BLOCKED);
            assertThat(failure.details()).singleElement().asString().startsWith("data-planes: data plane ancient");
        });
        assertThat(value("SELECT state FROM drawbridge_gate")).isEqualTo("OPEN");

        line.as(
                V2_5,
                migrator -> migrator.finish(
                        new FinishOptions("data-planes", false, false, "test", "it is being replaced")));
        assertThat(value("SELECT state FROM drawbridge_gate")).isEqualTo("STEADY");
    }

    @Test
    void finish_manyOldDataPlanes_aHundredAreNamedAndTheOthersCounted() {
        line.bootstrap(V2_4);
        line.up(V2_5);
        for (int i = 0; i < 103; i++) {
            connected("dp-" + i, "2.1.0", "1 second", "1 day");
        }

        assertThat(blockers(V2_5))
                .hasSize(101)
                .last()
                .satisfies(rest -> assertThat(rest.name()).startsWith("3 more data planes"));
    }

    @Test
    void finish_releasesThatDoNotTellTheirVersion_countAsOldOnlyOnceAllMust() {
        line.bootstrap(V2_1);
        line.up(V2_2);
        database.execute("INSERT INTO clustering_data_planes (id, hostname, ip, config_hash, last_seen)" + " VALUES ('"
                + UUID.randomUUID() + "', 'silent', '10.0.0.2', '', clock_timestamp())");
        assertThat(blockers(V2_2)).isEmpty();
        line.finish(V2_2);
        line.through(V2_2, V2_3);
        line.up(V2_4);

        assertThat(blockers(V2_4))
                .singleElement()
                .satisfies(blocker -> assertThat(blocker.name()).contains("silent", "runs a release before 2.3"));
    }

    private List<Blocker> blockers(Release release) {
        return line.as(release, Migrator::status).blockers().stream()
                .filter(blocker -> !blocker.warning())
                .toList();
    }

    private void connected(String hostname, String version, String ago, String left) {
        database.execute(("INSERT INTO clustering_data_planes"
                        + " (id, hostname, ip, config_hash, version, sync_status, last_seen, ttl) VALUES ('%s', '%s', '10.0.0.1',"
                        + " '', '%s', 'normal', clock_timestamp() - interval '%s', clock_timestamp() + interval '%s')")
                .formatted(UUID.randomUUID(), hostname, version, ago, left));
    }
}
