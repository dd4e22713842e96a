package io.drawbridge.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.drawbridge.admin.RawConnection.Answer;
import io.drawbridge.core.entity.EntityType;
import io.drawbridge.core.entity.EntityTypes;
import io.drawbridge.core.entity.PluginSchemas;
import io.drawbridge.core.entity.Validator;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Every URL is sent nearly right requests, for {@code -Dfuzz.seconds}, from {@code -Dfuzz.seed}. Each is answered as the
 * contract says, refused writes leave nothing behind, and what was accepted is there and right.
 */
final class FuzzIT extends NodeFixture {
    private static final long SEED = Long.getLong("fuzz.seed", 20261124L);
    private static final long SECONDS = Long.getLong("fuzz.seconds", 60L);
    /* After so many accepted writes the examples are made anew. */
    private static final int ROUND = 300;
    private static final int FAILURES_MAX = 20;
    private static final long GROWTH_BYTES_MAX = 100L << 20;
    private static final PluginSchemas PLUGINS = PluginSchemas.at(io.drawbridge.migration.Release.of(2, 5));
    private static final EntityTypes TYPES = EntityTypes.at(io.drawbridge.migration.Release.of(2, 5), PLUGINS);

    private final Random random = new Random(SEED);
    private final Validator validator = new Validator(InstantSource.system());
    private final Map<Integer, Long> statuses = new TreeMap<>();
    /* By URL. */
    private final Map<String, String> failures = new TreeMap<>();
    private RawConnection connection;
    private Statement log;

    @Test
    void nearlyRightRequests_areAnsweredAsDocumented() throws IOException, SQLException {
        System.out.println("fuzz seed=" + SEED + " seconds=" + SECONDS);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        long before = 0;
        connection = new RawConnection(node.port);
        try (Connection jdbc = database.connect()) {
            log = jdbc.createStatement();
            for (long sent = 0; System.nanoTime() < deadline && failures.size() < FAILURES_MAX; ) {
                sent = round(sent, deadline);
                before = before == 0 ? used() : before;
            }
        } finally {
            connection.close();
            System.out.println("fuzz statuses=" + statuses);
        }
        assertThat(failures.values()).as("seed=%d", SEED).isEmpty();
        assertThat(used() - before).as("growth of the heap").isLessThan(GROWTH_BYTES_MAX);
        assertThat(statuses.keySet()).contains(200, 201, 204, 400, 404, 405, 409, 415);
        assertThat(new JsonObject(node.get("/status").text())
                        .getJsonObject("database")
                        .getBoolean("reachable"))
                .isTrue();
    }

    /** Sends until enough was accepted. */
    private long round(long first, long deadline) throws IOException, SQLException {
        empty();
        database.execute("SET drawbridge.writer = '2.5/test'; TRUNCATE ca_certificates, plugins, routes CASCADE;"
                + " DELETE FROM workspaces WHERE name <> 'default'");
        Examples examples = Examples.on(node);
        FuzzRequests requests = new FuzzRequests(
                random, node.server.routes().routes(), new FuzzBodies(random, PLUGINS, examples), examples);
        int accepted = 0;
        long sent = first;
        for (; accepted < ROUND && failures.size() < FAILURES_MAX && System.nanoTime() < deadline; sent++) {
            FuzzRequests.Made made = requests.next();
            long changes = changes();
            try {
                Answer answer = exchange(made);
                FuzzContract.check(made, answer);
                statuses.merge(answer.status(), 1L, Long::sum);
                if (answer.status() >= 400) {
                    assertThat(changes()).as("changes by a refused request").isEqualTo(changes);
                } else if (!List.of("GET", "HEAD", "OPTIONS").contains(made.method())) {
                    accepted++;
                    written(made, answer);
                }
            } catch (AssertionError | IOException | RuntimeException failure) {
                failures.putIfAbsent(
                        made.method() + " " + made.route().pattern(), "n=" + sent + " " + made + "\n" + failure);
                connection.close();
                connection = new RawConnection(node.port);
            }
        }
        return sent;
    }

    private Answer exchange(FuzzRequests.Made made) throws IOException {
        connection.write(made.bytes());
        Answer answer = connection.read(!made.method().equals("HEAD"));
        if (made.last() || answer.closes()) {
            connection.close();
            connection = new RawConnection(node.port);
        }
        return answer;
    }

    /** What was accepted can be read, and is what its type allows. */
    private void written(FuzzRequests.Made made, Answer answer) {
        EntityType type = made.route().type().orElse(null);
        if (type == null || answer.status() == 204) {
            return;
        }
        JsonObject entity = new JsonObject(answer.text());
        boolean target = type.name().equals("targets");
        if (target && entity.getInteger("weight") == 0) {
            return;
        }
        String collection = target
                ? "/upstreams/" + entity.getJsonObject("upstream").getString("id") + "/targets/"
                : "/" + type.path() + "/";
        AdminNode.Answer read = node.get(collection + entity.getString("id"));
        assertThat(read.status()).as(read.text()).isEqualTo(200);
        Map<String, Object> values = lasting(read.json());
        assertThat(values).isEqualTo(lasting(entity));
        assertThat(validator
                        .createDerived(TYPES.get(type.name()), values)
                        .violations()
                        .message())
                .isEqualTo("0 schema violations ()");
    }

    /* Without what is less with every second, and what certificates have under their own URLs only. */
    private static Map<String, Object> lasting(JsonObject entity) {
        Map<String, Object> values = new TreeMap<>(entity.getMap());
        values.remove("ttl");
        values.remove("snis");
        return values;
    }

    private long changes() throws SQLException {
        try (ResultSet newest = log.executeQuery("SELECT coalesce(max(seq), 0) FROM drawbridge_changes")) {
            newest.next();
            return newest.getLong(1);
        }
    }

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
