package io.drawbridge.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.admin.AdminNode.Answer;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

/** Plugins and what schemas tell, over HTTP on a real database. */
final class PluginsIT extends NodeFixture {
    @Test
    void plugins_byTheirOwnSchema() {
        String service =
                node.json("POST", "/services", "{'name':'s','host':'a'}").json().getString("id");
        JsonObject made = node.json("POST", "/services/s/plugins", "{'name':'rate-limiting','config':{'minute':5}}")
                .json();
        assertThat(made.getJsonObject("config").getValue("minute")).isEqualTo(5);
        assertThat(made.getJsonObject("config").getValue("policy")).isEqualTo("cluster");
        assertThat(made.getJsonObject("config").containsKey("hour")).isTrue();
        assertThat(node.get("/plugins/" + made.getString("id")).json()).isEqualTo(made);
        Answer twice = node.json("POST", "/services/s/plugins", "{'name':'rate-limiting','config':{'minute':5}}");
        assertThat(twice.status()).isEqualTo(409);
        assertThat(twice.json().getString("message"))
                .isEqualTo(
                        "UNIQUE violation detected on '{consumer=null,name=\"rate-limiting\",route=null,service={id=\""
                                + service + "\"}}'");
        assertThat(database.query("SELECT cache_key FROM plugins"))
                .singleElement()
                .asString()
                .matches("plugins:rate-limiting::" + service + ":::[0-9a-f-]{36}");

        JsonObject patched = node.json("PATCH", "/plugins/" + made.getString("id"), "{'config':{'hour':9}}")
                .json();
        assertThat(patched.getJsonObject("config").getValue("minute")).isEqualTo(5);
        assertThat(patched.getJsonObject("config").getValue("hour")).isEqualTo(9);
        assertThat(node.json("POST", "/plugins", "{'name':'key-auth','config':{'garbage':true}}")
                        .json()
                        .getString("message"))
                .isEqualTo("schema violation (config.garbage: unknown field)");
        assertThat(node.json("POST", "/plugins", "{'name':'nobody'}").json().getString("message"))
                .isEqualTo(
                        "schema violation (name: plugin 'nobody' not enabled; add it to the 'plugins' configuration property)");
        assertThat(node.send(
                                "POST",
                                "/services/s/plugins",
                                "application/x-www-form-urlencoded",
                                "name=cors&config.origins[]=a&config.max_age=7")
                        .json()
                        .getJsonObject("config")
                        .getValue("max_age"))
                .isEqualTo(7);
        assertThat(node.get("/").json().getJsonObject("plugins").getJsonArray("enabled_in_cluster"))
                .containsExactly("cors", "rate-limiting");
        node.send("DELETE", "/services/s", null, null);
        assertThat(node.get("/plugins").json().getJsonArray("data"))
                .as("plugins go with their service")
                .isEmpty();
    }

    @Test
    void pluginsProtocols_mustFitTheRoutes() {
        node.json("POST", "/services", "{'name':'s','host':'a'}");
        String plugin = node.json("POST", "/services/s/plugins", "{'name':'key-auth','protocols':['grpc']}")
                .json()
                .getString("id");
        assertThat(plugin).as("a service without routes takes any").isNotNull();
        node.json("PUT", "/services/s/routes/r", "{'protocols':['https'],'hosts':['a']}");
        assertThat(node.json("POST", "/routes/r/plugins", "{'name':'cors','protocols':['http']}")
                        .json()
                        .getString("message"))
                .isEqualTo("schema violation (protocols: must match the associated route's protocols)");
        assertThat(node.json("PATCH", "/plugins/" + plugin, "{'enabled':false}")
                        .json()
                        .getString("message"))
                .isEqualTo(
                        "schema violation (protocols: must match the protocols of at least one route pointing to this"
                                + " Plugin's service)");
        assertThat(node.get("/plugins/" + plugin).json().getBoolean("enabled")).isTrue();
        assertThat(node.json("PATCH", "/plugins/" + plugin, "{'protocols':['grpc','https']}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void urlsOfPlugins_answerForANodeThatRunsNone() {
        assertThat(node.send("DELETE", "/proxy-cache", null, null).status()).isEqualTo(204);
        assertThat(node.get("/proxy-cache/key").status()).isEqualTo(404);
        assertThat(node.send("DELETE", "/proxy-cache/key", null, null).status()).isEqualTo(404);
        assertThat(node.get("/proxy-cache/plugin/caches/key").status()).isEqualTo(404);
        assertThat(node.json("POST", "/proxy-cache", "{}").status()).isEqualTo(405);
        assertThat(node.json("POST", "/acme", "{'host':'example.com'}").status())
                .isEqualTo(400);
        assertThat(node.get("/acme").status()).isEqualTo(405);
        assertThat(node.get("/endpoints").json().getJsonArray("data"))
                .contains("/acme", "/proxy-cache", "/proxy-cache/{cache_key}");
    }

    @Test
    void schemas_tellWhatThereIs() {
        assertThat(node.get("/schemas/services").json().getJsonArray("fields").getJsonObject(0))
                .isEqualTo(new JsonObject("{\"id\":{\"type\":\"string\",\"uuid\":true,\"auto\":true}}"));
        assertThat(node.get("/schemas/nobody").text()).isEqualTo("{\"message\":\"No entity named 'nobody'\"}");
        assertThat(node.get("/schemas/plugins/key-auth")
                        .json()
                        .getJsonArray("fields")
                        .encode())
                .contains("key_names");
        assertThat(node.get("/plugins/schema/nobody").text()).isEqualTo("{\"message\":\"No plugin named 'nobody'\"}");
        assertThat(node.get("/plugins/enabled").json().getJsonArray("enabled_plugins"))
                .hasSize(36);
        assertThat(node.json("POST", "/schemas/services/validate", "{'host':'a'}")
                        .text())
                .isEqualTo("{\"message\":\"schema validation successful\"}");
        assertThat(node.json("POST", "/schemas/services/validate", "{}").json().getInteger("code"))
                .isEqualTo(2);
        assertThat(node.json("POST", "/schemas/plugins/validate", "{'name':'key-auth','config':{'x':1}}")
                        .json()
                        .getString("message"))
                .isEqualTo("schema violation (config.x: unknown field)");
    }

    @Test
    void openApi_describesEveryUrl() {
        JsonObject document = node.get("/openapi.json").json();
        assertThat(document.getString("openapi")).isEqualTo("3.1.0");
        JsonObject paths = document.getJsonObject("paths");
        node.get("/endpoints")
                .json()
                .getJsonArray("data")
                .forEach(path -> assertThat(paths.fieldNames()).contains((String) path));
        assertThat(paths.getJsonObject("/services")
                        .getJsonObject("post")
                        .getJsonObject("responses")
                        .fieldNames())
                .containsExactlyInAnyOrder("201", "default");
        JsonObject services =
                document.getJsonObject("components").getJsonObject("schemas").getJsonObject("services");
        assertThat(services.getJsonArray("required")).containsExactly("host");
        assertThat(services.getJsonObject("properties").getJsonObject("port").encode())
                .isEqualTo("{\"type\":\"integer\",\"default\":80,\"minimum\":0,\"maximum\":65535}");
    }

    @Test
    void consumerOfAPluginThatMayHaveNone_isNotMade() {
        String id = node.json("POST", "/plugins", "{'name':'key-auth'}").json().getString("id");
        Answer refused = node.json("PUT", "/plugins/" + id + "/consumer", "{'username':'half'}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().getString("message")).isEqualTo("schema violation (consumer: value must be null)");
        assertThat(node.get("/consumers/half").status()).isEqualTo(404);
    }
}
