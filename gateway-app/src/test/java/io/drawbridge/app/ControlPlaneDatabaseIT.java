package io.drawbridge.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.app.Drawbridges.Running;
import io.drawbridge.postgres.PostgresServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ControlPlaneDatabaseIT extends ServerFixture {
    private PostgresServer server;

    @Override
    PostgresServer startedServer() {
        server = PostgresServer.temporary();
        return server;
    }

    @Test
    void databaseIsLost_whoConnectsMeanwhileIsServed_andWhatChangedIsPushedAfterwards() throws Exception {
        Path certificate = folder.resolve("cluster.crt");
        Path key = folder.resolve("cluster.key");
        drawbridge.run("hybrid", "gen_cert", certificate.toString(), key.toString());
        int port = ControlPlaneNodeIT.freePort();
        try (Running node = drawbridge
                        .with("ROLE", "control_plane")
                        .with("CLUSTER_LISTEN", "127.0.0.1:" + port)
                        .with("CLUSTER_CERT", certificate.toString())
                        .with("CLUSTER_CERT_KEY", key.toString())
                        .start();
                PushedConfigs before = new PushedConfigs(port, certificate, key)) {
            assertThat(node.addService("kept")).isEqualTo(201);
            while (!services(before.next()).encode().contains("kept")) {
                continue;
            }
            assertThat(node.get("/clustering/data-planes").headers().firstValue("X-Gateway-Config-Stale-Since"))
                    .isEmpty();

            server.stop(true);
            try (PushedConfigs meanwhile = new PushedConfigs(port, certificate, key)) {
                assertThat(services(meanwhile.next()).encode()).contains("kept");
                Drawbridges.eventually(() -> {
                    HttpResponse<String> answer = node.get("/clustering/data-planes");
                    JsonArray planes = answer.statusCode() == 200
                            ? new JsonObject(answer.body()).getJsonArray("data")
                            : new JsonArray();
                    return planes.size() == 2
                            && answer.headers()
                                    .firstValue("X-Gateway-Config-Stale-Since")
                                    .isPresent()
                            && planes.getJsonObject(0).getJsonObject("link").getLong("stale_since") > 1_000_000_000L
                            && planes.getJsonObject(1)
                                    .getJsonObject("link")
                                    .getString("state")
                                    .equals("acked");
                });
                assertThat(new JsonObject(node.get("/clustering/status").body()).fieldNames())
                        .containsExactlyInAnyOrder(before.id.toString(), meanwhile.id.toString());

                server.start();
                database.execute(
                        "SELECT set_config('drawbridge.writer', '2.5/test', false)",
                        "INSERT INTO services (id, name, host, port, protocol, retries, connect_timeout, read_timeout,"
                                + " write_timeout, ws_id) SELECT '00000000-0000-4000-8000-000000000001', 'meanwhile',"
                                + " 'example.com', 80, 'http', 5, 60000, 60000, 60000, id FROM workspaces");
                assertThat(services(before.next()).encode()).contains("kept", "meanwhile");
                assertThat(services(meanwhile.next()).encode()).contains("kept", "meanwhile");
                Drawbridges.eventually(() -> node.get("/clustering/data-planes")
                        .headers()
                        .firstValue("X-Gateway-Config-Stale-Since")
                        .isEmpty());
                Drawbridges.eventually(() -> database.query("SELECT count(*) FROM clustering_data_planes")
                        .contains("2"));
            }
        }
    }

    private static JsonArray services(JsonObject message) {
        return message.getJsonObject("config_table").getJsonArray("services", new JsonArray());
    }
}
