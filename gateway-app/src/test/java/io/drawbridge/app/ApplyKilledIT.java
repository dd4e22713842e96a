package io.drawbridge.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.app.Drawbridges.Running;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A node that is killed while it writes a document of 15 000 entities. */
final class ApplyKilledIT extends ServerFixture {
    private static final int SERVICES = 5_000;
    private static final String WRITTEN =
            "SELECT (SELECT count(*) FROM services) || ' ' || (SELECT count(*) FROM routes)"
                    + " || ' ' || count(*) FROM plugins";

    @Test
    void killed_nothingIsThere_anotherNodeDoesIt() throws Exception {
        String document = IntStream.range(0, SERVICES)
                .mapToObj(i -> "{\"name\":\"s" + i + "\",\"host\":\"a\",\"routes\":[{\"name\":\"r" + i
                        + "\",\"paths\":[\"/a\"]}],\"plugins\":[{\"name\":\"cors\"}]}")
                .collect(Collectors.joining(",", "{\"_format_version\":\"2.1\",\"services\":[", "]}"));
        try (Running killed = drawbridge.start();
                Connection middle = database.connect();
                Statement statement = middle.createStatement()) {
            middle.setAutoCommit(false);
            statement.execute("LOCK TABLE plugins IN SHARE MODE");
            CompletableFuture<Integer> answer = CompletableFuture.supplyAsync(() -> status(killed, document));
            Drawbridges.eventually(() -> database.query("SELECT count(*) FROM pg_locks WHERE NOT granted")
                    .equals(List.of("1")));
            killed.process().destroyForcibly();
            assertThat(answer.join()).isZero();
            middle.rollback();
            assertThat(database.query(WRITTEN)).containsExactly("0 0 0");
        }
        try (Running other = drawbridge.start()) {
            assertThat(status(other, document)).isEqualTo(200);
            assertThat(database.query(WRITTEN)).containsExactly("5000 5000 5000");
        }
    }

    /** 0 if no answer came. */
    private static int status(Running node, String document) {
        try {
            return node.post("/config/apply", document).statusCode();
        } catch (IOException gone) {
            return 0;
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }
}
