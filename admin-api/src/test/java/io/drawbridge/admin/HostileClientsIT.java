package io.drawbridge.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.admin.RawConnection.Answer;
import io.drawbridge.migration.Release;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Clients that send too much, too slowly, or no HTTP: each is answered or cut off in time, the others are served. */
final class HostileClientsIT extends NodeFixture {
    private static final String POST = "POST /services HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    private static final String GET = "GET /services HTTP/1.1\r\nHost: x\r\n";

    @Test
    void bodyOfAGigabyte_isRefusedByItsLength() throws IOException {
        try (RawConnection connection = new RawConnection(node.port)) {
            Answer answer = connection
                    .write(POST + "Content-Length: 1073741824\r\n\r\n{")
                    .read(true);
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.text()).isEqualTo("{\"message\":\"Request body too large\"}");
            assertThat(takes(connection, "a".repeat(1 << 20))).isLessThan(64L << 20);
        }
    }

    @Test
    void bodyOfAGigabyte_inChunks_isCutOff() throws IOException {
        try (RawConnection connection = new RawConnection(node.port)) {
            connection.write(POST + "Transfer-Encoding: chunked\r\n\r\n");
            assertThat(takes(connection, "100000\r\n" + "a".repeat(1 << 20) + "\r\n"))
                    .isGreaterThan(9L << 20)
                    .isLessThan(64L << 20);
        }
        assertThat(status(
                        POST + "Transfer-Encoding: chunked\r\n\r\nA00001\r\n" + "a".repeat(0xA00001) + "\r\n0\r\n\r\n"))
                .isEqualTo(413);
    }

    /** How many bytes go into a connection, of a gigabyte, before it is closed. */
    private static long takes(RawConnection connection, String part) {
        long sent = 0;
        try {
            while (sent < 1L << 30) {
                connection.write(part);
                sent += part.length();
            }
        } catch (IOException closed) {
            return sent;
        }
        return sent;
    }

    @Test
    void slowClients_areCutOff() throws Exception {
        try (AdminNode hasty = new AdminNode(
                        database,
                        Release.of(2, 5),
                        "hasty",
                        options -> options.patience(Duration.ofMillis(800), Duration.ofMillis(1600)))
                .start(false)) {
            try (RawConnection body = new RawConnection(hasty.port);
                    RawConnection head = new RawConnection(hasty.port);
                    RawConnection silent = new RawConnection(hasty.port)) {
                body.write(POST + "Content-Length: 100\r\n\r\n");
                head.write(GET);
                long start = System.nanoTime();
                int endless = 0;
                while (!closed(() -> head.write("X: y\r\n")) && endless < 200) {
                    if (endless < 10) {
                        body.write(" ");
                    }
                    endless++;
                    TimeUnit.MILLISECONDS.sleep(50);
                }
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
                assertThat(body.read(true).status()).isEqualTo(408);
                assertThat(body.ended()).isTrue();
                assertThat(silent.ended()).isTrue();
            }
            assertThat(hasty.get("/services").status()).isEqualTo(200);
        }
    }

    @Test
    void clientsThatTakeNoAnswer_areCutOff() throws Exception {
        try (AdminNode hasty = new AdminNode(
                                database,
                                Release.of(2, 5),
                                "hasty",
                                options -> options.patience(Duration.ofMillis(800), Duration.ofMillis(1600)))
                        .start(false);
                RawConnection greedy = new RawConnection(hasty.port)) {
            greedy.write("GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n".repeat(500));
            await(() -> hasty.statuses.size() > 0);
            int answered;
            do {
                answered = hasty.statuses.size();
                TimeUnit.MILLISECONDS.sleep(500);
            } while (hasty.statuses.size() > answered);
            assertThat(answered).as("the rest waits for the client").isLessThan(500);
            await(() -> connections(hasty) == 1);
        }
    }

    private static int connections(AdminNode node) {
        return node.get("/status").json().getJsonObject("server").getInteger("connections_active");
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        for (int i = 0; i < 200 && !condition.call(); i++) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        assertThat(condition.call()).as("in time").isTrue();
    }

    private static boolean closed(Executable write) throws Exception {
        try {
            write.execute();
            return false;
        } catch (SocketException gone) {
            return true;
        } catch (Throwable other) {
            throw new AssertionError(other);
        }
    }

    @Test
    void heads_thatAreTooLarge_areRefused() throws IOException {
        Answer long_ = answer(GET + "X: " + "a".repeat(20_000) + "\r\n\r\n");
        assertThat(long_.status()).isEqualTo(431);
        assertThat(long_.headers()).containsEntry("x-gateway-release", "2.5");
        assertThat(long_.text()).isEqualTo("{\"message\":\"Request headers too large\"}");
        assertThat(status(GET + "x:\r\n".repeat(100_000) + "\r\n")).isEqualTo(431);
        assertThat(status(GET + "x: y\r\n".repeat(1000) + "\r\n")).isEqualTo(200);
        Answer line = answer("GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(line.status()).isEqualTo(414);
        assertThat(line.text()).isEqualTo("{\"message\":\"Request line too long\"}");
    }

    @Test
    void noHttp_isABadRequest() throws IOException {
        for (String request : List.of(
                "no http\r\n\r\n",
                "GET /services\r\n\r\n",
                "GET  HTTP/1.1\r\n\r\n",
                GET + "no colon\r\n\r\n",
                GET + "X\u0000: y\r\n\r\n",
                POST + "Content-Length: -1\r\n\r\n",
                POST + "Content-Length: 1x\r\n\r\n",
                POST + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ",
                POST + "Content-Length: 99999999999999999999\r\n\r\n")) {
            assertThat(status(request)).as(request).isEqualTo(400);
        }
        for (String chunk : List.of("zz\r\n", "-1\r\n", "1\r\n{}\r\n")) {
            try (RawConnection connection = new RawConnection(node.port)) {
                connection.write(POST + "Transfer-Encoding: chunked\r\n\r\n" + chunk);
                assertThat(connection.ended()).as(chunk).isTrue();
            }
        }
    }

    @Test
    void oddHttp_isUnderstood() throws IOException {
        Map.of(
                        "GET /services HTTP/1.0\r\n\r\n",
                        200,
                        "GET http://other.example.com/services HTTP/1.1\r\nHost: x\r\n\r\n",
                        200,
                        "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
                        204,
                        "CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n",
                        404,
                        "TRACE / HTTP/1.1\r\nHost: x\r\n\r\n",
                        405,
                        GET
                                + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n",
                        200,
                        GET + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
                        200,
                        POST + "Expect: 100-continue\r\nContent-Length: 12\r\n\r\n{\"host\":\"a\"}",
                        201,
                        POST
                                + "Content-Length: 12\r\nTransfer-Encoding: chunked\r\n\r\nC\r\n{\"host\":\"b\"}\r\n0\r\n\r\n",
                        400)
                .forEach((request, status) ->
                        assertThat(unchecked(request)).as(request).isEqualTo(status));
    }

    private static int unchecked(String request) {
        try {
            return status(request);
        } catch (IOException failure) {
            throw new AssertionError(request, failure);
        }
    }

    @Test
    void garbageAfterRequests_answersThemFirst() throws IOException {
        try (RawConnection connection = new RawConnection(node.port)) {
            connection.write((GET + "\r\n").repeat(50) + "garbage\r\n\r\n");
            for (int i = 0; i < 50; i++) {
                assertThat(connection.read(true).status()).isEqualTo(200);
            }
            assertThat(connection.read(true).status()).isEqualTo(400);
            assertThat(connection.ended()).isTrue();
        }
    }

    private static int status(String request) throws IOException {
        return answer(request).status();
    }

    private static Answer answer(String request) throws IOException {
        try (RawConnection connection = new RawConnection(node.port)) {
            return connection.write(request).read(true);
        }
    }
}
