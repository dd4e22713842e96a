package io.drawbridge.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.admin.AdminNode.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whole documents over HTTP, on a real database. */
final class ConfigIT extends NodeFixture {
    @Test
    void config_ofANodeWithADatabase_isRefused() {
        String text = "this endpoint is only available when Kong is configured to not use a database";
        for (Answer answer : List.of(
                node.get("/config"),
                node.json("POST", "/config", "{'_format_version':'2.1'}"),
                node.send("POST", "/config", "text/yaml", "a: b"))) {
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.json().getString("message")).isEqualTo(text);
        }
        assertThat(node.send("POST", "/services", "text/yaml", "host: a").status())
                .isEqualTo(415);
    }

    @Test
    void apply_jsonAndYaml_dryRunFirst() {
        String kept = node.json("POST", "/services", "{'name':'kept','host':'a'}")
                .json()
                .getString("id");
        String gone = node.json("POST", "/services", "{'name':'gone','host':'a'}")
                .json()
                .getString("id");
        String yaml = """
                _format_version: "2.1"
                services:
                - name: kept
                  host: b
                  routes:
                  - name: r
                    paths: [/]
                """;
        Answer dry = node.send("POST", "/config/apply?dry_run=true", "application/yaml", yaml);
        assertThat(dry.status()).as(dry.text()).isEqualTo(200);
        assertThat(dry.json().getJsonObject("summary"))
                .isEqualTo(new JsonObject()
                        .put("created", 1)
                        .put("updated", 1)
                        .put("deleted", 1)
                        .put("unchanged", 0));
        JsonObject services = dry.json().getJsonObject("entities").getJsonObject("services");
        assertThat(services.getJsonArray("updated")).containsExactly(kept);
        assertThat(services.getJsonArray("deleted")).containsExactly(gone);
        assertThat(dry.json().getBoolean("dry_run")).isTrue();
        assertThat(node.get("/services/gone").status()).isEqualTo(200);

        Answer done = node.send("POST", "/config/apply", "text/yaml", yaml);
        assertThat(done.json().put("dry_run", true)).isEqualTo(dry.json());
        assertThat(node.get("/services/gone").status()).isEqualTo(404);
        assertThat(node.get("/services/kept").json().getString("host")).isEqualTo("b");
        assertThat(node.get("/services/kept/routes/r").status()).isEqualTo(200);

        Answer json = node.json(
                "POST",
                "/config/apply",
                "{'_format_version':'1.1','services':[{'name':'kept','host':'b','routes':[{'name':'r','paths':['/']}]}]}");
        assertThat(json.json().getJsonObject("summary").getInteger("unchanged"))
                .as(json.text())
                .isEqualTo(2);
        Answer form = node.form("POST", "/config/apply", "config=_format_version:+'2.1'");
        assertThat(form.json().getJsonObject("summary").getInteger("deleted"))
                .as(form.text())
                .isEqualTo(2);
    }

    @Test
    void apply_tags_onlyThatPart() {
        node.json("POST", "/services", "{'name':'mine','host':'a','tags':['x']}");
        node.json("POST", "/services", "{'name':'theirs','host':'a'}");
        Answer done = node.json(
                "POST",
                "/config/apply?tags=x",
                "{'_format_version':'2.1','services':[{'name':'n','host':'a','tags':['x','y']},{'name':'u','host':'a'}]}");
        assertThat(done.json().getJsonObject("summary").encode())
                .isEqualTo("{\"created\":1,\"updated\":0,\"deleted\":1,\"unchanged\":0}");
        assertThat(done.json().getJsonObject("ignored").getJsonArray("services"))
                .hasSize(1);
        assertThat(node.get("/services/theirs").status()).isEqualTo(200);
        assertThat(node.get("/services/u").status()).isEqualTo(404);
        assertThat(node.json("POST", "/config/apply?tags=a,", "{'_format_version':'2.1'}")
                        .json()
                        .getInteger("code"))
                .isEqualTo(11);
    }

    @Test
    void apply_wrong_isSaidAndNothingDone() {
        node.json("POST", "/services", "{'name':'kept','host':'a'}");
        Answer wrong = node.json(
                "POST",
                "/config/apply",
                "{'_format_version':'2.1','services':[{'name':'a','host':'a'},{'name':'b','port':-1,'host':'a'}]}");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.json().getInteger("code")).isEqualTo(14);
        assertThat(wrong.json().getString("name")).isEqualTo("invalid declarative configuration");
        assertThat(wrong.json().getJsonObject("fields"))
                .isEqualTo(new JsonObject()
                        .put(
                                "services",
                                new JsonArray()
                                        .addNull()
                                        .add(new JsonObject().put("port", "value should be between 0 and 65535"))));
        for (Answer answer : List.of(
                node.json("POST", "/config/apply", "{}"),
                node.json("POST", "/config/apply", "[1]"),
                node.json("POST", "/config/apply", "{'_format_version':" + "9".repeat(1500) + "}"),
                node.json("POST", "/config/apply", "{'_format_version':'2.1','x':1}"),
                node.json("POST", "/config/apply?dry_run=maybe", "{'_format_version':'2.1'}"),
                node.send("POST", "/config/apply", null, null),
                node.send("POST", "/config/apply", "text/yaml", ""),
                node.send("POST", "/config/apply", "text/yaml", "a: 1\na: 2"),
                node.send("POST", "/config/apply", "text/yaml", "a: " + "[".repeat(100_000)),
                node.json("POST", "/config/apply", "{'_format_version':'2.1','services':[[[{}]]]}"),
                node.json("POST", "/config/apply", "{'_format_version':'2.1','services':{'a':{}}}"))) {
            assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        }
        assertThat(node.get("/config/apply").status()).isEqualTo(405);
        assertThat(node.get("/services/kept").status()).isEqualTo(200);
    }

    @Test
    void apply_thousands_inOneTransaction() {
        StringBuilder text = new StringBuilder("_format_version: '2.1'\nservices:\n");
        for (int i = 0; i < 1000; i++) {
            text.append("- {name: s" + i + ", host: a, routes: [{name: r" + i + ", paths: [/a]}]}\n");
        }
        Answer done = node.send("POST", "/config/apply", "text/yaml", text.toString());
        assertThat(done.json().getJsonObject("summary").getInteger("created"))
                .as(done.text())
                .isEqualTo(2000);
        Answer clash = node.send(
                "POST",
                "/config/apply",
                "text/yaml",
                "_format_version: '2.1'\nservices:\n- {name: new, host: a}\nroutes:\n- {name: r1, paths: [/], service:"
                        + " {id: 0b7a9d4e-6e0d-4b9c-8e2f-1c6b5a4d3e2f}}\n");
        assertThat(clash.status()).isEqualTo(400);
        assertThat(node.get("/services/s7").status()).isEqualTo(200);
    }
}
