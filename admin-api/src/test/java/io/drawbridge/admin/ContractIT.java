package io.drawbridge.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.admin.AdminNode.Answer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Fine points of what older clients were promised. */
final class ContractIT extends NodeFixture {
    @Test
    void urls_mayHoldTextAsItIs() throws IOException {
        node.json("POST", "/consumers", "{'username':'ünï','tags':['ö']}");
        node.json("POST", "/consumers", "{'username':'other','tags':['ö']}");
        assertThat(raw("GET /consumers/ünï HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ");
        assertThat(raw("GET /consumers?size=1&tags=ö HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ")
                .contains("&tags=%C3%B6\"");
        Answer broken = node.get("/tags/%ff");
        assertThat(broken.status()).isEqualTo(400);
        assertThat(broken.json().getInteger("code")).isEqualTo(10);
        assertThat(broken.json().getString("name")).isEqualTo("invalid unique tag");
    }

    @Test
    void names_areMatchedDecoded_whatLooksLikeAnIdIsOne() {
        node.json("POST", "/consumers", "{'username':'a b/c'}");
        assertThat(node.get("/consumers/a+b%2Fc").status()).isEqualTo(200);
        assertThat(node.get("/consumers/a%20b%2fc").status()).isEqualTo(200);
        String name = UUID.randomUUID().toString();
        Answer made = node.json("POST", "/consumers", "{'username':'" + name + "'}");
        assertThat(node.get("/consumers/" + name).status()).isEqualTo(404);
        assertThat(node.get("/consumers/" + made.json().getString("id").toUpperCase(Locale.ROOT))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void arguments_areBoundedInQueriesToo() {
        Answer many = node.get("/services?" + "a=1&".repeat(1001));
        assertThat(many.status()).isEqualTo(400);
        assertThat(many.json().getString("message")).startsWith("Too many arguments");
        assertThat(node.get("/services?" + "a=1&".repeat(999)).status()).isEqualTo(200);
    }

    @Test
    void framesThatNobodyUnderstands_areRefused() throws IOException {
        String head = "POST /services HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
        assertThat(raw(head + "Transfer-Encoding: gzip\r\n\r\n{\"host\":\"a\"}"))
                .startsWith("HTTP/1.1 400 ");
        assertThat(raw(head + "Expect: 100-continue\r\nContent-Length: 999999999\r\n\r\n"))
                .startsWith("HTTP/1.1 413 ");
        assertThat(raw(head
                        + "Connection: close\r\nExpect: 100-continue\r\nContent-Length: 12\r\n\r\n{\"host\":\"a\"}"))
                .startsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 ");
    }

    @Test
    void targets_showPlainSecondsAndJudgeFilters() {
        node.json("PUT", "/upstreams/up", "{}");
        assertThat(node.json("POST", "/upstreams/up/targets", "{'target':'a'}").text())
                .containsPattern("\"created_at\":\\d{10}\\.?\\d*,");
        assertThat(node.get("/upstreams/up/targets?tags=a,b/c").text())
                .isEqualTo("{\"message\":\"invalid option (tags: invalid filter syntax)\",\"name\":\"invalid options\","
                        + "\"options\":{\"tags\":\"invalid filter syntax\"},\"code\":11}");
    }

    @Test
    void serverName_standsForItsCertificateAboveOtherEntities() {
        Authority authority = Authority.make("a", "EC");
        node.json(
                "POST",
                "/certificates",
                new JsonObject()
                        .put("cert", authority.certificate())
                        .put("key", authority.key())
                        .put("snis", List.of("a.example.com"))
                        .encode());
        assertThat(node.get("/certificates/a.example.com/snis")
                        .json()
                        .getJsonArray("data")
                        .size())
                .isEqualTo(1);
        assertThat(node.get("/certificates/b.example.com/snis").text()).isEqualTo("{\"message\":\"SNI not found\"}");
        assertThat(node.get("/certificates/" + UUID.randomUUID() + "/snis").text())
                .isEqualTo("{\"message\":\"Not found\"}");
    }

    @Test
    void node_saysWhatClientsLookFor() {
        JsonObject root = node.get("/").json();
        assertThat(root.getString("tagline")).isEqualTo("Welcome to kong");
        assertThat(root.getString("edition")).isEqualTo("community");
    }

    /** All that is answered until the connection is closed. */
    private static String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", node.port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
