package io.drawbridge.bench;

import io.drawbridge.postgres.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What an old release does to its database all day: look credentials up by key, change consumers, upsert by name. Steady:
 * each of its connections pauses between two statements. Times are kept by phase and kind of statement.
 */
final class Load {
    private static final int CONNECTIONS = 4;

    private final Database database;
    private final int rows;
    private final List<Thread> threads = new ArrayList<>();
    private final Map<String, Latencies> latencies = new TreeMap<>();
    private final List<String> errors = new ArrayList<>();
    private volatile String phase;
    private volatile boolean over;

    Load(Database database, int rows, String phase) {
        this.database = database;
        this.rows = rows;
        this.phase = phase;
        for (int i = 0; i < CONNECTIONS; i++) {
            Random random = new Random(i);
            Thread thread = new Thread(() -> run(random), "load-" + i);
            threads.add(thread);
            thread.start();
        }
    }

    void phase(String next) {
        phase = next;
    }

    private void run(Random random) {
        try (Connection connection = database.connect();
                PreparedStatement lookup =
                        connection.prepareStatement("SELECT id, consumer_id FROM keyauth_credentials WHERE key = ?");
                PreparedStatement change =
                        connection.prepareStatement("UPDATE consumers SET custom_id = ? WHERE id = ?::uuid");
                PreparedStatement upsert =
                        connection.prepareStatement("INSERT INTO consumers (id, username) VALUES (gen_random_uuid(), ?)"
                                + " ON CONFLICT (username) DO UPDATE SET custom_id = consumers.custom_id")) {
            try (Statement tag = connection.createStatement()) {
                tag.execute("SELECT set_config('drawbridge.writer', '1.5/load', false)");
            }
            while (!over) {
                int row = 1 + random.nextInt(rows);
                lookup.setString(1, "key-" + row);
                timed("lookup", lookup);
                change.setString(1, "custom-" + row);
                change.setString(2, Seed.id("consumer", row));
                timed("update", change);
                upsert.setString(1, "user-" + row);
                timed("upsert", upsert);
                TimeUnit.MILLISECONDS.sleep(4);
            }
        } catch (SQLException failure) {
            note(failure.getMessage());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void timed(String kind, PreparedStatement statement) {
        String now = phase;
        long start = System.nanoTime();
        try {
            statement.execute();
        } catch (SQLException refused) {
            note(now + " " + kind + ": "
                    + refused.getMessage().lines().findFirst().orElse(""));
        }
        long took = System.nanoTime() - start;
        latencies(now + " " + kind).add(took);
        latencies(now + " all").add(took);
    }

    private synchronized void note(String error) {
        if (errors.size() < 10_000) {
            errors.add(error);
        }
    }

    private synchronized Latencies latencies(String name) {
        return latencies.computeIfAbsent(name, first -> new Latencies());
    }

    Latencies of(String phaseName, String kind) {
        return latencies(phaseName + " " + kind);
    }

    synchronized List<String> errors() {
        return List.copyOf(errors);
    }

    /** Ends the load and waits for its last statements. */
    void stop() throws InterruptedException {
        over = true;
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(120));
        }
    }
}
