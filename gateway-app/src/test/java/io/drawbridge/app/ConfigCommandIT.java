package io.drawbridge.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.app.Drawbridges.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigCommandIT extends ServerFixture {
    private static final String FILE = """
            _format_version: "1.1"
            parameters:
            - {key: cluster_id, value: x}
            services:
            - name: s
              host: example.com
              routes:
              - name: r
                paths: [/]
                plugins:
                - name: key-auth
            consumers:
            - username: bob
              basicauth_credentials:
              - {username: b, password: sesame}
            """;

    @Test
    void importAndExport_areWhole_andSayWhatTheyDid() throws Exception {
        migrations("bootstrap");
        Path file = write("in.yml", FILE);

        Result first = config("db_import", file);
        assertThat(first.err()).isEmpty();
        assertThat(first.exit()).isZero();
        assertThat(first.lines())
                .containsExactly(
                        "parse successful, beginning import",
                        "import successful",
                        "  consumers: 1 created",
                        "  services: 1 created",
                        "  routes: 1 created",
                        "  plugins: 1 created",
                        "  basicauth_credentials: 1 created",
                        "  parameters: 1 left out, nodes keep them themselves");
        assertThat(config("db_import", file).lines()).contains("  services: 1 unchanged", "  routes: 1 unchanged");

        Path exported = folder.resolve("out.yml");
        Result export = config("db_export", exported);
        assertThat(export.err()).isEmpty();
        assertThat(export.lines()).containsExactly("exported 6 entities to " + exported);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(exported)))
                .isEqualTo("rw-------");
        assertThat(exported).content().startsWith("_format_version: '2.1'\n_transform: false\nworkspaces:\n");
        assertThat(config("db_import", exported).lines())
                .contains("  workspaces: 1 unchanged", "  basicauth_credentials: 1 unchanged")
                .noneMatch(line -> line.contains("created") || line.contains("updated"));

        Path deck = folder.resolve("deck.yml");
        Result asDeck = drawbridge.run("config", "db_export", "--deck", deck.toString());
        assertThat(asDeck.err()).isEmpty();
        assertThat(asDeck.lines()).containsExactly("exported to " + deck, "  left out: 1 workspaces");
        assertThat(config("parse", deck).lines()).containsExactly("parse successful");

        String before = Files.readString(exported);
        Result again = config("db_export", exported);
        assertThat(again.exit()).isEqualTo(1);
        assertThat(again.err()).contains("Error: " + exported + " already exists. Will not overwrite it.");
        assertThat(exported).hasContent(before);
        Result nowhere = config("db_export", folder.resolve("no/such.yml"));
        assertThat(nowhere.exit()).isEqualTo(1);
        assertThat(nowhere.err()).contains("Error: cannot open ");
        assertThat(drafts()).isEmpty();

        Path json = write(
                "in.json",
                "{\"_format_version\":\"2.1\",\"services\":[{\"name\":\"t\",\"host\":\"a\\/b\",\"port\":1}]}");
        assertThat(config("parse", json).err()).contains("in 'host': invalid value: a/b");
        assertThat(config("parse", write("ok.json", "{\"_format_version\":\"2.1\"}"))
                        .lines())
                .containsExactly("parse successful");
    }

    @Test
    void otherWorkspaces_jsonAndDryRuns() throws Exception {
        migrations("bootstrap");
        Path file = write("in.yml", """
                _format_version: "2.1"
                workspaces:
                - {name: team}
                services:
                - {name: s, host: mine}
                - {name: s, host: theirs, _workspace: team}
                """);
        Result dry = config("db_import", file, "--dry-run");
        assertThat(dry.lines())
                .as(dry.err())
                .containsExactly(
                        "parse successful, nothing will be changed",
                        "import would do this",
                        "  workspaces: 1 created",
                        "  services: 2 created");
        assertThat(database.query("SELECT count(*) FROM services")).containsExactly("0");
        assertThat(config("db_import", file).exit()).isZero();
        assertThat(database.query("SELECT w.name || ' ' || s.host FROM services s JOIN workspaces w ON w.id = s.ws_id"
                        + " ORDER BY 1"))
                .containsExactly("default mine", "team theirs");

        Path exported = folder.resolve("out.json");
        assertThat(config("db_export", exported).exit()).isZero();
        assertThat(exported)
                .content()
                .startsWith("{\"_format_version\":\"2.1\",\"_transform\":false,\n\"workspaces\":[\n{\"id\":")
                .contains("\n{\"_workspace\":\"team\",\"id\":");
        database.execute(
                "SET drawbridge.writer = '2.5/test'; DELETE FROM services; DELETE FROM workspaces WHERE name = 'team'");
        assertThat(config("db_import", exported).lines())
                .contains("  workspaces: 1 created, 1 unchanged", "  services: 2 created");
        assertThat(config("db_import", exported).lines()).noneMatch(line -> line.contains("created"));
    }

    @Test
    void import_thatFails_changesNothing() throws Exception {
        migrations("bootstrap");
        config("db_import", write("in.yml", FILE));
        Result clash = config("db_import", write("clash.yml", """
                        _format_version: "2.1"
                        consumers:
                        - {username: new}
                        services:
                        - {name: s, host: a, id: 0b7a9d4e-6e0d-4b9c-8e2f-1c6b5a4d3e2f}
                        """));
        assertThat(clash.exit()).isEqualTo(1);
        assertThat(clash.out()).isEqualTo("parse successful, beginning import\n");
        assertThat(clash.err()).startsWith("Error: Failed importing:\nUNIQUE violation detected on '{name=\"s\"}'\n");
        assertThat(database.query("SELECT username FROM consumers")).containsExactly("bob");

        Result wrong = config("db_import", write("wrong.yml", """
                        _format_version: "2.1"
                        services:
                        - name: s
                          host: []
                          port: -23
                          routes: 123
                        """));
        assertThat(wrong.exit()).isEqualTo(1);
        assertThat(wrong.out()).isEmpty();
        assertThat(wrong.err()).startsWith("""
                        Error: Failed parsing:
                        in 'services':
                          - in entry 1 of 'services':
                            in 'host': expected a string
                            in 'port': value should be between 0 and 65535
                            in 'routes': expected an array
                        """);
    }

    @Test
    void files_thatAreNone_areRefused() throws Exception {
        Result none = drawbridge.run("config", "db_import");
        assertThat(none.exit()).isEqualTo(1);
        assertThat(none.err()).contains("expected a declarative configuration file; see `drawbridge config --help`");
        assertThat(config("parse", write("x.lua", "return {}")).err())
                .contains("Failed parsing:\nunknown file type: " + folder.resolve("x.lua"))
                .contains("(Accepted types: json, yaml)");
        assertThat(config("parse", folder.resolve("absent.yml")).err()).contains("No such file or directory");
        assertThat(config("parse", write("list.yml", "- a")).err())
                .contains("failed parsing declarative configuration: expected an object");
        assertThat(drawbridge.run("config").exit()).isEqualTo(1);
    }

    @Test
    void init_writesAnExampleThatParses_once() throws Exception {
        Path file = folder.resolve("kong.yml");
        assertThat(config("init", file).exit()).isZero();
        assertThat(config("parse", file).lines()).containsExactly("parse successful");
        Result again = config("init", file);
        assertThat(again.exit()).isEqualTo(1);
        assertThat(again.err()).contains("Error: " + file + " already exists.\nWill not overwrite it.\n");
        assertThat(drafts()).isEmpty();
    }

    @Test
    void gateClosed_isSaidWithItsCode() throws Exception {
        Path file = write("in.yml", FILE);
        Path out = folder.resolve("closed.yml");
        Result empty = config("db_import", file);
        assertThat(empty.exit()).isEqualTo(1);
        assertThat(empty.err()).contains("Database needs bootstrapping");

        as("2.4").run("migrations", "bootstrap");
        Result behind = config("db_import", file);
        assertThat(behind.exit()).as(behind.err()).isEqualTo(5);
        assertThat(config("db_export", out).exit()).isEqualTo(5);
        assertThat(out).doesNotExist();

        migrations("up");
        Result open = config("db_import", file);
        assertThat(open.exit()).as(open.err()).isEqualTo(4);
        assertThat(open.err()).contains("Failed importing:\nthe upgrade from 2.4 to 2.5 is not finished");
        assertThat(database.query("SELECT count(*) FROM services")).containsExactly("0");
        assertThat(config("db_export", out).exit()).isZero();
        assertThat(as("2.4").run("config", "db_import", file.toString()).exit()).isZero();

        migrations("finish");
        assertThat(as("2.4").run("config", "db_import", file.toString()).exit()).isEqualTo(9);
        assertThat(config("db_import", file).exit()).isZero();
    }

    private Result config(String command, Path file, String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of("config", command, file.toString()));
        words.addAll(List.of(more));
        return drawbridge.run(words.toArray(String[]::new));
    }

    private Path write(String name, String text) throws Exception {
        return Files.writeString(folder.resolve(name), text);
    }

    private List<Path> drafts() throws Exception {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(".tmp")
                            && file.getFileName().toString().startsWith("."))
                    .toList();
        }
    }
}
