package io.drawbridge.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.example.OrdersService;
import io.drawbridge.postgres.Database;
import io.drawbridge.postgres.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/embedding.md, run as its reader would, from several processes. */
final class EmbeddingIT {
    @TempDir
    private Path folder;

    @Test
    void example_threeProcessesAtOnce_oneLeadsAllAreReady() throws Exception {
        try (PostgresServer server = PostgresServer.temporary()) {
            Database database = server.createDatabase();
            List<String> said = run(database, "1.0", 3);
            assertThat(said).allMatch(line -> line.contains("ready STEADY(1.0)"));
            assertThat(said.stream().filter(line -> line.contains("this node led")))
                    .hasSize(1);

            assertThat(run(database, "2.0", 2)).allMatch(line -> line.contains("ready OPEN(1.0,2.0)"));
            assertThat(database.query("SELECT count(*) FROM orders WHERE total IS NOT NULL"))
                    .containsExactly("1000");
        }
    }

    @Test
    void document_showsTheProgramThatIsTested() throws Exception {
        Path root = Path.of(System.getProperty("drawbridge.root"));
        String document = Files.readString(root.resolve("docs/embedding.md"));
        String program = Files.readString(
                root.resolve("migration-engine/src/test/java/io/drawbridge/example/OrdersService.java"));

        assertThat(document).contains("```java\n" + program + "```");
    }

    private List<String> run(Database database, String release, int nodes) throws Exception {
        String uri = "postgresql://" + database.user() + ":" + database.password() + "@" + database.host() + ":"
                + database.port() + "/" + database.database();
        List<Process> processes = new ArrayList<>();
        List<Path> outputs = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            Path output = Files.createFile(folder.resolve(release + "-" + i));
            outputs.add(output);
            processes.add(Processes.java(OrdersService.class, output, uri, "node-" + i, release));
        }
        List<String> said = new ArrayList<>();
        try {
            for (Path output : outputs) {
                Processes.printed(output, "ready");
                said.add(Files.readString(output));
            }
        } finally {
            for (Process process : processes) {
                process.destroyForcibly().waitFor();
            }
        }
        return said;
    }
}
