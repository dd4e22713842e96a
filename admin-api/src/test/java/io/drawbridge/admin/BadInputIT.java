package io.drawbridge.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bodies and URLs that are known to be traps are client errors. */
final class BadInputIT extends NodeFixture {
    @Test
    void knownTraps_areClientErrors() throws IOException {
        List<String> bodies = List.of(
                "{\"host\":\"a\\u0000b\"}",
                "{\"name\":\"\\ud800\",\"host\":\"a\"}",
                "{\"host\":\"a\",\"tags\":[\"\\udc00\"]}",
                "{\"host\":\"a\",\"created_at\":99999999999999999}",
                "{\"host\":\"a\",\"created_at\":-1}",
                "{\"host\":\"a\",\"retries\":" + "9".repeat(900) + "}",
                "{\"host\":\"a\",\"retries\":" + "9".repeat(2000) + "}",
                "{\"host\":\"a\",\"port\":1e999999999}",
                "{\"host\":" + "[".repeat(100_000) + "}",
                "[".repeat(900) + "]".repeat(900),
                "{\"host\":\"" + "a".repeat(100_000) + "\"}",
                "{\"host\":\"a\",\"host\":7}",
                "{\"host\":\"a\",\"id\":{}}",
                "{\"host\":\"a\",\"client_certificate\":5}",
                "{\"host\":\"a\",\"client_certificate\":{\"id\":[]}}",
                "{\"@entity\":1}",
                "{\"host\":\"a\",\"name\":\"" + unrepeated() + "\"}",
                "{\"host\":\"a\",\"tags\":[\"" + unrepeated() + "\"]}");
        for (String body : bodies) {
            AdminNode.Answer answer = node.send("POST", "/services", "application/json", body);
            assertThat(answer.status())
                    .as(body.substring(0, Math.min(60, body.length())))
                    .isEqualTo(400);
        }
        byte[] invalidUtf8 = "{\"host\":\"a\",\"name\":\"x\"}".getBytes(StandardCharsets.ISO_8859_1);
        invalidUtf8[21] = (byte) 0xff;
        assertThat(status(request("POST", "/services", "application/json", invalidUtf8)))
                .isEqualTo(400);
        assertThat(status(request("GET", "/services/%00", null, new byte[0]))).isEqualTo(400);
        assertThat(status(request("GET", "/services/%ff%fe", null, new byte[0])))
                .isEqualTo(400);
        assertThat(status(request("GET", "/services/%zz", null, new byte[0]))).isEqualTo(404);
        assertThat(status(request("GET", "/services?offset=%00&size=1", null, new byte[0])))
                .isEqualTo(400);
        assertThat(node.form("POST", "/services", "host=a%00b").status()).isEqualTo(400);
        assertThat(node.form("POST", "/services", "a[9999999]=1&" + "b.".repeat(5000) + "c=1")
                        .status())
                .isEqualTo(400);
        assertThat(node.form("POST", "/services", "a=1&".repeat(2000)).status()).isEqualTo(400);
        assertThat(node.send("POST", "/services", "multipart/form-data", "x").status())
                .isEqualTo(400);
        assertThat(node.send("POST", "/services", "multipart/form-data; boundary=B", "--B\r\n\r\n")
                        .status())
                .isEqualTo(400);
        assertThat(node.json("POST", "/migrations/up", "{'x':1}").status()).isEqualTo(400);
        AdminNode.Answer maybe = node.json("POST", "/migrations/finish?wait=maybe", "{}");
        assertThat(maybe.status()).isEqualTo(400);
        assertThat(maybe.text()).isEqualTo("{\"message\":\"wait must be true or false, not 'maybe'\"}");
        assertThat(node.json("POST", "/routes", "{'paths':['/(((((((((((((((a|b)*)*)*)*)*)*)*)*)*)*)*)*)*)*)*)']}")
                        .status())
                .isEqualTo(400);
    }

    /** Long, and too varied for the database to compress below what an index can hold. */
    private static String unrepeated() {
        Random random = new Random(20261124);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        return text.toString();
    }

    private static byte[] request(String method, String path, String type, byte[] body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String head = method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                + (type == null ? "" : "Content-Type: " + type + "\r\n") + "Content-Length: " + body.length
                + "\r\n\r\n";
        bytes.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
        bytes.writeBytes(body);
        return bytes.toByteArray();
    }

    private static int status(byte[] request) throws IOException {
        try (RawConnection connection = new RawConnection(node.port)) {
            return connection.write(request).read(true).status();
        }
    }
}
