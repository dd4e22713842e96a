package io.drawbridge.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.admin.RawConnection.Answer;
import io.drawbridge.core.entity.PluginSchemas;
import io.drawbridge.migration.Release;
import java.io.IOException;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** As {@link FuzzIT}, of a node without a database: nothing but {@code POST /config} changes what it has. */
final class MemoryFuzzIT {
    private static final long SEED = Long.getLong("fuzz.seed", 20261124L);
    private static final long SECONDS = Long.getLong("fuzz.seconds", 20L);
    private static final int FAILURES_MAX = 20;
    private static final String ID = "6f1d1d3c-4d0e-4c57-9d64-9d8b4a7a0c0";
    private static final String DOCUMENT = """
            {"_format_version":"2.1",
             "services":[{"name":"s","host":"a","routes":[{"name":"r","paths":["/"]}]}],
             "consumers":[{"username":"u","keyauth_credentials":[{"id":"%1$s1","key":"k"}],
               "acls":[{"id":"%1$s2","group":"g"}]}],
             "upstreams":[{"name":"up","healthchecks":{"active":{"healthy":{"interval":1}}},
               "targets":[{"target":"t.example.com:80"}]}],
             "plugins":[{"id":"%1$s3","name":"request-termination"}]}""".formatted(ID);

    private final Random random = new Random(SEED);
    private final Map<Integer, Long> statuses = new TreeMap<>();
    /* By URL. */
    private final Map<String, String> failures = new TreeMap<>();

    @Test
    void nearlyRightRequests_changeNothingButByConfig() throws IOException {
        System.out.println("fuzz without a database seed=" + SEED + " seconds=" + SECONDS);
        Examples examples = new Examples(Map.of(
                "services", "s",
                "routes", "r",
                "consumers", "u",
                "upstreams", "up",
                "targets", "t.example.com:80",
                "address", "t.example.com:80",
                "keyauth_credentials", ID + "1",
                "acls", ID + "2",
                "plugins", ID + "3"));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        try (MemoryNode node = new MemoryNode()) {
            assertThat(node.json("POST", "/config", DOCUMENT).status()).isEqualTo(201);
            FuzzBodies bodies = new FuzzBodies(random, PluginSchemas.at(Release.of(2, 5)), examples);
            FuzzRequests requests = new FuzzRequests(random, node.routes().routes(), bodies, examples);
            String has = node.get("/config").text();
            while (System.nanoTime() < deadline && failures.size() < FAILURES_MAX) {
                FuzzRequests.Made made = requests.next();
                try (RawConnection connection = new RawConnection(node.port)) {
                    connection.write(made.bytes());
                    Answer answer = connection.read(!made.method().equals("HEAD"));
                    statuses.merge(answer.status(), 1L, Long::sum);
                    FuzzContract.check(made, answer);
                    String now = node.get("/config").text();
                    if (!made.route().pattern().equals("/config") || answer.status() != 201) {
                        assertThat(now).as("the configuration").isEqualTo(has);
                    }
                    has = now;
                } catch (AssertionError | IOException | RuntimeException failure) {
                    failures.putIfAbsent(made.method() + " " + made.route().pattern(), made + "\n" + failure);
                }
            }
        } finally {
            System.out.println("fuzz without a database statuses=" + statuses);
        }
        assertThat(failures.values()).as("seed=%d", SEED).isEmpty();
        assertThat(statuses.keySet()).contains(200, 204, 400, 404, 405, 415);
    }
}
