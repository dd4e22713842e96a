package io.drawbridge.admin;

import static io.drawbridge.admin.AdminNode.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.admin.AdminNode.Answer;
import io.drawbridge.migration.Release;
import io.drawbridge.postgres.Database;
import io.drawbridge.postgres.PostgresServer;
import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code up} and {@code abort} asked over HTTP without waiting. */
final class UpAndAbortIT {
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
    void bootstrapAnOldOne() {
        database = postgres.createDatabase();
        new AdminNode(database, Release.of(2, 2)).start(true).close();
    }

    @Test
    void up_theNodeThatWasAskedDies_anotherCarriesItOn() throws Exception {
        AdminNode asked = node(Release.of(2, 3), "asked");
        try (AdminNode other = node(Release.of(2, 3), "other");
                Connection reader = database.connect();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.execute("LOCK TABLE upstreams, routes, services, certificates, clustering_data_planes"
                    + " IN ACCESS SHARE MODE");

            Answer up = asked.json("POST", "/migrations/up", "{}");
            assertThat(up.status()).as(up.text()).isEqualTo(202);
            assertThat(state()).isEqualTo("EXPANDING");
            await(asked.vertx.close());
            reader.rollback();

            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (!state().equals("OPEN")) {
                assertThat(System.nanoTime())
                        .as(other.get("/migrations").text())
                        .isLessThan(deadline);
                Thread.sleep(100);
            }
        }
    }

    @Test
    void up_thatCannotBegin_isRefusedAtOnce() {
        try (AdminNode node = node(Release.of(2, 4), "far")) {
            Answer up = node.json("POST", "/migrations/up", "{}");
            assertThat(up.status()).isEqualTo(409);
            assertThat(up.json().getString("error")).isEqualTo("HOP_MISSING");
        }
    }

    @Test
    void abort_whileNodesOfTheNewReleaseLive_isRefusedAtOnce() {
        try (AdminNode node = node(Release.of(2, 3), "new")) {
            assertThat(node.json("POST", "/migrations/up?wait=true", "{}").status())
                    .isEqualTo(200);
            Answer blocked = node.json("POST", "/migrations/abort", "{}");
            assertThat(blocked.status()).isEqualTo(409);
            assertThat(blocked.json().getString("error")).isEqualTo("BLOCKED");
            assertThat(blocked.json().getJsonArray("details").encode()).isEqualTo("[\"node new runs release 2.3\"]");
            assertThat(node.get("/migrations").json().getValue("request")).isNull();

            Answer forced = node.json("POST", "/migrations/abort", "{'force':'new-nodes','reason':'test'}");
            assertThat(forced.status()).as(forced.text()).isEqualTo(202);
        }
    }

    private AdminNode node(Release release, String member) {
        return new AdminNode(database, release, member, bounds -> bounds).start(false);
    }

    private String state() {
        return database.query("SELECT state FROM drawbridge_gate").get(0);
    }
}
