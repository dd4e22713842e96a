package io.drawbridge.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.admin.AdminNode.Answer;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One of everything on a node, and a body that would do for each URL.
 *
 * @param names what stands for each parameter of a URL
 */
record Examples(Map<String, String> names) {
    private static final Authority OTHER = Authority.make("other", "EC");
    private static final Map<String, String> CREDENTIALS = Map.of(
            "key-auths", "keyauth_credentials",
            "basic-auths", "basicauth_credentials",
            "hmac-auths", "hmacauth_credentials",
            "jwts", "jwt_secrets",
            "oauth2", "oauth2_credentials",
            "acls", "acls");

    /** Makes one of everything. */
    static Examples on(AdminNode node) {
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
                names.put(type, made(node.json("POST", "/" + collection, new Examples(names).body("/" + collection)))));
        names.put(
                "oauth2_tokens", made(node.json("POST", "/oauth2_tokens", new Examples(names).body("/oauth2_tokens"))));
        return new Examples(names);
    }

    private static String made(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isIn(200, 201);
        return answer.json().getString("id");
    }

    String path(String pattern) {
        String path = pattern;
        for (Map.Entry<String, String> name : names.entrySet()) {
            path = path.replace("{" + name.getKey() + "}", name.getValue());
        }
        assertThat(path).as("every parameter has a value").doesNotContain("{");
        return path;
    }

    /** What can be written there. */
    String body(String pattern) {
        String subject = pattern.replaceAll("/\\{[^}]*}$", "").replaceAll(".*/", "");
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
}
