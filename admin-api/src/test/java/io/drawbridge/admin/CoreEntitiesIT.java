package io.drawbridge.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.admin.AdminNode.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The entities with rules of their own, over HTTP on a real database. */
final class CoreEntitiesIT extends NodeFixture {
    @Test
    void consumer_needsAName_isFoundByCustomId() {
        assertThat(node.json("POST", "/consumers", "{}").json().getString("message"))
                .isEqualTo(
                        "schema violation (at least one of these fields must be non-empty: 'custom_id', 'username')");
        JsonObject made = node.json("POST", "/consumers", "{'username':'u','custom_id':'c'}")
                .json();
        assertThat(node.get("/consumers?custom_id=c").json().getJsonArray("data"))
                .containsExactly(made);
        assertThat(node.get("/consumers?custom_id=d").json())
                .isEqualTo(new JsonObject().put("data", new JsonArray()).put("next", null));
        assertThat(node.json("POST", "/consumers", "{'username':'u'}").status()).isEqualTo(409);
        assertThat(node.send("PUT", "/consumers/%C3%BC", "application/json", "{}")
                        .json()
                        .getString("username"))
                .isEqualTo("ü");
    }

    @Test
    void credentials_belongToTheirConsumer() {
        String consumer =
                node.json("POST", "/consumers", "{'username':'u'}").json().getString("id");
        for (String kind : List.of("key-auth", "jwt")) {
            JsonObject made = node.json("POST", "/consumers/u/" + kind, "{}").json();
            assertThat(made.getString("key")).matches("[A-Za-z0-9]{32}");
            assertThat(node.get("/consumers/u/" + kind + "/" + made.getString("key"))
                            .json())
                    .isEqualTo(made);
            assertThat(node.get("/" + kind + "s/" + made.getString("id") + "/consumer")
                            .json()
                            .getString("id"))
                    .isEqualTo(consumer);
            assertThat(node.json("POST", "/consumers/u/" + kind, "{'key':'" + made.getString("key") + "'}")
                            .json()
                            .getString("message"))
                    .isEqualTo("UNIQUE violation detected on '{key=\"" + made.getString("key") + "\"}'");
        }
        assertThat(node.json("POST", "/consumers/u/jwt", "{'algorithm':'RS256'}")
                        .json()
                        .getString("message"))
                .isEqualTo("2 schema violations (failed conditional validation given value of field 'algorithm';"
                        + " rsa_public_key: required field missing)");
        JsonObject basic = node.json("POST", "/consumers/u/basic-auth", "{'username':'b','password':'secret'}")
                .json();
        assertThat(basic.getString("password")).matches("[0-9a-f]{40}");
        JsonObject again = node.json("PATCH", "/consumers/u/basic-auth/b", "{'tags':['t']}")
                .json();
        assertThat(again.getString("password")).isEqualTo(basic.getString("password"));
        assertThat(node.json("PATCH", "/consumers/u/basic-auth/b", "{'password':'other'}")
                        .json()
                        .getString("password"))
                .isNotEqualTo(basic.getString("password"));

        assertThat(node.send("DELETE", "/consumers/u", null, null).status()).isEqualTo(204);
        assertThat(node.get("/key-auths").json().getJsonArray("data")).isEmpty();
    }

    @Test
    void ttl_isAnOptionOfTheWrite() {
        node.json("PUT", "/consumers/u", "{}");
        Answer refused = node.json("POST", "/consumers", "{'username':'v','ttl':10}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json())
                .isEqualTo(new JsonObject()
                        .put("message", "invalid option (ttl: cannot be used with 'consumers')")
                        .put("name", "invalid options")
                        .put("options", new JsonObject().put("ttl", "cannot be used with 'consumers'"))
                        .put("code", 11));
        for (String wrong : List.of("-1", "100000001", "1.5", "'x'")) {
            assertThat(node.json("POST", "/consumers/u/key-auth", "{'ttl':" + wrong + "}")
                            .json()
                            .getJsonObject("options")
                            .getString("ttl"))
                    .isEqualTo("must be an integer between 0 and 100000000");
        }
        assertThat(node.json("POST", "/consumers/u/key-auth", "{'ttl':100}")
                        .json()
                        .getInteger("ttl"))
                .isBetween(95, 100);
    }

    @Test
    void group_byItsName() {
        String consumer =
                node.json("POST", "/consumers", "{'username':'u'}").json().getString("id");
        JsonObject put = node.json("PUT", "/consumers/u/acls/admins", "{}").json();
        assertThat(put.getString("group")).isEqualTo("admins");
        assertThat(node.json("PUT", "/consumers/u/acls/admins", "{'tags':['t']}")
                        .json()
                        .getString("id"))
                .isEqualTo(put.getString("id"));
        assertThat(node.get("/consumers/u/acls/admins").json().getJsonArray("tags"))
                .containsExactly("t");
        assertThat(node.get("/consumers/u/acls/nobody").status()).isEqualTo(404);
        Answer twice = node.json("POST", "/consumers/u/acls", "{'group':'admins'}");
        assertThat(twice.status()).isEqualTo(409);
        assertThat(twice.json().getString("message"))
                .isEqualTo("UNIQUE violation detected on '{consumer={id=\"" + consumer + "\"},group=\"admins\"}'");
        assertThat(database.query("SELECT cache_key FROM acls"))
                .singleElement()
                .asString()
                .matches("acls:" + consumer + ":admins::::[0-9a-f-]{36}");
        assertThat(node.get("/acls/admins").json().getInteger("code")).isEqualTo(1);
        assertThat(node.send("DELETE", "/consumers/u/acls/admins", null, null).status())
                .isEqualTo(204);
        assertThat(node.send("DELETE", "/consumers/u/acls/admins", null, null).status())
                .isEqualTo(404);
    }

    @Test
    void upstream_defaultsAndConditions() {
        JsonObject made = node.json("POST", "/upstreams", "{'name':'up'}").json();
        assertThat(made.getString("algorithm")).isEqualTo("round-robin");
        assertThat(made.getInteger("slots")).isEqualTo(10000);
        JsonObject active = made.getJsonObject("healthchecks").getJsonObject("active");
        assertThat(active.getValue("timeout")).isEqualTo(1);
        assertThat(active.getJsonObject("unhealthy").getJsonArray("http_statuses"))
                .containsExactly(429, 404, 500, 501, 502, 503, 504, 505);
        assertThat(active.fieldNames()).contains("https_sni");
        assertThat(node.get("/upstreams/up").json()).isEqualTo(made);

        JsonObject changed = node.json(
                        "PATCH", "/upstreams/up", "{'healthchecks':{'active':{'healthy':{'interval':0.5}}}}")
                .json();
        assertThat(changed.getJsonObject("healthchecks").getJsonObject("active").getJsonObject("healthy"))
                .isEqualTo(new JsonObject()
                        .put("interval", 0.5)
                        .put("http_statuses", new JsonArray().add(200).add(302))
                        .put("successes", 0));

        assertThat(node.json("POST", "/upstreams", "{'name':'h','hash_on':'header'}")
                        .json()
                        .getJsonObject("fields"))
                .isEqualTo(new JsonObject()
                        .put("hash_on_header", "required field missing")
                        .put(
                                "@entity",
                                new JsonArray().add("failed conditional validation given value of field 'hash_on'")));
        assertThat(node.json("POST", "/upstreams", "{'name':'c','hash_on':'consumer'}")
                        .json()
                        .getString("algorithm"))
                .isEqualTo("consistent-hashing");
        assertThat(node.json("POST", "/upstreams", "{'name':'1.2.3.4'}").json().getString("message"))
                .isEqualTo("schema violation (name: Invalid name ('1.2.3.4'); no ip addresses allowed)");
        assertThat(node.json("PUT", "/upstreams/1.2.3.4", "{}").json().getInteger("code"))
                .isEqualTo(10);
    }

    @Test
    void targets_liveUnderTheirUpstream() {
        node.json("POST", "/upstreams", "{'name':'up'}");
        Answer made = node.json("POST", "/upstreams/up/targets", "{'target':'a.example.com'}");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.json().getString("target")).isEqualTo("a.example.com:8000");
        assertThat(made.json().getInteger("weight")).isEqualTo(100);
        Answer again = node.json("POST", "/upstreams/up/targets", "{'target':'a.example.com:8000','weight':7}");
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.header("Deprecation")).isEqualTo("true");
        assertThat(again.json().getString("id")).isEqualTo(made.json().getString("id"));
        node.json("POST", "/upstreams/up/targets", "{'target':'[::1]:90'}");
        node.json("POST", "/upstreams/up/targets", "{'target':'10.0.0.1','weight':0}");

        JsonArray all = node.get("/upstreams/up/targets").json().getJsonArray("data");
        assertThat(all).hasSize(3);
        JsonObject first = node.get("/upstreams/up/targets?size=1").json();
        assertThat(first.getString("next")).startsWith("/upstreams/up/targets?offset=");
        assertThat(node.get("/upstreams/up/targets?size=1&offset=" + first.getString("offset"))
                        .json()
                        .getJsonArray("data"))
                .containsExactly(all.getValue(1));
        assertThat(all.getJsonObject(0).getString("target")).isEqualTo("10.0.0.1:8000");
        assertThat(all.getJsonObject(1).getString("target")).isEqualTo("[0000:0000:0000:0000:0000:0000:0000:0001]:90");
        assertThat(node.get("/upstreams/up/targets/10.0.0.1:8000").status()).isEqualTo(404);
        assertThat(node.get("/upstreams/up/targets/all").json().getJsonArray("data"))
                .hasSize(3);

        assertThat(node.json("PATCH", "/upstreams/up/targets/a.example.com:8000", "{'weight':9}")
                        .json()
                        .getInteger("weight"))
                .isEqualTo(9);
        assertThat(node.json("PUT", "/upstreams/up/targets/nobody:1", "{}").status())
                .isEqualTo(404);
        assertThat(node.json("POST", "/upstreams/up/targets", "{'target':'not a host'}")
                        .json()
                        .getString("message"))
                .isEqualTo(
                        "schema violation (target: Invalid target ('not a host'); not a valid hostname or ip address)");
        assertThat(node.json("PUT", "/upstreams/up/targets", "{}").status()).isEqualTo(405);
        assertThat(node.get("/targets").status()).isEqualTo(404);
        assertThat(node.send("DELETE", "/upstreams/up/targets/a.example.com:8000", null, null)
                        .status())
                .isEqualTo(204);
        assertThat(node.send("DELETE", "/upstreams/up/targets/a.example.com:8000", null, null)
                        .status())
                .isEqualTo(404);
    }

    @Test
    void targetHealth_isWhatOperatorsSay() {
        node.json("POST", "/upstreams", "{'name':'up','healthchecks':{'active':{'healthy':{'interval':1}}}}");
        node.json("POST", "/upstreams", "{'name':'off'}");
        node.json("POST", "/upstreams/up/targets", "{'target':'10.0.0.1:80'}");
        node.json("POST", "/upstreams/off/targets", "{'target':'10.0.0.1:80'}");
        assertThat(health("up")).isEqualTo("HEALTHY");
        assertThat(health("off")).isEqualTo("HEALTHCHECKS_OFF");
        assertThat(node.send("POST", "/upstreams/up/targets/10.0.0.1:80/unhealthy", null, null)
                        .status())
                .isEqualTo(204);
        assertThat(health("up")).isEqualTo("UNHEALTHY");
        assertThat(node.get("/upstreams/up/health?balancer_health=1")
                        .json()
                        .getJsonObject("data")
                        .getString("health"))
                .isEqualTo("UNHEALTHY");
        assertThat(node.send("PUT", "/upstreams/up/targets/10.0.0.1:80/10.0.0.1:80/healthy", null, null)
                        .status())
                .isEqualTo(204);
        assertThat(health("up")).isEqualTo("HEALTHY");
        assertThat(node.send("POST", "/upstreams/up/targets/10.0.0.2:80/healthy", null, null)
                        .status())
                .isEqualTo(404);
        assertThat(node.send("POST", "/upstreams/off/targets/10.0.0.1:80/healthy", null, null)
                        .status())
                .isEqualTo(400);
    }

    private static String health(String upstream) {
        return node.get("/upstreams/" + upstream + "/health")
                .json()
                .getJsonArray("data")
                .getJsonObject(0)
                .getString("health");
    }

    @Test
    void tags_ofEverything() {
        String service = node.json("POST", "/services", "{'host':'a','tags':['x','y']}")
                .json()
                .getString("id");
        node.json("POST", "/consumers", "{'username':'u','tags':['x']}");
        assertThat(node.get("/tags").json().getJsonArray("data")).hasSize(3);
        JsonObject first = node.get("/tags?size=2").json();
        assertThat(first.getJsonArray("data")).hasSize(2);
        assertThat(node.get("/tags?size=2&offset=" + first.getString("offset"))
                        .json()
                        .getJsonArray("data"))
                .hasSize(1);
        assertThat(node.get("/tags/y").json().getJsonArray("data"))
                .containsExactly(new JsonObject()
                        .put("entity_name", "services")
                        .put("entity_id", service)
                        .put("tag", "y"));
        assertThat(node.get("/tags/z").json().getJsonArray("data")).isEmpty();
        for (String wrong : List.of("a%20b", "%FF")) {
            JsonObject refused = node.get("/tags/" + wrong).json();
            assertThat(refused.getInteger("code")).as(refused.encode()).isEqualTo(10);
            assertThat(refused.getString("name")).isEqualTo("invalid unique tag");
        }
        assertThat(node.json("POST", "/tags", "{}").json().getString("message"))
                .isEqualTo("schema violation (tags: does not support insert/upsert/update/delete operations)");
        assertThat(node.get("/endpoints").json().getJsonArray("data"))
                .contains("/", "/acls", "/acls/{acls}", "/tags/{tags}");
    }

    @Test
    void workspaces_arePlainData() {
        assertThat(node.get("/workspaces/default").json().getString("name")).isEqualTo("default");
        assertThat(node.json("POST", "/workspaces", "{'name':'services'}").status())
                .isEqualTo(400);
        assertThat(node.json("PUT", "/workspaces/w", "{'comment':'c'}").json().getJsonObject("meta"))
                .isEmpty();
        assertThat(node.send("DELETE", "/workspaces/w", null, null).status()).isEqualTo(204);
        assertThat(node.get("/default/services").status()).isEqualTo(404);
    }
}
