package io.drawbridge.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.app.Drawbridges.Result;
import io.drawbridge.app.Drawbridges.Running;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes without a database, as processes. */
class MemoryNodeIT {
    private static final String FILE = """
            _format_version: "2.1"
            services:
            - name: a
              host: example.com
              routes:
              - name: r
                paths: [/]
            """;

    @TempDir
    private Path folder;

    private Drawbridges drawbridge;

    @BeforeEach
    void off() {
        drawbridge = new Drawbridges(folder).with("DATABASE", "off");
    }

    @AfterEach
    void end() {
        drawbridge.close();
    }

    private Drawbridges file(String name, String text) throws Exception {
        return drawbridge.with(
                "DECLARATIVE_CONFIG",
                Files.writeString(folder.resolve(name), text).toString());
    }

    @Test
    void node_killed_startsAgainWithTheSameConfiguration() throws Exception {
        Drawbridges with = file("kong.yml", FILE);
        String id;
        try (Running node = with.start()) {
            JsonObject service = new JsonObject(node.get("/services/a").body());
            id = service.getString("id");
            assertThat(node.get("/services/a/routes/r").statusCode()).isEqualTo(200);
            assertThat(node.get("/").body()).contains("\"database\":\"off\"");
            assertThat(node.addService("b")).isEqualTo(405);
            assertThat(node.post("/config?check_hash=1", "{\"_format_version\":\"2.1\"}")
                            .statusCode())
                    .isEqualTo(201);
            assertThat(node.get("/services/a").statusCode()).isEqualTo(404);
            assertThat(node.post("/config?check_hash=1", "{\"_format_version\":\"2.1\"}")
                            .statusCode())
                    .isEqualTo(304);
            Result health = with.run("health");
            assertThat(health.exit()).as(health.err()).isZero();
            assertThat(health.out()).contains("ready");
            node.process().destroyForcibly().waitFor();
        }
        try (Running again = with.start()) {
            assertThat(new JsonObject(again.get("/services/a").body()).getString("id"))
                    .isEqualTo(id);
            assertThat(again.get("/metrics").body()).contains("drawbridge_admin_requests");
            Result stop = with.run("stop");
            assertThat(stop.exit()).as(stop.err()).isZero();
            assertThat(again.exit()).isEqualTo(143);
        }
        assertThat(folder.resolve("prefix/postgres")).doesNotExist();
    }

    @Test
    void file_invalid_keepsTheNodeFromStarting_andAllIsSaid() throws Exception {
        Result wrong = file("kong.yml", """
                _format_version: "2.1"
                services:
                - {name: a, port: -1}
                routes: 3
                """).run("start");
        assertThat(wrong.exit()).isEqualTo(1);
        assertThat(wrong.err())
                .contains("Error: error parsing declarative config file " + folder.resolve("kong.yml") + ":")
                .contains("in 'routes': expected an array")
                .contains("- in entry 1 of 'services':")
                .contains("in 'host': required field missing")
                .contains("in 'port': value should be between 0 and 65535");
        Result lua = file("kong.lua", "return {}").run("start");
        assertThat(lua.exit()).isEqualTo(1);
        assertThat(lua.err()).contains("(Accepted types: json, yaml)");
        Result none = drawbridge
                .with("DECLARATIVE_CONFIG", folder.resolve("none.yml").toString())
                .run("start");
        assertThat(none.exit()).isEqualTo(1);
        assertThat(none.err()).contains("none.yml: No such file or directory");
    }

    @Test
    void commands_ofTheDatabase_sayThatThereIsNone() throws Exception {
        for (List<String> command : List.of(
                List.of("migrations", "list"), List.of("migrations", "up"), List.of("migrations", "bootstrap"))) {
            Result result = drawbridge.run(command.toArray(String[]::new));
            assertThat(result.exit()).isEqualTo(1);
            assertThat(result.err()).contains("this node has no database").contains("declarative_config");
        }
        Path file = Files.writeString(folder.resolve("kong.yml"), FILE);
        for (String command : List.of("db_import", "db_export")) {
            Result result = drawbridge.run("config", command, file.toString());
            assertThat(result.exit()).isEqualTo(1);
            assertThat(result.err()).contains("'drawbridge config " + command + "' only works with a database.");
        }
        assertThat(drawbridge.run("config", "parse", file.toString()).exit()).isZero();
        assertThat(folder.resolve("prefix/postgres")).doesNotExist();
    }
}
