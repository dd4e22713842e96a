package io.drawbridge.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.postgres.Database;
import io.drawbridge.postgres.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole clusters of processes through whole upgrades, with writers that never stop. */
class WholeUpgradeIT {
    private static PostgresServer server;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        server = PostgresServer.temporary();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /* The hard hop, 1.5 to 2.1. The leader of up dies, and so does the one of finish. */
    @Test
    void writes_flatOutFromOldAndNewNodes_noneIsLostAndNoneRefusedIsApplied() throws Exception {
        Database database = server.createDatabase();
        try (Drawbridges cluster = new Drawbridges(folder).on(database)) {
            Drawbridges older = cluster.with("GATEWAY_RELEASE", "1.5");
            Drawbridges newer = cluster.with("GATEWAY_RELEASE", "2.1");
            List<Drawbridges.Running> old = List.of(
                    older.with("PREFIX", folder.resolve("old-1").toString()).start(),
                    older.with("PREFIX", folder.resolve("old-2").toString()).start());
            Drawbridges first = newer.with("PREFIX", folder.resolve("new-1").toString());
            Writers writers = new Writers();
            old.forEach(writers::to);

            Drawbridges.Running doomed = first.begin();
            TimeUnit.MILLISECONDS.sleep(1_600);
            doomed.process().destroyForcibly().waitFor();
            Drawbridges.Running fresh = first.start();
            writers.to(fresh);
            TimeUnit.SECONDS.sleep(1);
            assertThat(database.query("SELECT state FROM drawbridge_gate")).containsExactly("OPEN");
            assertThat(writers.answered(fresh, 201))
                    .as("the new release before finish")
                    .isEmpty();
            assertThat(writers.answered(fresh, 409)).isNotEmpty();

            for (Drawbridges.Running node : old) {
                assertThat(node.stop()).as("ended by SIGTERM").isIn(0, 143);
            }
            Path ignored = Files.createTempFile(folder, "finish", "");
            Process finish = newer.launch(ignored, ignored, "migrations", "finish");
            TimeUnit.MILLISECONDS.sleep(1_700);
            finish.destroyForcibly().waitFor();
            Drawbridges.Result again = newer.run("migrations", "finish");
            assertThat(again.exit()).as(again.out() + again.err()).isZero();
            TimeUnit.MILLISECONDS.sleep(500);
            writers.stop();

            assertThat(database.query("SELECT state || active FROM drawbridge_gate"))
                    .containsExactly("STEADY2.1");
            assertThat(writers.answered(fresh, 201))
                    .as("the new release after finish")
                    .isNotEmpty();
            List<String> stored = database.query("SELECT name FROM services");
            assertThat(stored).doesNotHaveDuplicates().containsAll(writers.answered(201));
            Set<String> refused = new HashSet<>(writers.answered(409));
            refused.addAll(writers.answered(503));
            assertThat(stored).doesNotContainAnyElementsOf(refused);
            assertThat(database.query("SELECT name FROM services WHERE ws_id IS NULL"))
                    .isEmpty();
            assertThat(writers.answered(500)).isEmpty();
        }
    }

    @Test
    void oldNode_startedDuringFinish_eitherBlocksItOrStaysOut() throws Exception {
        Database database = server.createDatabase();
        try (Drawbridges cluster = new Drawbridges(folder).on(database)) {
            Drawbridges older = cluster.with("GATEWAY_RELEASE", "2.4")
                    .with("PREFIX", folder.resolve("old").toString());
            assertThat(older.run("migrations", "bootstrap").exit()).isZero();
            assertThat(cluster.run("migrations", "up").exit()).isZero();

            Path output = Files.createTempFile(folder, "finish", "");
            Process finish = cluster.launch(output, output, "migrations", "finish");
            Drawbridges.Running late = older.begin();
            assertThat(finish.waitFor(60, TimeUnit.SECONDS)).isTrue();
            String state = database.query("SELECT state || active FROM drawbridge_gate")
                    .get(0);

            if (finish.exitValue() == ExitCode.BLOCKED.number()) {
                assertThat(state).isEqualTo("OPEN2.4");
                late.awaitReady();
                assertThat(late.addService("still-old")).isEqualTo(201);
                assertThat(late.stop()).as("ended by SIGTERM").isIn(0, 143);
            } else {
                assertThat(finish.exitValue()).as(Files.readString(output)).isZero();
                assertThat(state).isEqualTo("STEADY2.5");
                assertThat(late.exit()).as(late.said()).isEqualTo(9);
            }
        }
    }

    @Test
    void bootstrap_eightProcessesAtOnce_oneDoesItAllEndWell() throws Exception {
        Database database = server.createDatabase();
        try (Drawbridges cluster = new Drawbridges(folder).on(database)) {
            List<Process> processes = new ArrayList<>();
            List<Path> outputs = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Path output = Files.createTempFile(folder, "bootstrap", "");
                outputs.add(output);
                processes.add(cluster.with("PREFIX", folder.resolve("p" + i).toString())
                        .launch(output, output, "migrations", "bootstrap"));
            }
            int did = 0;
            for (int i = 0; i < 8; i++) {
                assertThat(processes.get(i).waitFor(60, TimeUnit.SECONDS)).isTrue();
                String said = Files.readString(outputs.get(i));
                assertThat(processes.get(i).exitValue()).as(said).isZero();
                did += said.contains("migrations processed") ? 1 : 0;
            }
            assertThat(did).isEqualTo(1);
            assertThat(database.query("SELECT state || active FROM drawbridge_gate"))
                    .containsExactly("STEADY2.5");
        }
    }

    /** Threads that add services as fast as they are answered, each name once. */
    private static final class Writers {
        private final Map<String, Integer> answers = new ConcurrentHashMap<>();
        private final AtomicInteger number = new AtomicInteger();
        private final List<Thread> threads = new ArrayList<>();
        private volatile boolean over;

        private void to(Drawbridges.Running node) {
            String prefix = prefix(node);
            for (int i = 0; i < 3; i++) {
                Thread thread = new Thread(() -> write(node, prefix), prefix + i);
                threads.add(thread);
                thread.start();
            }
        }

        private void write(Drawbridges.Running node, String prefix) {
            while (!over && node.process().isAlive()) {
                String name = prefix + "-" + number.incrementAndGet();
                try {
                    answers.put(name, node.addService(name));
                } catch (IOException unknown) {
                    answers.put(name, 0);
                } catch (Exception failure) {
                    throw new IllegalStateException(failure);
                }
            }
        }

        private static String prefix(Drawbridges.Running node) {
            return "n" + node.process().pid();
        }

        private List<String> answered(int status) {
            return answers.entrySet().stream()
                    .filter(answer -> answer.getValue() == status)
                    .map(Map.Entry::getKey)
                    .toList();
        }

        private List<String> answered(Drawbridges.Running node, int status) {
            return answered(status).stream()
                    .filter(name -> name.startsWith(prefix(node) + "-"))
                    .toList();
        }

        private void stop() throws InterruptedException {
            over = true;
            for (Thread thread : threads) {
                thread.join(TimeUnit.SECONDS.toMillis(30));
            }
        }
    }
}
