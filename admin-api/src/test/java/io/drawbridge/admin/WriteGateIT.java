package io.drawbridge.admin;

import static io.drawbridge.admin.AdminNode.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.admin.AdminNode.Answer;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.UpOptions;
import io.drawbridge.postgres.Database;
import io.drawbridge.postgres.PostgresServer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Who may write while an upgrade is open, and what the others are told. */
final class WriteGateIT {
    private static final Release OLD = Release.of(2, 4);
    private static final Release NEW = Release.of(2, 5);
    /* Not entities: their own rules apply. */
    private static final List<String> ACTIONS = List.of("/migrations/up", "/migrations/finish", "/migrations/abort");

    private static final Authority OTHER = Authority.make("other", "EC");
    /* Nothing is ever written there. */
    private static final Pattern READS = Pattern.compile("/tags.*|/schemas/.*|/cache.*|/proxy-cache.*|/config");
    /* A DELETE by way of a reference is refused anyhow. */
    private static final Pattern REFERENCE =
            Pattern.compile("/.*/(service|route|credential|consumer|upstream|certificate|client_certificate)");
    private static final Map<String, String> CREDENTIALS = Map.of(
            "key-auths", "keyauth_credentials",
            "basic-auths", "basicauth_credentials",
            "hmac-auths", "hmacauth_credentials",
            "jwts", "jwt_secrets",
            "oauth2", "oauth2_credentials",
            "acls", "acls");

    @Test
    void everyWriteRoute_gateClosedForThisNode_isRefusedAndNothingDone() throws Exception {
        try (PostgresServer postgres = PostgresServer.temporary()) {
            Database database = postgres.createDatabase();
            AdminNode old = new AdminNode(database, OLD).start(true);
            Map<String, String> names = populate(old);
            AdminNode fresh = new AdminNode(database, NEW);
            await(fresh.migrator.up(UpOptions.standard()));
            fresh.start(false);
            List<String> before = contents(database);

            int refused = 0;
            for (RouteTable.Route route : fresh.server.routes().routes()) {
                for (HttpMethod method : route.handlers().keySet()) {
                    if (method.equals(HttpMethod.GET)
                            || ACTIONS.contains(route.pattern())
                            || READS.matcher(route.pattern()).matches()) {
                        continue;
                    }
                    String path = path(route.pattern(), names);
                    Answer answer = fresh.json(
                            method.name(),
                            path,
                            method.equals(HttpMethod.DELETE) ? null : body(route.pattern(), names));
                    if (method.equals(HttpMethod.DELETE)
                            && REFERENCE.matcher(path).matches()) {
                        assertThat(answer.status()).as(path).isEqualTo(405);
                        continue;
                    }
                    assertThat(answer.status())
                            .as("%s %s: %s", method, path, answer.text())
                            .isEqualTo(409);
                    assertThat(answer.json().getInteger("code")).isEqualTo(101);
                    assertThat(answer.json().getString("name")).isEqualTo("migration pending");
                    assertThat(answer.json().getString("active_release")).isEqualTo("2.4");
                    assertThat(answer.json().getString("node_release")).isEqualTo("2.5");
                    assertThat(answer.json().getJsonArray("write_to"))
                            .isEqualTo(new JsonArray().add("http://127.0.0.1:" + old.port));
                    assertThat(answer.header("X-Gateway-Write-Gate")).isEqualTo("closed");
                    assertThat(answer.header("X-Gateway-Active-Release")).isEqualTo("2.4");
                    refused++;
                }
            }
            assertThat(refused).isGreaterThanOrEqualTo(150);
            assertThat(contents(database)).isEqualTo(before);
            assertThat(fresh.get("/services/s/routes/r").status()).isEqualTo(200);

            assertThat(old.json("POST", "/services", "{'host':'still'}").status())
                    .isEqualTo(201);
            Answer blocked = fresh.json("POST", "/migrations/finish?wait=true", "{}");
            assertThat(blocked.status()).as(blocked.text()).isEqualTo(409);
            assertThat(blocked.json().getString("error")).isEqualTo("BLOCKED");
            assertThat(blocked.json().getJsonArray("details").toString()).contains("m-2.4");
            assertThat(old.json("POST", "/services", "{'host':'and.on'}").status())
                    .isEqualTo(201);

            old.close();
            Answer asked = fresh.json("POST", "/migrations/finish", "{'reason':'test'}");
            assertThat(asked.status()).as(asked.text()).isEqualTo(202);
            assertThat(asked.json().getJsonObject("request").getString("kind")).isEqualTo("FINISH");
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (fresh.json("POST", "/services", "{'host':'new'}").status() != 201) {
                assertThat(System.nanoTime())
                        .as(fresh.get("/migrations").text())
                        .isLessThan(deadline);
                Thread.sleep(50);
            }
            assertThat(fresh.get("/migrations").json().getString("active_release"))
                    .isEqualTo("2.5");
            fresh.close();
        }
    }

    /** One of everything; yields what stands for each parameter of a URL. */
    private static Map<String, String> populate(AdminNode node) {
        Authority authority = Authority.make("old", "EC");
        Map<String, String> names = new LinkedHashMap<>(Map.of(
                "services", "s",
                "routes", "r",
                "consumers", "u",
                "upstreams", "up",
                "targets", "t.example.com:80",
                "address", "t.example.com:80",
                "snis", "n0.example.com",
                "workspaces", "w"));
        JsonObject pair = new JsonObject().put("cert", authority.certificate()).put("key", authority.key());
        String certificate = made(node.json("POST", "/certificates", pair.encode()));
        names.put("certificates", certificate);
        String reference = "'client_certificate':{'id':'" + certificate + "'}";
        made(node.json("PUT", "/services/s", "{'host':'a','protocol':'https'," + reference + "}"));
        made(node.json("PUT", "/services/s/routes/r", "{'paths':['/']}"));
        made(node.json("PUT", "/consumers/u", "{}"));
        made(node.json(
                "PUT", "/upstreams/up", "{'healthchecks':{'active':{'healthy':{'interval':1}}}," + reference + "}"));
        made(node.json("POST", "/upstreams/up/targets", "{'target':'t.example.com:80'}"));
        made(node.json("PUT", "/snis/n0.example.com", "{'certificate':{'id':'" + certificate + "'}}"));
        made(node.json("PUT", "/workspaces/w", "{}"));
        names.put(
                "ca_certificates",
                made(node.json(
                        "POST",
                        "/ca_certificates",
                        new JsonObject()
                                .put("cert", Authority.make("one", "EC").certificate())
                                .encode())));
        names.put(
                "plugins",
                made(
                        node.json(
                                "POST",
                                "/plugins",
                                "{'name':'request-termination','service':{'name':'s'},'route':{'name':'r'},'consumer':{'username':'u'}}")));
        CREDENTIALS.forEach((collection, type) ->
                names.put(type, made(node.json("POST", "/" + collection, body("/" + collection, names)))));
        names.put("oauth2_tokens", made(node.json("POST", "/oauth2_tokens", body("/oauth2_tokens", names))));
        return names;
    }

    private static String made(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isIn(200, 201);
        return answer.json().getString("id");
    }

    private static String path(String pattern, Map<String, String> names) {
        String path = pattern;
        for (Map.Entry<String, String> name : names.entrySet()) {
            path = path.replace("{" + name.getKey() + "}", name.getValue());
        }
        assertThat(path).as("every parameter has a value").doesNotContain("{");
        return path;
    }

    /** What can be written there. */
    private static String body(String pattern, Map<String, String> names) {
        String[] parts = pattern.replaceAll("/\\{[^}]*}$", "").split("/");
        String subject = parts[parts.length - 1];
        String consumer = "'consumer':{'username':'u'}";
        return switch (subject) {
            case "services", "service" -> "{'host':'n','protocol':'https'}";
            case "routes", "route" -> "{'paths':['/n']}";
            case "consumers", "consumer" -> "{'username':'n'}";
            case "upstreams" -> "{'name':'n'}";
            case "targets" -> "{'target':'n:1'}";
            case "snis" -> "{'name':'n.example.com','certificate':{'id':'" + names.get("certificates") + "'}}";
            case "certificates", "certificate", "client_certificate" ->
                new JsonObject()
                        .put("cert", OTHER.certificate())
                        .put("key", OTHER.key())
                        .encode();
            case "ca_certificates" ->
                new JsonObject().put("cert", OTHER.certificate()).encode();
            case "workspaces" -> "{'name':'n'}";
            case "plugins" -> "{'name':'request-termination','enabled':false}";
            case "basic-auth", "basic-auths" -> "{'username':'n','password':'p'," + consumer + "}";
            case "hmac-auth", "hmac-auths" -> "{'username':'n'," + consumer + "}";
            case "oauth2" -> "{'name':'n','redirect_uris':['http://a.example.com/']," + consumer + "}";
            case "oauth2_tokens" ->
                "{'expires_in':7,'service':{'name':'s'},'credential':{'id':'" + names.get("oauth2_credentials") + "'}}";
            case "credential" -> "{'name':'n','redirect_uris':['http://a.example.com/']," + consumer + "}";
            case "acls" -> "{'group':'n'," + consumer + "}";
            case "key-auth", "key-auths", "jwt", "jwts" -> "{" + consumer + "}";
            case "apply" -> "{'_format_version':'2.1'}";
            default -> "{}";
        };
    }

    private static List<String> contents(Database database) {
        List<String> all = new ArrayList<>();
        for (String table : List.of(
                "services",
                "routes",
                "consumers",
                "upstreams",
                "targets",
                "certificates",
                "snis",
                "ca_certificates",
                "plugins",
                "workspaces",
                "keyauth_credentials",
                "basicauth_credentials",
                "hmacauth_credentials",
                "jwt_secrets",
                "oauth2_credentials",
                "oauth2_tokens",
                "acls")) {
            all.addAll(database.query("SELECT t::text FROM " + table + " t ORDER BY id"));
        }
        all.addAll(database.query("SELECT count(*) FROM drawbridge_changes WHERE writer NOT LIKE 'migration/%'"));
        return all;
    }
}
