package io.drawbridge.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.app.Drawbridges.Result;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MigrationsCommandIT extends ServerFixture {
    @Test
    void emptyDatabase_everyCommandSaysSoAsKongDoes() throws Exception {
        Result list = migrations("list");
        assertThat(list.exit()).isEqualTo(3);
        assertThat(list.out()).startsWith("Database needs bootstrapping or is older than Kong 1.0.\n\nTo start");

        Result up = migrations("up");
        assertThat(up.exit()).isEqualTo(1);
        assertThat(up.err()).startsWith("Error: Cannot run migrations: Database needs bootstrapping");
        assertThat(migrations("finish").exit()).isEqualTo(1);

        Result preflight = migrations("preflight");
        assertThat(preflight.exit()).isZero();
        assertThat(preflight.out())
                .startsWith("warning empty-database: the database '" + database.database() + "' is not bootstrapped")
                .contains("'drawbridge migrations bootstrap'")
                .doesNotContain("Nothing");

        Result status = migrations("status");
        assertThat(status.exit()).isZero();
        assertThat(new JsonObject(status.out()).getBoolean("needs_bootstrap")).isTrue();

        Result reset = migrations("reset", "--yes-reset", database.database());
        assertThat(reset.out()).isEqualTo("Database not bootstrapped, nothing to reset\n");
        assertThat(reset.exit()).isEqualTo(1);
        assertThat(database.query("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
                .containsExactly("0");
    }

    @Test
    void bootstrap_thenEverythingIsUpToDate() throws Exception {
        Result bootstrap = migrations("bootstrap");
        assertThat(bootstrap.exit()).isZero();
        assertThat(bootstrap.lines())
                .startsWith(
                        "Bootstrapping database...",
                        "migrating core on database '" + database.database() + "'...",
                        "core migrated up to: 000_base (executed)")
                .endsWith("Database is up-to-date");
        assertThat(bootstrap.out()).containsPattern("\\n(\\d+) migrations processed\\n\\1 executed\\n");

        assertThat(migrations("bootstrap").out()).isEqualTo("Database already bootstrapped\n");
        assertThat(migrations("up").out()).isEqualTo("Database is already up-to-date\n");
        assertThat(migrations("finish").out()).isEqualTo("No pending migrations to finish\n");
        Result list = migrations("list");
        assertThat(list.exit()).isZero();
        assertThat(list.lines().get(0)).isEqualTo("Executed migrations:");
        assertThat(list.lines().get(1))
                .isEqualTo("                 core: 000_base, 003_100_to_110, 004_110_to_120,"
                        + " 005_120_to_130, 006_130_to_140, 007_140_to_150, 008_150_to_200, 009_200_to_210, 010_210_to_211,"
                        + " 011_212_to_213, 012_213_to_220, 013_220_to_230");
        assertThat(migrations("list", "-q").out()).isEmpty();
        assertThat(new JsonObject(migrations("list", "--json").out()).getString("state"))
                .isEqualTo("STEADY");
    }

    @Test
    void upgrade_hopByHop_hasKongsLinesAndCodes() throws Exception {
        assertThat(as("2.1").run("migrations", "bootstrap").exit()).isZero();

        Result list = as("2.2").run("migrations", "list");
        assertThat(list.exit()).isEqualTo(5);
        assertThat(list.lines())
                .contains("New migrations available:")
                .endsWith("Run 'drawbridge migrations up' to proceed");
        assertThat(as("2.2").run("migrations", "finish").out())
                .isEqualTo("\nNew migrations available; run 'drawbridge migrations up' to proceed\n");

        Result dry = as("2.2").run("migrations", "up", "--dry-run");
        assertThat(dry.out())
                .startsWith("From release 2.1 to 2.2: ")
                .contains("\nrelease 2.2, up:\n  core/012_213_to_220")
                .contains("\nIn all: ");
        assertThat(as("2.2").run("migrations", "list").exit()).isEqualTo(5);

        Result up = as("2.2").run("migrations", "up");
        assertThat(up.exit()).isZero();
        assertThat(up.lines())
                .contains("core migrated up to: 012_213_to_220 (pending)")
                .endsWith("", "Database has pending migrations; run 'drawbridge migrations finish' when ready");

        assertThat(as("2.2").run("migrations", "list").exit()).isEqualTo(4);
        assertThat(as("2.2").run("migrations", "preflight").exit()).isZero();
        Result third = as("2.3").run("migrations", "preflight");
        assertThat(third.exit()).isEqualTo(7);
        assertThat(third.out()).contains("BLOCKS open-upgrade: the upgrade from 2.1 to 2.2 is open");
        Result again = as("2.2").run("migrations", "up");
        assertThat(again.exit()).isEqualTo(1);
        assertThat(again.err())
                .startsWith("Error: Database has pending migrations; run 'drawbridge migrations finish'\n");

        assertThat(as("2.2").run("migrations", "finish").lines()).endsWith("No pending migrations to finish");
        assertThat(as("2.2").run("migrations", "list").exit()).isZero();

        Result old = as("2.1").run("migrations", "up");
        assertThat(old.exit()).isEqualTo(9);
        assertThat(as("2.1").run("migrations", "list").exit()).isEqualTo(9);
    }

    @Test
    void upgrade_overSeveralHops_isRefusedWithTheirNamesAndWalkedWithThrough() throws Exception {
        assertThat(as("2.1").run("migrations", "bootstrap").exit()).isZero();

        Result up = migrations("up");
        assertThat(up.exit()).isEqualTo(10);
        assertThat(up.err()).contains("go through release 2.2 first").contains("  2.2\n  2.3\n  2.4\n  2.5\n");

        Result through = migrations("up", "--through");
        assertThat(through.err()).isEmpty();
        assertThat(through.exit()).isZero();
        assertThat(through.out())
                .contains("nodes of older releases are cut off on the way")
                .contains("release 2.4...");
        assertThat(migrations("list").exit()).isEqualTo(4);
        assertThat(migrations("finish").exit()).isZero();
        assertThat(migrations("list").exit()).isZero();
    }

    @Test
    void finish_aConnectionOfAForeignRole_isABlockerByName() throws Exception {
        assertThat(as("2.4").run("migrations", "bootstrap").exit()).isZero();
        assertThat(migrations("up").exit()).isZero();
        try (Connection idle = database.connect()) {
            Result blocked = drawbridge.with("FOREIGN_ROLES", database.user()).run("migrations", "finish");
            assertThat(blocked.exit()).isEqualTo(8);
            assertThat(blocked.err())
                    .contains("1 connections of " + database.user())
                    .contains("a role of other gateways");
            assertThat(idle.isValid(5)).isTrue();
            Result unexplained =
                    drawbridge.with("FOREIGN_ROLES", database.user()).run("migrations", "finish", "--force=foreign");
            assertThat(unexplained.exit()).isEqualTo(1);
            assertThat(unexplained.err()).contains("--reason");
            Result forced = drawbridge
                    .with("FOREIGN_ROLES", database.user())
                    .run("migrations", "finish", "--force=foreign", "--reason", "it only reads");
            assertThat(forced.exit()).isZero();
        }
        assertThat(migrations("status").out()).contains("it only reads");
    }

    @Test
    void finish_aDataPlaneThatIsTooOld_isABlockerByName() throws Exception {
        assertThat(as("2.4").run("migrations", "bootstrap").exit()).isZero();
        assertThat(migrations("up").exit()).isZero();
        database.execute("INSERT INTO clustering_data_planes (id, hostname, ip, config_hash, version, ttl, last_seen)"
                + " VALUES ('00000000-0000-4000-8000-000000000001', 'edge-7', '10.0.0.7', '', '2.2.1',"
                + " clock_timestamp() + interval '1 day', clock_timestamp())");
        Result blocked = migrations("finish");
        assertThat(blocked.exit()).isEqualTo(8);
        assertThat(blocked.err()).contains("data-planes: data plane edge-7 (").contains("needs 2.4 or newer");
        assertThat(migrations("status").out()).contains("edge-7");
        assertThat(migrations("finish", "--force=data-planes", "--reason", "to be replaced")
                        .exit())
                .isZero();
    }

    @Test
    void abort_takesTheUpgradeBack() throws Exception {
        assertThat(as("2.4").run("migrations", "bootstrap").exit()).isZero();
        assertThat(migrations("up").exit()).isZero();

        Result abort = migrations("abort", "--reason", "changed our minds");
        assertThat(abort.exit()).isZero();
        assertThat(abort.out()).contains("the database stays at release 2.4");
        JsonObject status = new JsonObject(migrations("status").out());
        assertThat(status.getString("state")).isEqualTo("STEADY");
        assertThat(status.getString("held_release")).isEqualTo("2.5");
        assertThat(status.getJsonArray("audit").encode()).contains("changed our minds");
        assertThat(migrations("abort").exit()).isEqualTo(1);
    }

    @Test
    void bootstrap_eightAtOnce_allSucceedAndOneDoesIt() throws Exception {
        List<Process> processes = new ArrayList<>();
        List<Path> outputs = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Path out = Files.createTempFile(folder, "bootstrap", "");
            outputs.add(out);
            processes.add(drawbridge.launch(out, out, "migrations", "bootstrap"));
        }
        List<String> said = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            assertThat(processes.get(i).waitFor(60, TimeUnit.SECONDS)).isTrue();
            said.add(Files.readString(outputs.get(i)));
            assertThat(processes.get(i).exitValue()).as(said.get(i)).isZero();
        }
        assertThat(said.stream().filter(text -> text.contains(" migrations processed")))
                .hasSize(1);
        assertThat(migrations("list").exit()).isZero();
        assertThat(database.query("SELECT count(*) FROM (SELECT unnest(executed) FROM schema_meta) AS each(unit)"))
                .isEqualTo(database.query(
                        "SELECT count(DISTINCT (subsystem, unit)) FROM schema_meta, unnest(executed) AS each(unit)"));
    }

    @Test
    void up_anotherLeaderDoesNotGetDone_endsWith6NotWith0() throws Exception {
        assertThat(as("2.4").run("migrations", "bootstrap").exit()).isZero();
        database.execute("UPDATE drawbridge_lease SET holder = 'somebody', epoch = epoch + 1, beat = 1,"
                + " expires_at = clock_timestamp() + interval '1 h' WHERE name = 'migrations'");
        try (Connection beating = database.connect();
                Statement statement = beating.createStatement()) {
            Thread leader = new Thread(() -> beat(statement));
            leader.start();
            Result up = migrations("up", "--lock-timeout", "2");
            assertThat(up.exit()).isEqualTo(6);
            assertThat(up.out()).contains("waiting for somebody, which leads");
            leader.interrupt();
            leader.join();
        }
    }

    @Test
    void up_toldToStop_stopsBetweenStepsAndGoesOnLater() throws Exception {
        assertThat(as("2.2").run("migrations", "bootstrap").exit()).isZero();
        Path out = Files.createTempFile(folder, "up-out", "");
        Path err = Files.createTempFile(folder, "up-err", "");
        try (Connection reader = database.connect();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.execute("LOCK TABLE clustering_data_planes, tags, cluster_events IN ACCESS SHARE MODE");
            statement.execute("LOCK TABLE routes, services, upstreams, certificates, plugins IN ACCESS SHARE MODE");
            Process up = as("2.3").launch(out, err, "migrations", "up");
            Drawbridges.eventually(
                    () -> database.query("SELECT state FROM drawbridge_gate").contains("EXPANDING"));
            up.destroy();
            Drawbridges.eventually(() -> Files.readString(out).contains("stopping at the next safe point ..."));
            reader.rollback();
            assertThat(up.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(Files.readString(out)).contains("stopping at the next safe point ...");
        assertThat(Files.readString(err)).contains("run the same command again to go on");
        assertThat(as("2.3").run("migrations", "list").exit()).isEqualTo(5);
        assertThat(as("2.3").run("migrations", "up").exit()).isZero();
        assertThat(as("2.3").run("migrations", "list").exit()).isEqualTo(4);
    }

    private static void beat(Statement statement) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                statement.execute("UPDATE drawbridge_lease SET beat = beat + 1 WHERE name = 'migrations'");
                Thread.sleep(200);
            }
        } catch (InterruptedException | java.sql.SQLException over) {
            Thread.currentThread().interrupt();
        }
    }
}
