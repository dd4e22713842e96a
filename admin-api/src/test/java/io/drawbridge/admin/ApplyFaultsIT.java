package io.drawbridge.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.admin.AdminNode.Answer;
import io.drawbridge.migration.Release;
import io.drawbridge.postgres.Database;
import io.drawbridge.postgres.PostgresServer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A document of thousands of entities whose way is cut off in the middle: it is there as a whole, or not at all. */
final class ApplyFaultsIT {
    private static final int SERVICES = 1000;
    private static final String WRITTEN = "SELECT (SELECT count(*) FROM services WHERE name LIKE '%1$s%%')"
            + " || ' ' || (SELECT count(*) FROM routes WHERE name LIKE '%1$s%%') || ' ' || count(*) FROM plugins";
    private static final String NOTHING = "0 0 0";
    private static final String EVERYTHING = SERVICES + " " + SERVICES + " " + SERVICES;

    private static PostgresServer postgres;
    private Database database;

    @BeforeAll
    static void startServer() {
        postgres = PostgresServer.temporary();
    }

    @AfterAll
    static void stopServer() {
        postgres.close();
    }

    @BeforeEach
    void createDatabase() {
        database = postgres.createDatabase();
    }

    @Test
    void theClientGoesHalfWay_nothingIsWritten_theNodeServes() throws Exception {
        try (AdminNode node = new AdminNode(database, Release.of(2, 5)).start(true)) {
            byte[] whole = document("a").getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 10; i++) {
                try (Socket socket = new Socket("127.0.0.1", node.port)) {
                    OutputStream out = socket.getOutputStream();
                    out.write(head(whole.length, ""));
                    out.write(whole, 0, whole.length / 2);
                    out.flush();
                }
            }
            eventually(() -> node.statuses.size() == 10);
            assertThat(node.statuses).contains(400).isSubsetOf(400, 503);
            assertThat(node.get("/services").json().getJsonArray("data")).isEmpty();
            assertThat(apply(node, "a").status()).isEqualTo(200);
            assertThat(written("a")).isEqualTo(EVERYTHING);
        }
    }

    @Test
    void theClientAsksFirst_itIsToldToGoOn() throws Exception {
        try (AdminNode node = new AdminNode(database, Release.of(2, 5)).start(true);
                Socket socket = new Socket("127.0.0.1", node.port)) {
            socket.setSoTimeout(20_000);
            byte[] whole = document("a").getBytes(StandardCharsets.UTF_8);
            socket.getOutputStream().write(head(whole.length, "Expect: 100-continue\r\n"));
            BufferedReader answer =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            assertThat(answer.readLine()).isEqualTo("HTTP/1.1 100 Continue");
            socket.getOutputStream().write(whole);
            assertThat(answer.readLine()).isEmpty();
            assertThat(answer.readLine()).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void theDatabaseEndsItsConnection_nothingIsWritten_theNextOneIs() throws Exception {
        try (AdminNode node = new AdminNode(database, Release.of(2, 5)).start(true)) {
            CompletableFuture<Answer> answer;
            try (Middle middle = new Middle()) {
                answer = middle.apply(node, "a");
                middle.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted");
                assertThat(answer.get(20, TimeUnit.SECONDS).status())
                        .as(answer.join().text())
                        .isIn(503, 504);
            }
            assertThat(written("a")).isEqualTo(NOTHING);
            assertThat(apply(node, "a").status()).isEqualTo(200);
            assertThat(written("a")).isEqualTo(EVERYTHING);
        }
    }

    @Test
    void itTakesLongerThanConnectionsMayBeIdle_theClientIsAnswered() throws Exception {
        try (AdminNode node = new AdminNode(
                        database,
                        Release.of(2, 5),
                        options -> options.patience(Duration.ofSeconds(30), Duration.ofMillis(500)))
                .start(true)) {
            CompletableFuture<Answer> answer;
            try (Middle middle = new Middle()) {
                answer = middle.apply(node, "a");
                Thread.sleep(2000);
            }
            assertThat(answer.get(20, TimeUnit.SECONDS).status())
                    .as(answer.join().text())
                    .isEqualTo(200);
            assertThat(written("a")).isEqualTo(EVERYTHING);
        }
    }

    @Test
    void twoAtOnce_leaveOneOfTheTwo() throws Exception {
        try (AdminNode one = new AdminNode(database, Release.of(2, 5), "one", bounds -> bounds).start(true);
                AdminNode other = new AdminNode(database, Release.of(2, 5), "other", bounds -> bounds).start(false)) {
            CompletableFuture<Answer> first;
            CompletableFuture<Answer> second;
            try (Middle middle = new Middle()) {
                first = middle.apply(one, "a");
                second = CompletableFuture.supplyAsync(() -> apply(other, "b"));
                Thread.sleep(500);
            }
            assertThat(first.get(30, TimeUnit.SECONDS).status())
                    .as(first.join().text())
                    .isEqualTo(200);
            int last = second.get(30, TimeUnit.SECONDS).status();
            assertThat(last).as(second.join().text()).isIn(200, 409, 503);
            assertThat(written("a")).isEqualTo(last == 200 ? "0 0 " + SERVICES : EVERYTHING);
            assertThat(written("b")).isEqualTo(last == 200 ? EVERYTHING : "0 0 " + SERVICES);
        }
    }

    @Test
    void finishMeanwhile_waitsUntilAllIsThere_thenNoneOfTheOldRelease() throws Exception {
        try (AdminNode old = new AdminNode(database, Release.of(2, 4)).start(true);
                AdminNode young = new AdminNode(database, Release.of(2, 5)).start(false)) {
            assertThat(young.json("POST", "/migrations/up?wait=true", "{}").status())
                    .isEqualTo(200);
            CompletableFuture<Answer> applied;
            CompletableFuture<Answer> finished;
            try (Middle middle = new Middle()) {
                applied = middle.apply(old, "a");
                finished = CompletableFuture.supplyAsync(() ->
                        young.json("POST", "/migrations/finish?wait=true", "{'force':'old-nodes','reason':'test'}"));
                Thread.sleep(1000);
                assertThat(database.query("SELECT state FROM drawbridge_gate")).containsExactly("OPEN");
            }
            assertThat(applied.get(30, TimeUnit.SECONDS).status())
                    .as(applied.join().text())
                    .isEqualTo(200);
            assertThat(finished.get(30, TimeUnit.SECONDS).status())
                    .as(finished.join().text())
                    .isEqualTo(200);
            assertThat(written("a")).isEqualTo(EVERYTHING);
            assertThat(apply(old, "b").status()).isEqualTo(409);
            assertThat(written("b")).isEqualTo("0 0 " + SERVICES);
            eventually(() -> apply(young, "b").status() == 200);
        }
    }

    /** Somebody who lets services and routes be written, and no plugins. */
    private final class Middle implements AutoCloseable {
        private final Connection connection = database.connect();

        Middle() throws SQLException {
            connection.setAutoCommit(false);
            execute("LOCK TABLE plugins IN SHARE MODE");
        }

        void execute(String sql) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }

        /** Returns when it is in the middle. */
        CompletableFuture<Answer> apply(AdminNode node, String prefix) throws Exception {
            CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(() -> ApplyFaultsIT.apply(node, prefix));
            eventually(() -> database.query("SELECT count(*) FROM pg_locks WHERE NOT granted")
                    .equals(List.of("1")));
            assertThat(written(prefix)).isEqualTo(NOTHING);
            return answer;
        }

        @Override
        public void close() throws SQLException {
            connection.rollback();
            connection.close();
        }
    }

    private static byte[] head(int length, String more) {
        return ("POST /config/apply HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" + more
                        + "Content-Length: " + length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static Answer apply(AdminNode node, String prefix) {
        return node.send("POST", "/config/apply", "application/json", document(prefix));
    }

    private String written(String prefix) {
        return database.query(WRITTEN.formatted(prefix)).get(0);
    }

    private static void eventually(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    private static String document(String prefix) {
        return IntStream.range(0, SERVICES)
                .mapToObj(i -> "{\"name\":\"" + prefix + i + "\",\"host\":\"a\",\"routes\":[{\"name\":\"" + prefix + i
                        + "\",\"paths\":[\"/a\"]}],\"plugins\":[{\"name\":\"cors\"}]}")
                .collect(Collectors.joining(",", "{\"_format_version\":\"2.1\",\"services\":[", "]}"));
    }
}
