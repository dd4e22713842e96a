package io.drawbridge.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.admin.AdminNode.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The contract of the Admin API on a real database. */
final class AdminServerIT extends NodeFixture {
    @Test
    void pipeline_ordersItsRefusals() {
        assertThat(node.send("POST", "/nowhere", "text/plain", "x").status()).isEqualTo(415);
        Answer wrongType = node.send("POST", "/services", "text/plain", "x");
        assertThat(wrongType.status()).isEqualTo(415);
        assertThat(wrongType.text()).isEmpty();
        assertThat(node.send("POST", "/services", null, "x").status()).isEqualTo(415);
        assertThat(node.get("/nowhere").text()).isEqualTo("{\"message\":\"Not found\"}");
        assertThat(node.json("POST", "/nowhere", "{bad").status()).isEqualTo(404);
        Answer method = node.json("PUT", "/services", "{bad");
        assertThat(method.status()).isEqualTo(405);
        assertThat(method.text()).isEqualTo("{\"message\":\"Method not allowed\"}");
        assertThat(method.header("Allow")).isEqualTo("GET, HEAD, OPTIONS, POST");
        assertThat(node.send("INVENTED", "/services", null, null).status()).isEqualTo(405);
        assertThat(node.json("POST", "/", "{}").status()).isEqualTo(405);
        for (String body : new String[] {null, "", "{", "{'a':", "\u0000", "nul"}) {
            Answer malformed = node.json("POST", "/services", body);
            assertThat(malformed.status()).as("%s", body).isEqualTo(400);
            assertThat(malformed.text()).isEqualTo("{\"message\":\"Cannot parse JSON body\"}");
        }
        assertThat(node.json("POST", "/services", "[]").json().getString("message"))
                .isEqualTo("schema violation (host: required field missing)");
        assertThat(node.json("POST", "/services", "7").json().getInteger("code"))
                .isEqualTo(2);
        assertThat(node.send("POST", "/services", null, null).json().getInteger("code"))
                .isEqualTo(2);
        assertThat(node.send("GET", "/services", "application/json", "{bad").status())
                .isEqualTo(200);
        assertThat(node.get("/services/").status()).isEqualTo(200);
        Answer head = node.send("HEAD", "/services", null, null);
        assertThat(head.text()).isEmpty();
        assertThat(head.header("Content-Length")).isEqualTo("23");
        assertThat(node.send("OPTIONS", "/whatever", null, null).status()).isEqualTo(204);
    }

    @Test
    void everyAnswer_carriesTheTags() {
        for (Answer answer : List.of(node.get("/"), node.get("/nowhere"), node.json("POST", "/services", "{"))) {
            assertThat(answer.header("X-Gateway-Release")).isEqualTo("2.5");
            assertThat(answer.header("X-Gateway-Active-Release")).isEqualTo("2.5");
            assertThat(answer.header("X-Gateway-Write-Gate")).isEqualTo("open");
            assertThat(answer.header("X-Kong-Admin-Latency")).matches("\\d+");
            assertThat(answer.header("Server")).isEqualTo("kong/2.5.0");
            assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("*");
            assertThat(answer.header("Content-Type")).isEqualTo("application/json; charset=utf-8");
            assertThat(answer.header("Content-Length")).isNotNull();
        }
        Answer mismatch = node.send(
                "POST", "/services", "application/json", "{\"host\":\"a\"}", "X-Gateway-Expect-Release", "2.4");
        assertThat(mismatch.status()).isEqualTo(412);
        assertThat(node.get("/services").json().getJsonArray("data")).isEmpty();
    }

    @Test
    void browsers_areToldWhatTheyMay() {
        Answer preflight = node.send(
                "OPTIONS",
                "/services/x",
                null,
                null,
                "Origin",
                "http://gui.example.com",
                "Access-Control-Request-Headers",
                "x-a, content-type");
        assertThat(preflight.status()).isEqualTo(204);
        assertThat(preflight.header("Access-Control-Allow-Origin")).isEqualTo("http://gui.example.com");
        assertThat(preflight.header("Access-Control-Allow-Credentials")).isEqualTo("true");
        assertThat(preflight.header("Access-Control-Allow-Headers")).isEqualTo("x-a, content-type");
        assertThat(preflight.header("Access-Control-Allow-Methods"))
                .isEqualTo("DELETE, GET, HEAD, OPTIONS, PATCH, PUT")
                .isEqualTo(preflight.header("Allow"));
        assertThat(preflight.header("Vary")).isEqualTo("Origin");
        assertThat(node.send("OPTIONS", "/services", null, null).header("Allow"))
                .isEqualTo("GET, HEAD, OPTIONS, POST");
        assertThat(node.send("OPTIONS", "/nowhere", null, null).header("Access-Control-Allow-Methods"))
                .isEqualTo("GET, HEAD, PUT, PATCH, POST, DELETE");
    }

    @Test
    void service_lifecycle() {
        Answer made = node.json("POST", "/services", "{'name':'s','url':'https://example.com:8443/x'}");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.text()).contains("\"path\":\"\\/x\"").contains("\"tags\":null");
        String id = made.json().getString("id");
        assertThat(node.get("/services/s").json()).isEqualTo(made.json());
        assertThat(node.get("/services/" + id.toUpperCase(java.util.Locale.ROOT))
                        .json())
                .isEqualTo(made.json());

        Answer patched = node.json("PATCH", "/services/s", "{'path':null,'tags':['a','b']}");
        assertThat(patched.status()).isEqualTo(200);
        assertThat(patched.json().getValue("path")).isNull();
        assertThat(patched.json().getString("host")).isEqualTo("example.com");
        assertThat(node.json("PATCH", "/services/nobody", "{}").status()).isEqualTo(404);

        Answer put = node.json("PUT", "/services/s", "{'host':'other'}");
        assertThat(put.status()).isEqualTo(200);
        assertThat(put.json().getString("id")).isEqualTo(id);
        assertThat(put.json().getInteger("port")).isEqualTo(80);
        assertThat(put.json().getValue("tags")).isNull();
        assertThat(node.json("PUT", "/services/new", "{'host':'n'}").json().getString("name"))
                .isEqualTo("new");
        String byId = UUID.randomUUID().toString();
        assertThat(node.json("PUT", "/services/" + byId, "{'host':'n','id':'x'}")
                        .json()
                        .getString("id"))
                .isEqualTo(byId);
        assertThat(node.json("PUT", "/services/bad%20name", "{'host':'n'}").json())
                .isEqualTo(
                        new JsonObject()
                                .put("code", 10)
                                .put("name", "invalid unique name")
                                .put(
                                        "message",
                                        "invalid value 'bad name': the only accepted ascii characters are alphanumerics or ., -, _, and ~"));

        assertThat(node.send("DELETE", "/services/s", null, null).status()).isEqualTo(204);
        assertThat(node.send("DELETE", "/services/s", null, null).status()).isEqualTo(204);
        assertThat(node.get("/services/s").status()).isEqualTo(404);
    }

    @Test
    void errors_haveTheirTexts() {
        String id =
                node.json("POST", "/services", "{'name':'s','host':'a'}").json().getString("id");
        Answer unique = node.json("POST", "/services", "{'name':'s','host':'a'}");
        assertThat(unique.status()).isEqualTo(409);
        assertThat(unique.json())
                .isEqualTo(new JsonObject()
                        .put("code", 5)
                        .put("name", "unique constraint violation")
                        .put("message", "UNIQUE violation detected on '{name=\"s\"}'")
                        .put("fields", new JsonObject().put("name", "s")));
        Answer primary = node.json("POST", "/services", "{'id':'" + id + "','host':'a'}");
        assertThat(primary.status()).isEqualTo(400);
        assertThat(primary.json().getString("message")).isEqualTo("primary key violation on key '{id=\"" + id + "\"}'");
        String nobody = UUID.randomUUID().toString();
        Answer dangling = node.json("POST", "/routes", "{'paths':['/'],'service':{'id':'" + nobody + "'}}");
        assertThat(dangling.status()).isEqualTo(400);
        assertThat(dangling.json().getString("message"))
                .isEqualTo(
                        "the foreign key '{id=\"" + nobody + "\"}' does not reference an existing 'services' entity.");
        assertThat(dangling.json()
                        .getJsonObject("fields")
                        .getJsonObject("service")
                        .getString("id"))
                .isEqualTo(nobody);
        Answer unresolved = node.json("POST", "/routes", "{'paths':['/'],'service':{'name':'x'}}");
        assertThat(unresolved.json().getString("message"))
                .isEqualTo("foreign key unresolved (service.name: the foreign key cannot be resolved with"
                        + " '{name=\"x\"}' for an existing 'services' entity)");
        node.json("POST", "/routes", "{'paths':['/'],'service':{'name':'s'}}");
        Answer referenced = node.send("DELETE", "/services/s", null, null);
        assertThat(referenced.status()).isEqualTo(400);
        assertThat(referenced.json().getString("message"))
                .isEqualTo("an existing 'routes' entity references this 'services' entity");
        assertThat(referenced.json().getJsonObject("fields").getString("@referenced_by"))
                .isEqualTo("routes");
        Answer wrong = node.json("POST", "/services", "{'host':'a','port':'80'}");
        assertThat(wrong.json())
                .isEqualTo(new JsonObject()
                        .put("code", 2)
                        .put("name", "schema violation")
                        .put("message", "schema violation (port: expected an integer)")
                        .put("fields", new JsonObject().put("port", "expected an integer")));
    }

    @Test
    void forms_areTypedAndNested() {
        Answer service = node.form("POST", "/services", "name=f&host=a&port=81&tags[]=x&tags[]=y&retries=&path=%2Fa");
        assertThat(service.status()).as(service.text()).isEqualTo(201);
        assertThat(service.json().getInteger("port")).isEqualTo(81);
        assertThat(service.json().getJsonArray("tags"))
                .isEqualTo(new JsonArray().add("x").add("y"));
        assertThat(service.json().getValue("retries")).isNull();
        Answer route = node.form(
                "POST",
                "/routes",
                "paths[1]=/a&hosts=h.com&hosts=i.com&headers.x-h[1]=v&strip_path=false&service.id="
                        + service.json().getString("id"));
        assertThat(route.status()).as(route.text()).isEqualTo(201);
        assertThat(route.json().getJsonArray("hosts")).hasSize(2);
        assertThat(route.json().getJsonObject("headers").getJsonArray("x-h")).containsExactly("v");
        assertThat(route.json().getBoolean("strip_path")).isFalse();
        assertThat(node.form("POST", "/routes", "methods=GET&service.name=f")
                        .json()
                        .getJsonObject("service")
                        .getString("id"))
                .isEqualTo(service.json().getString("id"));
        Answer sources = node.form("POST", "/routes", "protocols=tcp&sources[1].ip=1.2.3.4&sources[1].port=9");
        assertThat(sources.status()).as(sources.text()).isEqualTo(201);
        String multipart = "--B\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nm\r\n--B\r\n"
                + "Content-Disposition: form-data; name=\"host\"; filename=\"h.txt\"\r\nContent-Type: text/plain\r\n\r\n"
                + "a\r\n--B\r\nContent-Disposition: form-data; name=\"tags[]\"\r\n\r\nt\r\n--B--\r\n";
        Answer parts = node.send("POST", "/services", "multipart/form-data; boundary=B", multipart);
        assertThat(parts.status()).as(parts.text()).isEqualTo(201);
        assertThat(parts.json().getString("name")).isEqualTo("m");
        assertThat(node.form("POST", "/services", "host=a&port=x").json().getString("message"))
                .isEqualTo("schema violation (port: expected an integer)");
    }

    @Test
    void nested_routes() {
        node.json("POST", "/services", "{'name':'a','host':'a'}");
        node.json("POST", "/services", "{'name':'b','host':'b'}");
        Answer route = node.json("POST", "/services/a/routes", "{'name':'r','paths':['/'],'service':{'name':'b'}}");
        assertThat(route.status()).as(route.text()).isEqualTo(201);
        assertThat(node.get("/services/a/routes").json().getJsonArray("data")).hasSize(1);
        assertThat(node.get("/services/b/routes").json().getJsonArray("data")).isEmpty();
        assertThat(node.get("/services/nobody/routes").status()).isEqualTo(404);
        assertThat(node.get("/services/a/routes/r").status()).isEqualTo(200);
        assertThat(node.get("/services/b/routes/r").status()).isEqualTo(404);
        assertThat(node.json("PATCH", "/services/b/routes/r", "{}").status()).isEqualTo(404);
        assertThat(node.json("PATCH", "/services/a/routes/r", "{'paths':['/x']}")
                        .status())
                .isEqualTo(200);
        assertThat(node.send("DELETE", "/services/b/routes/r", null, null).status())
                .isEqualTo(404);
        assertThat(node.json("PUT", "/services/b/routes/r2", "{'paths':['/']}").status())
                .isEqualTo(200);
        assertThat(node.get("/routes/r/service").json().getString("name")).isEqualTo("a");
        assertThat(node.json("PATCH", "/routes/r/service", "{'port':99}").json().getInteger("port"))
                .isEqualTo(99);
        assertThat(node.json("PUT", "/routes/r/service", "{'name':'a2','host':'z'}")
                        .status())
                .isEqualTo(200);
        assertThat(node.get("/services/a2").json().getString("host")).isEqualTo("z");
        assertThat(node.send("DELETE", "/routes/r/service", null, null).status())
                .isEqualTo(405);
        assertThat(node.json("PATCH", "/services/a2/routes/r", "{'service':null}")
                        .status())
                .isEqualTo(200);
        assertThat(node.get("/routes/r/service").status()).isEqualTo(404);
        assertThat(node.send("DELETE", "/routes/r/service", null, null).status())
                .isEqualTo(404);
        assertThat(node.json("PUT", "/routes/r/service", "{'name':'c','host':'c'}")
                        .status())
                .isEqualTo(200);
        assertThat(node.get("/routes/r/service").json().getString("name")).isEqualTo("c");
        assertThat(node.send("DELETE", "/services/c/routes/r", null, null).status())
                .isEqualTo(204);
    }

    @Test
    void lists_pageAndFilter() {
        for (int i = 0; i < 5; i++) {
            node.json("POST", "/services", "{'host':'a','tags':['t" + i % 2 + "','all']}");
        }
        List<String> seen = new ArrayList<>();
        String offset = null;
        do {
            JsonObject page = node.get("/services?size=2" + (offset == null ? "" : "&offset=" + offset))
                    .json();
            page.getJsonArray("data").forEach(each -> seen.add(((JsonObject) each).getString("id")));
            offset = page.getString("offset");
            assertThat(page.containsKey("next")).isTrue();
            assertThat(page.getString("next") == null).isEqualTo(offset == null);
            assertThat(page.containsKey("offset")).isEqualTo(offset != null);
        } while (offset != null);
        assertThat(seen).hasSize(5).doesNotHaveDuplicates().isSorted();

        JsonObject tagged = node.get("/services?size=1&tags=t0,all").json();
        assertThat(tagged.getString("next")).startsWith("/services?offset=").endsWith("&tags=t0,all");
        assertThat(node.get("/services?tags=t0").json().getJsonArray("data")).hasSize(3);
        assertThat(node.get("/services?tags=t0/t1").json().getJsonArray("data")).hasSize(5);
        for (String tags : List.of("a,b/c", "a%20b", "%ff", "", ",")) {
            assertThat(node.get("/services?tags=" + tags).json())
                    .as(tags)
                    .isEqualTo(new JsonObject()
                            .put("code", 11)
                            .put("name", "invalid options")
                            .put("message", "invalid option (tags: invalid filter syntax)")
                            .put("options", new JsonObject().put("tags", "invalid filter syntax")));
        }
        assertThat(node.get("/services?tags=a,b,c,d,e,f").text()).contains("cannot query more than 5 tags");
        assertThat(node.get("/services?size=x").json().getString("message")).isEqualTo("size must be a number");
        for (String size : List.of("0", "1001", "1.5", "-1", "1e300")) {
            assertThat(node.get("/services?size=" + size).json().getString("message"))
                    .isEqualTo("size must be an integer between 1 and 1000");
        }
        assertThat(node.get("/services?offset=x").json().getString("message"))
                .isEqualTo("'x' is not a valid offset: bad base64 encoding");
        assertThat(node.get("/services?offset=" + java.util.Base64.getEncoder().encodeToString("[".getBytes()))
                        .json()
                        .getString("message"))
                .endsWith("is not a valid offset: bad json encoding");
        assertThat(node.get("/services?unknown=1").status()).isEqualTo(200);
    }

    @Test
    void node_documents() {
        JsonObject root = node.get("/").json();
        assertThat(root.getString("version")).isEqualTo("2.5.0");
        assertThat(root.getJsonObject("configuration").getString("database")).isEqualTo("postgres");
        assertThat(node.get("/status").json().getJsonObject("database").getBoolean("reachable"))
                .isTrue();
        assertThat(node.get("/status?unit=V").json().getString("message"))
                .isEqualTo("invalid unit 'V' (expected 'k/K', 'm/M', or 'g/G')");
        assertThat(node.get("/metrics").text()).isEqualTo("up 1\n");
        assertThat(node.get("/robots.txt").text()).isEqualTo("User-agent: *\nDisallow: /");
        JsonObject migrations = node.get("/migrations").json();
        assertThat(migrations.getString("state")).isEqualTo("STEADY");
        assertThat(migrations.getString("active_release")).isEqualTo("2.5");
        assertThat(migrations.getString("write_gate")).isEqualTo("open");
        assertThat(migrations
                        .getJsonObject("migrations")
                        .getJsonObject("executed")
                        .fieldNames())
                .contains("core", "acl", "drawbridge");
        assertThat(migrations.getJsonArray("members")).hasSize(1);
        assertThat(migrations.getJsonArray("audit")).isNotEmpty();
        assertThat(node.get("/cluster/members")
                        .json()
                        .getJsonArray("data")
                        .getJsonObject(0)
                        .getString("admin_url"))
                .isEqualTo("http://127.0.0.1:" + node.port);
        Answer nothing = node.json("POST", "/migrations/finish", "{}");
        assertThat(nothing.status()).isEqualTo(409);
        assertThat(nothing.json().getString("error")).isEqualTo("NOTHING_OPEN");
        assertThat(node.json("POST", "/migrations/finish?wait=true", "{}").status())
                .isEqualTo(200);
        assertThat(node.json("POST", "/migrations/up?wait=true", "{}").json().getBoolean("changed"))
                .isFalse();
        assertThat(node.json("POST", "/migrations/finish", "{'force':'all'}").status())
                .isEqualTo(400);
        assertThat(node.json("POST", "/migrations/finish", "{'force':'foreign'}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void workspacePrefix_isUnknown() {
        assertThat(node.get("/default/services").status()).isEqualTo(404);
    }
}
