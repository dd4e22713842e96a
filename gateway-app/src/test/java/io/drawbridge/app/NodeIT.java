package io.drawbridge.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.app.Drawbridges.Result;
import io.drawbridge.app.Drawbridges.Running;
import io.drawbridge.postgres.PostgresServer;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeIT extends ServerFixture {
    @Test
    void start_onAnEmptyDatabase_bootstrapsServesAndLeaves() throws Exception {
        try (Running node = drawbridge.start()) {
            assertThat(node.addService("one")).isEqualTo(201);
            HttpResponse<String> answer = node.get("/services/one");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("X-Gateway-Release")).contains("2.5");
            assertThat(answer.headers().firstValue("X-Gateway-Write-Gate")).contains("open");
            assertThat(node.get("/metrics").body())
                    .contains("drawbridge_gate_open 1.0")
                    .contains("drawbridge_lease_epoch{lease=\"migrations\"} 1.0");
            JsonObject configuration = new JsonObject(node.get("/").body()).getJsonObject("configuration");
            assertThat(configuration.getString("pg_password")).isEqualTo("******");
            assertThat(configuration.getJsonArray("proxy_listeners")).isEmpty();
            assertThat(configuration.getJsonObject("stream_listeners")).isEmpty();
            assertThat(configuration
                            .getJsonArray("admin_listeners")
                            .getJsonObject(0)
                            .getString("ip"))
                    .isEqualTo("127.0.0.1");
            assertThat(drawbridge.run("health").exit()).isZero();
            assertThat(members()).isEqualTo("1");

            assertThat(node.stop()).isEqualTo(143);
            assertThat(members()).isEqualTo("0");
            assertThat(drawbridge.run("health").exit()).isEqualTo(1);
            assertThat(node.said()).doesNotContain(database.password());
        }
    }

    @Test
    void upgrade_withNodesOfBothReleases_movesTheGate() throws Exception {
        try (Running old = as("2.4").start();
                Running young = drawbridge.start()) {
            assertThat(old.addService("by-old")).isEqualTo(201);
            assertThat(young.get("/services/by-old").statusCode()).isEqualTo(200);
            HttpResponse<String> refused = young.post("/services", "{\"name\":\"x\",\"url\":\"http://example.com\"}");
            assertThat(refused.statusCode()).isEqualTo(409);
            JsonObject body = new JsonObject(refused.body());
            assertThat(body.getString("active_release")).isEqualTo("2.4");
            assertThat(body.getString("node_release")).isEqualTo("2.5");

            Result blocked = drawbridge.run("migrations", "finish");
            assertThat(blocked.exit()).isEqualTo(8);
            assertThat(blocked.err()).contains("runs release 2.4");
            assertThat(old.addService("by-old-still")).isEqualTo(201);

            old.stop();
            assertThat(drawbridge.run("migrations", "finish").exit()).isZero();
            Drawbridges.eventually(() -> young.addService("by-young" + System.nanoTime()) == 201);
            try (Running late = as("2.4").begin()) {
                assertThat(late.exit()).isEqualTo(9);
            }
        }
    }

    @Test
    void finish_forcedOverAnOldNode_itSaysThatItIsCutOff() throws Exception {
        try (Running old = as("2.4").start()) {
            assertThat(old.get("/status").body()).contains("\"cut_off\":null");
            assertThat(drawbridge.run("health").exit()).isZero();
            assertThat(drawbridge.run("migrations", "up").exit()).isZero();
            assertThat(drawbridge
                            .run("migrations", "finish", "--force=old-nodes", "--reason", "it does not matter")
                            .exit())
                    .isZero();

            String words = "this node runs release 2.4, the cluster is at STEADY(2.5)";
            Drawbridges.eventually(() -> old.get("/status").body().contains(words));
            assertThat(old.get("/migrations").body()).contains(words);
            assertThat(old.get("/services").statusCode()).isEqualTo(200);
            Result health = drawbridge.run("health");
            assertThat(health.exit()).isEqualTo(1);
            assertThat(health.out()).contains("CUT OFF (" + words);
            assertThat(health.err()).contains("Drawbridge is not healthy");
        }
    }

    @Test
    void autoFinish_onceAllNodesRunTheNewRelease_finishes() throws Exception {
        try (Running old = as("2.4").start();
                Running young = drawbridge.with("AUTO_FINISH", "uniform").start()) {
            Thread.sleep(1500);
            assertThat(young.addService("early")).isEqualTo(409);
            old.stop();
            Drawbridges.eventually(() -> young.addService("late" + System.nanoTime()) == 201);
        }
    }

    @Test
    void start_severalHopsBehind_endsWith10() throws Exception {
        as("2.1").run("migrations", "bootstrap");
        try (Running node = drawbridge.begin()) {
            assertThat(node.exit()).isEqualTo(10);
            assertThat(node.said()).contains("go through release 2.2 first");
        }
    }

    @Test
    void start_onAForeignDatabase_endsWith7() throws Exception {
        database.execute("CREATE TABLE routes (whatever int)");
        try (Running node = drawbridge.begin()) {
            assertThat(node.exit()).isEqualTo(7);
        }
    }

    @Test
    void start_theAddressIsTaken_endsBeforeTheDatabaseIsTouched() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                Running node = drawbridge
                        .with("ADMIN_LISTEN", "127.0.0.1:" + other.getLocalPort())
                        .begin()) {
            assertThat(node.exit()).isEqualTo(1);
            assertThat(node.said())
                    .contains("cannot listen on 127.0.0.1:" + other.getLocalPort())
                    .contains("admin_listen");
            assertThat(database.query("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
                    .containsExactly("0");
        }
    }

    @Test
    void start_severalOfOneIdAtOnce_oneRuns() throws Exception {
        drawbridge.run("migrations", "bootstrap");
        List<Running> nodes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            nodes.add(drawbridge.with("NODE_ID", "one").begin());
        }
        Drawbridges.eventually(
                () -> nodes.stream().filter(node -> node.process().isAlive()).count() == 1);
        for (Running node : nodes) {
            if (node.process().isAlive()) {
                node.awaitReady();
            } else {
                assertThat(node.exit()).isEqualTo(1);
                assertThat(node.said()).contains("node one runs already at");
            }
        }
    }

    @Test
    void start_onlyChecking_endsAsListDoes() throws Exception {
        try (Running node = drawbridge.begin("--migrations=check")) {
            assertThat(node.exit()).isEqualTo(3);
        }
        as("2.4").run("migrations", "bootstrap");
        try (Running node = drawbridge.begin("--migrations=check")) {
            assertThat(node.exit()).isEqualTo(5);
            assertThat(node.said()).contains("New migrations available; run 'drawbridge migrations up' to proceed");
        }
        try (Running node = as("2.4").start("--migrations=check")) {
            assertThat(node.get("/services").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void start_waiting_opensWhenAnOperatorHasMigrated() throws Exception {
        try (Running node = drawbridge.begin("--migrations=wait")) {
            Thread.sleep(2000);
            assertThat(node.process().isAlive()).isTrue();
            assertThat(node.ready()).isFalse();
            assertThat(drawbridge.run("health").exit()).isEqualTo(1);
            assertThat(drawbridge.run("migrations", "bootstrap").exit()).isZero();
            node.awaitReady();
            assertThat(node.addService("one")).isEqualTo(201);
        }
    }

    @Test
    void stop_ofANodeThatIsNotReadyYet_isNoError() throws Exception {
        try (Running node = drawbridge.begin("--migrations=wait")) {
            Drawbridges.eventually(() -> drawbridge.run("health").out().contains("starting"));
            Thread.sleep(1500);
            assertThat(drawbridge.run("stop", "--node", "nobody").err()).contains("no node 'nobody' runs at");
            assertThat(drawbridge.run("stop").exit()).isZero();
            node.exit();
            assertThat(node.said()).doesNotContain("Error", "Exception");
        }
    }

    @Test
    void start_aReaderHoldsATable_waitsNotReadyAndDoesNotExit() throws Exception {
        as("2.2").run("migrations", "bootstrap");
        try (Connection reader = database.connect();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.execute("LOCK TABLE routes, services, upstreams, certificates, plugins, snis, targets, consumers,"
                    + " clustering_data_planes, tags, cluster_events IN ACCESS SHARE MODE");
            try (Running node = as("2.3").begin()) {
                Thread.sleep(4000);
                assertThat(node.process().isAlive()).isTrue();
                assertThat(node.ready()).isFalse();
                reader.rollback();
                node.awaitReady();
            }
        }
    }

    @Test
    void databaseGone_answers503AndRecovers() throws Exception {
        try (PostgresServer own = PostgresServer.temporary(Map.of());
                Running node = new Drawbridges(folder).on(own.createDatabase()).start()) {
            assertThat(node.addService("before")).isEqualTo(201);
            own.stop(true);
            Drawbridges.eventually(() -> node.get("/services").statusCode() == 503);
            assertThat(node.addService("during")).isEqualTo(503);
            assertThat(node.process().isAlive()).isTrue();
            assertThat(node.get("/status").body()).contains("\"reachable\":false");

            own.start();
            Drawbridges.eventually(() -> node.addService("after" + System.nanoTime()) == 201);
            assertThat(node.get("/services/before").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void start_databaseNotThereYet_waits() throws Exception {
        try (PostgresServer own = PostgresServer.temporary(Map.of())) {
            Drawbridges late = new Drawbridges(folder).on(own.createDatabase());
            own.stop(false);
            try (Running node = late.begin()) {
                Thread.sleep(3000);
                assertThat(node.process().isAlive()).isTrue();
                own.start();
                node.awaitReady();
            }
        }
    }

    private String members() {
        return database.query("SELECT count(*) FROM drawbridge_members").get(0);
    }
}
