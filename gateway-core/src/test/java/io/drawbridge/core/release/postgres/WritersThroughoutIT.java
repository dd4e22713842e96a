package io.drawbridge.core.release.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Nodes of 1.5 write without a pause from before {@code up} until the gate refuses them. */
class WritersThroughoutIT extends LineTest {
    private static final long STALL_MILLIS_MAX = 2_000;

    private final List<String> acknowledged = Collections.synchronizedList(new ArrayList<>());
    private final List<String> surprises = Collections.synchronizedList(new ArrayList<>());
    private final AtomicLong longestMillis = new AtomicLong();

    @Test
    void every_write_that_was_acknowledged_is_there_and_converted() throws Exception {
        seededAt(V1_5);
        List<Thread> writers = new ArrayList<>();
        for (int w = 0; w < 6; w++) {
            Thread writer = new Thread(this::write, "writer-" + w);
            writer.start();
            writers.add(writer);
        }
        while (acknowledged.size() < 200) {
            Thread.onSpinWait();
        }

        line.up(V2_1);
        int beforeFinish = acknowledged.size();
        line.finish(V2_1);
        for (Thread writer : writers) {
            writer.join(10_000);
            assertThat(writer.isAlive()).isFalse();
        }

        assertThat(surprises).isEmpty();
        assertThat(beforeFinish).isGreaterThan(200);
        assertThat(acknowledged).hasSizeGreaterThan(beforeFinish);
        assertThat(query("SELECT id::text FROM plugins WHERE name = 'ip-restriction' AND route_id IS NULL ORDER BY 1"))
                .isEqualTo(acknowledged.stream().sorted().toList());
        assertThat(query("SELECT 'left over: ' || p.id FROM plugins p JOIN services s ON s.id = p.service_id"
                        + " WHERE p.name = 'ip-restriction' AND (p.ws_id IS NULL OR s.ws_id IS NULL OR p.config ? 'whitelist'"
                        + " OR p.cache_key NOT LIKE '%::' || p.ws_id OR p.config -> 'allow' IS NULL)"))
                .isEmpty();
        assertThat(longestMillis.get()).as("longest stall of a write, ms").isLessThan(STALL_MILLIS_MAX);
    }

    /** A service by upsert and a plugin on it, in one transaction, again and again. */
    private void write() {
        try (Connection connection = database.connect();
                Statement session = connection.createStatement()) {
            session.execute("SELECT set_config('drawbridge.writer', '1.5/old', false)");
            connection.setAutoCommit(false);
            while (writeOnce(connection)) {
                Thread.onSpinWait();
            }
        } catch (SQLException failure) {
            if (!"55000".equals(failure.getSQLState())) {
                surprises.add(failure.getSQLState() + " " + failure.getMessage());
            }
        }
    }

    private boolean writeOnce(Connection connection) throws SQLException {
        String service = UUID.randomUUID().toString();
        String plugin = UUID.randomUUID().toString();
        long start = System.nanoTime();
        try (PreparedStatement upsert = connection.prepareStatement(
                        "INSERT INTO services (id, name) VALUES (?::uuid, ?) ON CONFLICT (name) DO UPDATE SET host = 'x'");
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO plugins (id, name, config, enabled, cache_key, run_on, service_id) VALUES (?::uuid,"
                                + " 'ip-restriction', '{\"whitelist\":[\"10.0.0.0/8\"],\"blacklist\":null}', true, ?,"
                                + " 'first', ?::uuid)")) {
            for (int i = 0; i < 2; i++) {
                upsert.setString(1, i == 0 ? service : UUID.randomUUID().toString());
                upsert.setString(2, "service-" + service);
                upsert.executeUpdate();
            }
            insert.setString(1, plugin);
            insert.setString(2, "plugins:ip-restriction::" + service + "::");
            insert.setString(3, service);
            insert.executeUpdate();
            connection.commit();
        }
        longestMillis.accumulateAndGet((System.nanoTime() - start) / 1_000_000, Math::max);
        acknowledged.add(plugin);
        return acknowledged.size() < 200_000;
    }
}
