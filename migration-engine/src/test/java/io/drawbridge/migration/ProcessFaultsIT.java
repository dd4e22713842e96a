package io.drawbridge.migration;

import static io.drawbridge.migration.Waiting.await;
import static io.drawbridge.migration.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.migration.postgres.PgStep;
import io.drawbridge.postgres.PostgresServer;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, killed and stopped at real moments. */
final class ProcessFaultsIT {
    private static final long SEED = 20261124;
    private static Vertx vertx;
    private static PostgresServer server;
    private PostgresWorld world;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        server = PostgresServer.temporary(Map.of("max_connections", "300"));
    }

    @AfterAll
    static void stop() {
        await(vertx.close());
        server.close();
    }

    @BeforeEach
    void database() {
        world = new PostgresWorld(vertx, server);
        world.fresh();
    }

    @AfterEach
    void disconnect() {
        world.close();
    }

    @Test
    void leaderKilled_atSeededMoments_heirEndsAsIfNothingHadHappened() throws Exception {
        await(ProbeNode.migrator(vertx, world.connectOptions(), "a", World.V1).migrate());
        String wanted = finishedBy("reference");
        Random random = new Random(SEED);
        int kills = Boolean.getBoolean("drawbridge.chaos") ? 60 : 12;
        List<String> met = new ArrayList<>();
        for (int i = 0; i < kills; i++) {
            world.fresh();
            await(ProbeNode.migrator(vertx, world.connectOptions(), "a", World.V1)
                    .migrate());
            Path output = folder.resolve("victim-" + i);
            Files.createFile(output);
            Process victim = Processes.java(ProbeNode.class, output, uri(), "victim", "2.0", "finish");
            Processes.printed(output, "alive");
            TimeUnit.MILLISECONDS.sleep(random.nextInt(3_500));
            met.add(state());
            victim.destroyForcibly().waitFor();
            assertThat(finishedBy("heir"))
                    .as("killed at %s, seed %d, number %d", met, SEED, i)
                    .isEqualTo(wanted);
        }
        assertThat(met).as("the moments differ").anyMatch(state -> state.contains("EXPANDING"));
    }

    @Test
    void leaderStopped_threeLifetimesLong_changesNothingAfterwards() throws Exception {
        for (String moment : List.of("EXPANDING EXPANDING 1 ", "OPEN EXPANDED", "OPEN EXPANDED 0 [0-9]")) {
            world.fresh();
            await(ProbeNode.migrator(vertx, world.connectOptions(), "a", World.V1)
                    .migrate());
            Path output = folder.resolve("zombie-" + moment.hashCode());
            Files.createFile(output);
            Process zombie = Processes.java(ProbeNode.class, output, uri(), "zombie", "2.0", "finish");
            Processes.printed(output, "alive");
            until(() -> state().matches(moment + ".*"));
            Processes.signal(zombie, "STOP");
            long stopped = System.nanoTime();
            String done = finishedBy("heir");
            long left = ProbeNode.TTL.multipliedBy(3).toMillis()
                    - Duration.ofNanos(System.nanoTime() - stopped).toMillis();
            TimeUnit.MILLISECONDS.sleep(Math.max(0, left));
            Processes.signal(zombie, "CONT");
            assertThat(zombie.waitFor(30, TimeUnit.SECONDS))
                    .as(Files.readString(output))
                    .isTrue();

            assertThat(fingerprint()).as("stopped at %s", moment).isEqualTo(done);
            zombie.destroyForcibly();
        }
    }

    @Test
    void twentyNodes_inFourProcesses_onAnEmptyDatabase_oneLeadsAllBecomeReady() throws Exception {
        List<Process> processes = new ArrayList<>();
        List<Path> outputs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Path output = Files.createFile(folder.resolve("crowd-" + i));
            outputs.add(output);
            processes.add(Processes.java(ProbeNode.class, output, uri(), "crowd-" + i, "1.0", "crowd"));
        }
        int led = 0;
        for (int i = 0; i < 4; i++) {
            Processes.printed(outputs.get(i), "all done");
            led += Files.readString(outputs.get(i)).contains("all done 1") ? 1 : 0;
            processes.get(i).destroyForcibly().waitFor();
        }
        assertThat(led).isEqualTo(1);
        assertThat(text("SELECT count(*)::text FROM drawbridge_audit WHERE to_state = 'STEADY(1.0)'"))
                .isEqualTo("1");
    }

    private String finishedBy(String member) {
        Migrator<PgStep> migrator = ProbeNode.migrator(vertx, world.connectOptions(), member, World.V2);
        await(migrator.migrate());
        await(migrator.finish(FinishOptions.standard("test")));
        return fingerprint();
    }

    /** Schema, data and journal in one text. */
    private String fingerprint() {
        return text("SELECT (SELECT string_agg(column_name || ' ' || data_type, ',' ORDER BY column_name) FROM"
                + " information_schema.columns WHERE table_name = 'item') || '|' || (SELECT string_agg(conname || convalidated,"
                + " ',' ORDER BY conname) FROM pg_constraint WHERE conrelid = 'item'::regclass) || '|' ||"
                + " (SELECT string_agg(indexrelid::regclass || ' ' || indisvalid, ',' ORDER BY indexrelid::regclass::text)"
                + " FROM pg_index WHERE indrelid = 'item'::regclass) || '|' || (SELECT md5(string_agg(i::text, ',' ORDER BY"
                + " id)) FROM item i) || '|' || (SELECT string_agg(what, ',' ORDER BY what) FROM effect) || '|' ||"
                + " (SELECT string_agg(id || state || steps_done, ',' ORDER BY id) FROM drawbridge_journal) || '|' ||"
                + " (SELECT state || active FROM drawbridge_gate)");
    }

    private String state() {
        return text("SELECT g.state || coalesce(' ' || (SELECT j.state || ' ' || j.steps_done || ' ' ||"
                + " coalesce(j.cursor_at, '') FROM drawbridge_journal j WHERE j.id = 'core/001_new_form'), '')"
                + " FROM drawbridge_gate g");
    }

    private String uri() {
        var options = world.connectOptions();
        return "postgresql://" + options.getUser() + ":" + options.getPassword() + "@" + options.getHost() + ":"
                + options.getPort() + "/" + options.getDatabase();
    }

    private String text(String query) {
        return await(world.pool().query(query).execute()).iterator().next().getString(0);
    }
}
