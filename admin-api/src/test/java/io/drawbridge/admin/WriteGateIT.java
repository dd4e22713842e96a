package io.drawbridge.admin;

import static io.drawbridge.admin.AdminNode.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.admin.AdminNode.Answer;
import io.drawbridge.migration.Release;
import io.drawbridge.migration.UpOptions;
import io.drawbridge.postgres.Database;
import io.drawbridge.postgres.PostgresServer;
import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who may write while an upgrade is open, and what the others are told. */
final class WriteGateIT {
    private static final Release OLD = Release.of(2, 4);
    private static final Release NEW = Release.of(2, 5);

    @Test
    void everyWriteRoute_gateClosedForThisNode_isRefusedAndNothingDone() throws Exception {
        try (PostgresServer postgres = PostgresServer.temporary()) {
            Database database = postgres.createDatabase();
            AdminNode old = new AdminNode(database, OLD).start(true);
            Examples examples = Examples.on(old);
            AdminNode fresh = new AdminNode(database, NEW);
            await(fresh.migrator.up(UpOptions.standard()));
            fresh.start(false);
            List<String> before = contents(database);

            int refused = 0;
            for (GateWalk.Write write : GateWalk.of(fresh, examples)) {
                Answer answer = write.send(fresh, GateWalk.Encoding.JSON);
                if (write.byReference()) {
                    assertThat(answer.status()).as("%s", write).isEqualTo(405);
                    continue;
                }
                assertThat(answer.status()).as("%s: %s", write, answer.text()).isEqualTo(409);
                assertThat(answer.json().getInteger("code")).isEqualTo(101);
                assertThat(answer.json().getString("name")).isEqualTo("migration pending");
                assertThat(answer.json().getString("active_release")).isEqualTo("2.4");
                assertThat(answer.json().getString("node_release")).isEqualTo("2.5");
                assertThat(answer.json().getJsonArray("write_to"))
                        .isEqualTo(new JsonArray().add("http://127.0.0.1:" + old.port));
                assertThat(answer.header("X-Gateway-Write-Gate")).isEqualTo("closed");
                assertThat(answer.header("X-Gateway-Active-Release")).isEqualTo("2.4");
                refused++;
            }
            assertThat(refused).isGreaterThanOrEqualTo(150);
            assertThat(contents(database)).isEqualTo(before);
            assertThat(fresh.get("/services/s/routes/r").status()).isEqualTo(200);

            assertThat(old.json("POST", "/services", "{'host':'still'}").status())
                    .isEqualTo(201);
            Answer blocked = fresh.json("POST", "/migrations/finish?wait=true", "{}");
            assertThat(blocked.status()).as(blocked.text()).isEqualTo(409);
            assertThat(blocked.json().getString("error")).isEqualTo("BLOCKED");
            assertThat(blocked.json().getJsonArray("details").toString()).contains("m-2.4");
            assertThat(old.json("POST", "/services", "{'host':'and.on'}").status())
                    .isEqualTo(201);

            old.close();
            Answer asked = fresh.json("POST", "/migrations/finish", "{'reason':'test'}");
            assertThat(asked.status()).as(asked.text()).isEqualTo(202);
            assertThat(asked.json().getJsonObject("request").getString("kind")).isEqualTo("FINISH");
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (fresh.json("POST", "/services", "{'host':'new'}").status() != 201) {
                assertThat(System.nanoTime())
                        .as(fresh.get("/migrations").text())
                        .isLessThan(deadline);
                Thread.sleep(50);
            }
            assertThat(fresh.get("/migrations").json().getString("active_release"))
                    .isEqualTo("2.5");
            fresh.close();
        }
    }

    private static List<String> contents(Database database) {
        List<String> all = new ArrayList<>();
        for (String table : List.of(
                "services",
                "routes",
                "consumers",
                "upstreams",
                "targets",
                "certificates",
                "snis",
                "ca_certificates",
                "plugins",
                "workspaces",
                "keyauth_credentials",
                "basicauth_credentials",
                "hmacauth_credentials",
                "jwt_secrets",
                "oauth2_credentials",
                "oauth2_tokens",
                "acls")) {
            all.addAll(database.query("SELECT t::text FROM " + table + " t ORDER BY id"));
        }
        all.addAll(database.query("SELECT count(*) FROM drawbridge_changes WHERE writer NOT LIKE 'migration/%'"));
        return all;
    }
}
