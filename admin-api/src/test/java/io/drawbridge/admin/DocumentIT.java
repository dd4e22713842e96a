package io.drawbridge.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.admin.AdminNode.Answer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node without a database: its configuration is one document over HTTP. */
final class DocumentIT {
    private static final String EMPTY = "{'_format_version':'2.1'}";
    private static final String ONE = "{'_format_version':'2.1','services':[{'name':'a','host':'a.b'}]}";
    private static final String YAML = """
            _format_version: "2.1"
            services:
            - host: a.b
              name: a
            """;

    private static MemoryNode node;

    @BeforeAll
    static void start() {
        node = new MemoryNode();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @BeforeEach
    void empty() {
        assertThat(load(EMPTY).status()).isEqualTo(201);
    }

    private static Answer load(String document) {
        return node.json("POST", "/config", document);
    }

    private static String form(String text) {
        return "config=" + URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static Answer multipart(String text) {
        return node.send(
                "POST",
                "/config",
                "multipart/form-data; boundary=xx",
                "--xx\r\nContent-Disposition: form-data; name=\"config\"; filename=\"kong.yml\"\r\n\r\n" + text
                        + "\r\n--xx--\r\n");
    }

    @Test
    void post_everyForm_isTheSameConfiguration() {
        String json = ONE.replace('\'', '"');
        Set<String> ids = new HashSet<>();
        for (Answer answer : List.of(
                load(ONE),
                node.send("POST", "/config", "text/yaml", YAML),
                node.send("POST", "/config", "application/yaml", YAML),
                node.send(
                        "POST",
                        "/config",
                        "application/json",
                        new JsonObject().put("config", YAML).encode()),
                node.send(
                        "POST",
                        "/config",
                        "application/json",
                        new JsonObject().put("config", json).encode()),
                node.send("POST", "/config", "application/x-www-form-urlencoded", form(YAML)),
                node.send("POST", "/config", "application/x-www-form-urlencoded", form(json)),
                multipart(YAML),
                multipart(json))) {
            assertThat(answer.status()).as(answer.text()).isEqualTo(201);
            assertThat(answer.json().fieldNames()).containsExactly("services");
            JsonObject services = answer.json().getJsonObject("services");
            ids.addAll(services.fieldNames());
            String id = services.fieldNames().iterator().next();
            assertThat(services.getJsonObject(id).getString("id")).isEqualTo(id);
            assertThat(services.getJsonObject(id).fieldNames()).doesNotContain("ws_id");
            assertThat(services.getJsonObject(id).getString("host")).isEqualTo("a.b");
        }
        assertThat(ids).containsExactly(node.get("/services/a").json().getString("id"));
    }

    @Test
    void post_whatIsNoDocument_isRefused_andTheOldOneStays() {
        load(ONE);
        for (Answer answer : List.of(
                node.send("POST", "/config", null, null),
                load("{}"),
                load("{'services':[]}"),
                node.send("POST", "/config", "application/x-www-form-urlencoded", "a=b"))) {
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.text()).isEqualTo("{\"message\":\"expected a declarative configuration\"}");
        }
        for (String wrong : List.of("return { _format_version = '2.1' }", "{", "[1]", "a: [", "a: 1\na: 2")) {
            Answer answer = node.send("POST", "/config", "application/x-www-form-urlencoded", form(wrong));
            assertThat(answer.status()).as(answer.text()).isEqualTo(400);
            assertThat(answer.json().getInteger("code")).isEqualTo(14);
            assertThat(answer.json().getJsonObject("fields").getString("error"))
                    .startsWith("failed parsing declarative configuration: ");
        }
        assertThat(node.send("POST", "/config", "text/lua", "return {}").status())
                .isEqualTo(415);
        assertThat(node.json("PUT", "/config", ONE).status()).isEqualTo(405);
        assertThat(node.get("/services/a").status()).isEqualTo(200);
    }

    @Test
    void post_invalidDocument_saysWhereInItsLayout() {
        load(ONE);
        Answer wrong = load(
                "{'_format_version':'2.1','x':1,'services':[{'name':'b','host':'a'},{'name':'c','host':'a','port':-1}]}");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.json().getInteger("code")).isEqualTo(14);
        assertThat(wrong.json().getString("name")).isEqualTo("invalid declarative configuration");
        assertThat(wrong.json().getString("message"))
                .isEqualTo("declarative config is invalid:"
                        + " {services={null,{port=\"value should be between 0 and 65535\"}},x=\"unknown field\"}");
        assertThat(wrong.json().getJsonObject("fields"))
                .isEqualTo(
                        new JsonObject(
                                "{\"x\":\"unknown field\",\"services\":[null,{\"port\":\"value should be between 0 and 65535\"}]}"));
        Answer twice = load("{'_format_version':'2.1','plugins':["
                + "{'name':'key-auth','id':'11111111-1111-4111-8111-111111111111'},"
                + "{'name':'key-auth','id':'11111111-1111-4111-8111-111111111112'}]}");
        assertThat(twice.status()).isEqualTo(400);
        assertThat(twice.json().getInteger("code")).isEqualTo(14);
        assertThat(twice.text()).contains("UNIQUE violation detected");
        assertThat(node.get("/services/a").status()).isEqualTo(200);
        assertThat(node.get("/services/b").status()).isEqualTo(404);
    }

    @Test
    void post_flattenErrors_listsTheEntitiesThatAreWrong() {
        Answer wrong = node.json(
                "POST",
                "/config?flatten_errors=1",
                "{'_format_version':'2.1','x':1,'services':[{'name':'s','host':'a','tags':['t'],'port':-1,"
                        + "'routes':[{'id':'11111111-1111-4111-8111-111111111111','paths':['/'],'protocols':['http','bad'],"
                        + "'plugins':[{'name':'key-auth','config':{'key_names':1}}]}]}],'routes':[{'name':'r','service':'no'}]}");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.json().getJsonObject("fields")).isEqualTo(new JsonObject().put("x", "unknown field"));
        assertThat(wrong.json().getString("message")).isEqualTo("declarative config is invalid: {x=\"unknown field\"}");
        JsonArray flat = wrong.json().getJsonArray("flattened_errors");
        assertThat(flat.stream().map(each -> ((JsonObject) each).getString("entity_type")))
                .containsExactlyInAnyOrder("service", "route", "plugin", "route");
        assertThat(one(flat, "service"))
                .isEqualTo(new JsonObject("{\"entity_type\":\"service\",\"entity_name\":\"s\",\"entity_tags\":[\"t\"],"
                        + "\"entity\":{\"name\":\"s\",\"host\":\"a\",\"tags\":[\"t\"],\"port\":-1},\"errors\":[{\"type\":\"field\","
                        + "\"field\":\"port\",\"message\":\"value should be between 0 and 65535\"}]}"));
        assertThat(one(flat, "plugin").getJsonArray("errors").getJsonObject(0).getString("field"))
                .isEqualTo("config.key_names");
        JsonObject nested = flat.stream()
                .map(JsonObject.class::cast)
                .filter(each -> each.containsKey("entity_id"))
                .findFirst()
                .orElseThrow();
        assertThat(nested.getJsonArray("errors").getJsonObject(0).getJsonArray("messages"))
                .isEqualTo(new JsonArray().addNull().add("expected one of: grpc, grpcs, http, https, tcp, tls, udp"));
        JsonObject referring = flat.stream()
                .map(JsonObject.class::cast)
                .filter(each -> "r".equals(each.getString("entity_name")))
                .findFirst()
                .orElseThrow();
        assertThat(referring.getJsonArray("errors").getJsonObject(0))
                .isEqualTo(new JsonObject()
                        .put("type", "entity")
                        .put("message", "invalid reference 'service: no' (no such entry in 'services')"));
    }

    private static JsonObject one(JsonArray flat, String type) {
        return flat.stream()
                .map(JsonObject.class::cast)
                .filter(each -> type.equals(each.getString("entity_type")))
                .findFirst()
                .orElseThrow();
    }

    /* As the Kubernetes Ingress Controller sends it. */
    @Test
    void post_checkHash_304WhenItIsThere() {
        Answer first = node.json("POST", "/config?check_hash=1", ONE);
        assertThat(first.status()).isEqualTo(201);
        String hash = node.get("/status").json().getString("configuration_hash");
        assertThat(hash).matches("[0-9a-f]{32}");
        Answer again = node.json("POST", "/config?check_hash=1", ONE);
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.text()).isEmpty();
        assertThat(node.send("POST", "/config?check_hash=1", "text/yaml", YAML).status())
                .isEqualTo(304);
        assertThat(load(ONE).status()).isEqualTo(201);
        assertThat(node.get("/status").json().getString("configuration_hash")).isEqualTo(hash);
        assertThat(node.json("POST", "/config?check_hash=1", ONE.replace("a.b", "a.c"))
                        .status())
                .isEqualTo(201);
        assertThat(node.get("/services/a").json().getString("host")).isEqualTo("a.c");
        assertThat(node.get("/status").json().getString("configuration_hash")).isNotEqualTo(hash);
    }

    @Test
    void post_tooLarge_413AndTheOldOneStays() {
        load(ONE);
        Answer large = load(ONE.replace("a.b", "b.c")
                .replace("}]}", "},{'name':'b','host':'b','tags':['" + "x".repeat(MemoryNode.BYTES_MAX) + "']}]}"));
        assertThat(large.status()).isEqualTo(413);
        assertThat(large.json().getString("message")).isEqualTo("Configuration does not fit in Kong cache");
        assertThat(node.get("/services/a").json().getString("host")).isEqualTo("a.b");
    }

    @Test
    void get_isADocumentThatMakesTheSame() {
        load("{'_format_version':'2.1','services':[{'name':'a','host':'h','routes':[{'name':'r','paths':['/']}]}],"
                + "'consumers':[{'username':'c','basicauth_credentials':[{'username':'u','password':'p'}]}]}");
        String text = node.get("/config").json().getString("config");
        assertThat(text)
                .startsWith("_format_version: '2.1'\n_transform: false\n")
                .doesNotContain("workspace", "ws_id");
        List<String> before = everything();
        load(EMPTY);
        assertThat(node.send("POST", "/config", "text/yaml", text).status()).isEqualTo(201);
        assertThat(everything()).isEqualTo(before);
        assertThat(node.get("/config").json().getString("config")).isEqualTo(text);
    }

    private static List<String> everything() {
        return List.of("/services", "/routes", "/consumers", "/basic-auths").stream()
                .map(path -> node.get(path).text())
                .toList();
    }

    @Test
    void writes_ofEveryRoute_areRefused() {
        load("{'_format_version':'2.1','services':[{'name':'a','host':'h'}],"
                + "'upstreams':[{'name':'u','targets':[{'target':'1.2.3.4:80'}]}]}");
        Map<String, Answer> said = Map.of(
                "cannot create 'routes' entities when not using a database",
                node.json("POST", "/routes", "{'paths':['/'],'service':{'name':'a'}}"),
                "cannot create or update 'routes' entities when not using a database",
                node.json("PUT", "/routes/r", "{'paths':['/']}"),
                "cannot update 'services' entities when not using a database",
                node.json("PATCH", "/services/a", "{'port':81}"),
                "cannot delete 'services' entities when not using a database",
                node.send("DELETE", "/services/a", null, null),
                "cannot delete 'targets' entities when not using a database",
                node.send("DELETE", "/upstreams/u/targets/1.2.3.4:80", null, null));
        assertThat(node.json("PATCH", "/services/nobody", "{'port':81}").status())
                .isEqualTo(405);
        assertThat(node.send("DELETE", "/services/nobody", null, null).status()).isEqualTo(405);
        said.forEach((text, answer) -> {
            assertThat(answer.status()).as(answer.text()).isEqualTo(405);
            assertThat(answer.header("Allow")).isEqualTo("GET, HEAD, OPTIONS");
            assertThat(answer.json())
                    .isEqualTo(new JsonObject()
                            .put("code", 12)
                            .put("name", "operation unsupported")
                            .put("message", text));
        });
        assertThat(node.json("POST", "/routes", "{}").json().getInteger("code"))
                .as("what is wrong in itself is said first")
                .isEqualTo(2);
        assertThat(node.json("PATCH", "/services/a", "{'port':-1}").json().getInteger("code"))
                .isEqualTo(2);
        assertThat(node.json("POST", "/services/nobody/routes", "{'paths':['/']}")
                        .status())
                .isEqualTo(404);
        String before = node.get("/config").text();
        for (RouteTable.Route route : node.routes().routes()) {
            String path = route.pattern().replaceAll("\\{[^}]+}", "a");
            for (HttpMethod method : route.handlers().keySet()) {
                if (!method.equals(HttpMethod.GET) && !path.equals("/config")) {
                    Answer answer = node.json(method.name(), path, "{'name':'a','host':'h'}");
                    assertThat(answer.status())
                            .as(method + " " + path + " " + answer.text())
                            .isNotEqualTo(500)
                            .isNotEqualTo(201);
                }
            }
        }
        assertThat(node.get("/config").text()).isEqualTo(before);
    }

    @Test
    void apply_dryRunOnly() {
        load(ONE);
        String other = ONE.replace("a.b", "a.c");
        assertThat(node.json("POST", "/config/apply?dry_run=true", other)
                        .json()
                        .getJsonObject("summary")
                        .getInteger("updated"))
                .isEqualTo(1);
        assertThat(node.json("POST", "/config/apply", other).json().getInteger("code"))
                .isEqualTo(12);
    }

    @Test
    void health_flipsAndIsShown() {
        load("{'_format_version':'2.1','upstreams':[{'name':'u','healthchecks':{'active':{'healthy':{'interval':1}}},"
                + "'targets':[{'target':'1.2.3.4:80'}]}]}");
        assertThat(node.send("POST", "/upstreams/u/targets/1.2.3.4:80/unhealthy", null, null)
                        .status())
                .isEqualTo(204);
        assertThat(health()).isEqualTo("UNHEALTHY");
        assertThat(node.send("PUT", "/upstreams/u/targets/1.2.3.4:80/healthy", null, null)
                        .status())
                .isEqualTo(204);
        assertThat(health()).isEqualTo("HEALTHY");
    }

    private static String health() {
        return node.get("/upstreams/u/health")
                .json()
                .getJsonArray("data")
                .getJsonObject(0)
                .getString("health");
    }

    @Test
    void node_saysThatItIsAlone() {
        Answer root = node.get("/");
        assertThat(root.json().getJsonObject("configuration").getString("database"))
                .isEqualTo("off");
        assertThat(root.header("X-Gateway-Release")).isEqualTo("2.5");
        assertThat(root.header("X-Gateway-Active-Release")).isEqualTo("2.5");
        assertThat(root.header("X-Gateway-Write-Gate")).isEqualTo("closed");
        assertThat(node.get("/status").json().getJsonObject("database").getBoolean("reachable"))
                .isTrue();
        assertThat(node.get("/workspaces/default").status()).isEqualTo(200);
        for (String path : List.of("/migrations", "/cluster/members")) {
            assertThat(node.get(path).status()).isEqualTo(400);
        }
        assertThat(node.send("POST", "/migrations/up", null, null).status()).isEqualTo(400);
    }

    @Test
    void readers_whileItIsReplaced_seeWholeConfigurations() {
        AtomicBoolean over = new AtomicBoolean();
        load(generation(0));
        List<CompletableFuture<Integer>> readers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            readers.add(CompletableFuture.supplyAsync(() -> {
                int reads = 0;
                while (!over.get()) {
                    JsonArray all = node.get("/services?size=1000").json().getJsonArray("data");
                    assertThat(all).hasSize(50);
                    assertThat(all.stream()
                                    .map(each -> ((JsonObject) each).getString("host"))
                                    .distinct())
                            .hasSize(1);
                    reads++;
                }
                return reads;
            }));
        }
        for (int i = 1; i <= 50; i++) {
            assertThat(load(generation(i)).status()).isEqualTo(201);
        }
        over.set(true);
        assertThat(readers).allSatisfy(reader -> assertThat(reader.join()).isPositive());
        assertThat(node.get("/services/s0").json().getString("host")).isEqualTo("h50");
    }

    /** Fifty services whose host is the same. */
    private static String generation(int number) {
        JsonArray services = new JsonArray();
        for (int i = 0; i < 50; i++) {
            services.add(new JsonObject().put("name", "s" + i).put("host", "h" + number));
        }
        return new JsonObject()
                .put("_format_version", "2.1")
                .put("services", services)
                .encode();
    }

    @Test
    void post_atOnce_oneIsToldToWait_noneIsLost() {
        List<CompletableFuture<Answer>> loads = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String document = generation(i);
            loads.add(CompletableFuture.supplyAsync(() -> load(document)));
        }
        int loaded = 0;
        for (CompletableFuture<Answer> each : loads) {
            Answer answer = each.join();
            if (answer.status() == 201) {
                loaded++;
            } else {
                assertThat(answer.status()).as(answer.text()).isEqualTo(429);
                assertThat(answer.header("Retry-After")).isEqualTo("1");
                assertThat(answer.json().getString("message")).isEqualTo("Currently loading previous configuration");
            }
        }
        assertThat(loaded).isPositive();
        assertThat(node.get("/services").json().getJsonArray("data")).hasSize(50);
        assertThat(load(ONE).status()).isEqualTo(201);
    }
}
