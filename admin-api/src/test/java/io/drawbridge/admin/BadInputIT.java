package io.drawbridge.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.migration.Release;
import io.drawbridge.postgres.Database;
import io.drawbridge.postgres.PostgresServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whatever is sent, the answer is never a 5xx, and the next request is served. */
final class BadInputIT {
    private static final long SEED = Long.getLong("drawbridge.fuzz.seed", 20261124L);
    private static PostgresServer postgres;
    private static AdminNode node;

    @BeforeAll
    static void start() {
        postgres = PostgresServer.temporary();
        Database database = postgres.createDatabase();
        node = new AdminNode(database, Release.of(2, 5)).start(true);
        node.json("PUT", "/services/s", "{'host':'a'}");
        node.json("PUT", "/services/s/routes/r", "{'paths':['/']}");
    }

    @AfterAll
    static void stop() {
        node.close();
        postgres.close();
    }

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

    @Test
    void limits_areEnforced() throws IOException {
        int over = 10 * 1024 * 1024 + 1;
        assertThat(status("POST /services HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
                        + over + "\r\n\r\n"))
                .isEqualTo(413);
        assertThat(answer("GET /services HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(20_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431 ")
                .contains("X-Gateway-Release: 2.5")
                .endsWith("\r\n\r\n{\"message\":\"Request headers too large\"}");
        assertThat(answer("GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
                .startsWith("HTTP/1.0 414 ")
                .endsWith("\r\n\r\n{\"message\":\"Request line too long\"}");
        assertThat(answer("no http\r\n\r\n"))
                .startsWith("HTTP/1.0 400 ")
                .endsWith("\r\n\r\n{\"message\":\"Bad request\"}");
    }

    @Test
    void chunkedBody_overTheLimit_isCutOff() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", node.port)) {
            socket.setSoTimeout(10_000);
            StringBuilder chunk =
                    new StringBuilder("100000\r\n").append("a".repeat(0x100000)).append("\r\n");
            byte[] bytes = chunk.toString().getBytes(StandardCharsets.ISO_8859_1);
            socket.getOutputStream()
                    .write(("POST /services HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                                    + "Transfer-Encoding: chunked\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            for (int i = 0; i < 11; i++) {
                socket.getOutputStream().write(bytes);
            }
            assertThat(statusOf(socket.getInputStream())).isEqualTo(413);
        }
    }

    @Test
    void randomRequests_neverFailTheServer() throws IOException {
        Random random = new Random(SEED);
        String[] methods = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
        String[] paths = {
            "/services",
            "/services/s",
            "/routes",
            "/routes/r",
            "/services/s/routes",
            "/services/s/routes/r",
            "/routes/r/service",
            "/migrations/finish",
            "/"
        };
        String[] types = {
            "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=B", "text/plain"
        };
        String[] seeds = {
            "{\"name\":\"x\",\"host\":\"h\",\"port\":80,\"tags\":[\"a\"],\"url\":\"http://a:1/b\"}",
            "{\"paths\":[\"/a\"],\"protocols\":[\"tcp\"],\"sources\":[{\"ip\":\"1.2.3.4\",\"port\":1}],\"service\":{\"name\":\"s\"}}",
            "name=x&host=h&tags[]=a&headers.x[1]=b&service.id=x&port=8",
            "--B\r\nContent-Disposition: form-data; name=\"host\"\r\n\r\nh\r\n--B--\r\n"
        };
        long deadline = System.nanoTime() + 4_000_000_000L;
        int sent = 0;
        while (System.nanoTime() < deadline) {
            byte[] body = mutated(random, seeds[random.nextInt(seeds.length)].getBytes(StandardCharsets.UTF_8));
            String path = paths[random.nextInt(paths.length)];
            if (random.nextInt(3) == 0) {
                path += "?" + printable(random);
            } else if (random.nextInt(3) == 0) {
                path += "/" + printable(random);
            }
            String method = methods[random.nextInt(methods.length)];
            byte[] request = request(method, path, types[random.nextInt(types.length)], body);
            int status = status(request);
            assertThat(status)
                    .as("seed=%d n=%d %s", SEED, sent, new String(request, StandardCharsets.ISO_8859_1))
                    .isBetween(200, 499);
            sent++;
        }
        assertThat(sent).isGreaterThan(200);
        assertThat(node.get("/services").status()).isEqualTo(200);
    }

    /** Long, and too varied for the database to compress below what an index can hold. */
    private static String unrepeated() {
        Random random = new Random(SEED);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        return text.toString();
    }

    private static byte[] mutated(Random random, byte[] seed) {
        byte[] body = seed.clone();
        for (int i = random.nextInt(4); i > 0; i--) {
            body[random.nextInt(body.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(5) == 0 ? java.util.Arrays.copyOf(body, random.nextInt(body.length + 1)) : body;
    }

    private static String printable(Random random) {
        String alphabet = "abc%012&=,/+[].:;*'(~";
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i >= 0; i--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return (random.nextBoolean() ? "tags=" : random.nextBoolean() ? "offset=" : "size=") + text;
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

    private static int status(String request) throws IOException {
        return status(request.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** All that is answered until the connection is closed. */
    private static String answer(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", node.port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static int status(byte[] request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", node.port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request);
            return statusOf(socket.getInputStream());
        }
    }

    private static int statusOf(InputStream in) throws IOException {
        byte[] line = in.readNBytes(12);
        assertThat(line).as("an answer").hasSize(12);
        return Integer.parseInt(new String(line, StandardCharsets.ISO_8859_1).substring(9));
    }
}
