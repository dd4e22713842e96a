package io.drawbridge.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.admin.AdminNode.Answer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Certificates, their server names and authorities, over HTTP on a real database. */
final class CertificatesIT extends NodeFixture {
    @Test
    void certificates_withTheirServerNames() {
        Authority one = Authority.make("one", "EC");
        Authority two = Authority.make("two", "RSA");
        Answer made = node.json(
                "POST",
                "/certificates",
                pair(one).put("snis", List.of("b.example.com", "a.example.com")).encode());
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(made.json().getJsonArray("snis")).containsExactly("a.example.com", "b.example.com");
        String id = made.json().getString("id");
        assertThat(node.get("/certificates/a.example.com").json()).isEqualTo(made.json());
        assertThat(node.get("/certificates").json().getJsonArray("data")).containsExactly(made.json());
        assertThat(node.get("/snis/a.example.com/certificate").status()).isEqualTo(404);

        Answer taken = node.json(
                "POST",
                "/certificates",
                pair(two).put("snis", List.of("a.example.com")).encode());
        assertThat(taken.status()).isEqualTo(400);
        assertThat(taken.json().getString("message"))
                .isEqualTo("schema violation (snis: a.example.com already associated with existing certificate '" + id
                        + "')");
        assertThat(node.get("/certificates").json().getJsonArray("data"))
                .as("nothing of it is kept")
                .hasSize(1);
        assertThat(node.json(
                                "POST",
                                "/certificates",
                                pair(two).put("snis", List.of("x", "x")).encode())
                        .json()
                        .getString("message"))
                .isEqualTo("schema violation (snis: x is duplicated)");

        assertThat(node.json("PATCH", "/certificates/" + id, "{'tags':['t']}")
                        .json()
                        .getJsonArray("snis"))
                .hasSize(2);
        assertThat(node.json("PATCH", "/certificates/a.example.com", "{'snis':['a.example.com']}")
                        .json()
                        .getJsonArray("snis"))
                .containsExactly("a.example.com");
        assertThat(node.json("PUT", "/certificates/c.example.com", pair(two).encode())
                        .json()
                        .getJsonArray("snis"))
                .containsExactly("c.example.com");
        assertThat(node.json("PUT", "/certificates/" + id, pair(one).encode())
                        .json()
                        .getJsonArray("snis"))
                .isEmpty();
        assertThat(node.json("POST", "/certificates/" + id + "/snis", "{'name':'c.example.com'}")
                        .status())
                .isEqualTo(409);
        assertThat(node.get("/certificates/nobody.example.com").text()).isEqualTo("{\"message\":\"SNI not found\"}");
        assertThat(node.send("DELETE", "/certificates/c.example.com", null, null)
                        .status())
                .isEqualTo(204);
        assertThat(node.get("/snis").json().getJsonArray("data")).isEmpty();
    }

    @Test
    void certificates_mustFitTheirKeys() {
        Authority one = Authority.make("one", "EC");
        Authority two = Authority.make("two", "RSA");
        assertThat(node.json(
                                "POST",
                                "/certificates",
                                pair(one).put("key", two.key()).encode())
                        .json()
                        .getString("message"))
                .isEqualTo("schema violation (certificate does not match key)");
        assertThat(node.json(
                                "POST",
                                "/certificates",
                                pair(one).put("cert", "no").encode())
                        .json()
                        .getJsonObject("fields")
                        .getString("cert"))
                .startsWith("invalid certificate: ");
        assertThat(node.json(
                                "POST",
                                "/certificates",
                                pair(one).put("cert_alt", one.certificate()).encode())
                        .json()
                        .getString("message"))
                .contains("all or none of these fields must be set: 'cert_alt', 'key_alt'");
        assertThat(node.json(
                                "POST",
                                "/certificates",
                                pair(one)
                                        .put("cert_alt", two.certificate())
                                        .put("key_alt", two.key())
                                        .encode())
                        .status())
                .isEqualTo(201);
        Answer authority = node.json(
                "POST",
                "/ca_certificates",
                new JsonObject().put("cert", one.certificate()).encode());
        assertThat(authority.json().getString("cert_digest")).matches("[0-9a-f]{64}");
        assertThat(node.json(
                                "POST",
                                "/ca_certificates",
                                new JsonObject().put("cert", one.certificate()).encode())
                        .status())
                .isEqualTo(409);
        assertThat(node.json(
                                "POST",
                                "/ca_certificates",
                                new JsonObject()
                                        .put("cert", one.certificate() + two.certificate())
                                        .encode())
                        .json()
                        .getString("message"))
                .isEqualTo("schema violation (cert: please submit only one certificate at a time)");
        node.send("DELETE", "/ca_certificates/" + authority.json().getString("id"), null, null);
    }

    private static JsonObject pair(Authority authority) {
        return new JsonObject().put("cert", authority.certificate()).put("key", authority.key());
    }
}
