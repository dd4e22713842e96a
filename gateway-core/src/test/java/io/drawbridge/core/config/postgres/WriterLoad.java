package io.drawbridge.core.config.postgres;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.drawbridge.core.store.GatewayDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/** Sixteen connections that write in every way: alone, two tables at once, taken back, and one that takes its time. */
final class WriterLoad {
    private final Queue<String> committed = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean heldOpen;

    WriterLoad(GatewayDatabase database, long seed) {
        for (int i = 0; i < 16; i++) {
            int number = i;
            Thread thread = new Thread(() -> write(database, seed, number));
            threads.add(thread);
            thread.start();
        }
    }

    private void write(GatewayDatabase database, long seed, int number) {
        Random random = new Random(seed + number);
        try (Connection connection = database.sql().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET drawbridge.writer = '2.5/test'");
            if (number == 0) {
                connection.setAutoCommit(false);
                String id = insert(statement, random);
                SECONDS.sleep(3);
                connection.commit();
                committed.add(id);
                heldOpen = true;
            }
            while (!over.get()) {
                connection.setAutoCommit(random.nextBoolean());
                String id = insert(statement, random);
                if (connection.getAutoCommit()) {
                    committed.add(id);
                    MILLISECONDS.sleep(random.nextInt(10));
                    continue;
                }
                statement.execute(
                        "INSERT INTO routes (id, service_id, ws_id) SELECT md5(random()::text)::uuid, id, ws_id"
                                + " FROM services WHERE id = '" + id + "'");
                if (random.nextInt(3) == 0) {
                    connection.rollback();
                } else {
                    statement.execute("UPDATE services SET port = 1 WHERE id = '" + id + "'");
                    connection.commit();
                    committed.add(id);
                }
                MILLISECONDS.sleep(random.nextInt(10));
            }
        } catch (SQLException | InterruptedException failure) {
            throw new AssertionError(failure);
        }
    }

    private static String insert(Statement statement, Random random) throws SQLException {
        String id = new UUID(random.nextLong(), random.nextLong()).toString();
        statement.execute("INSERT INTO services (id, ws_id) SELECT '" + id + "', id FROM workspaces");
        return id;
    }

    /** Ids of the services that were committed. */
    Queue<String> committed() {
        return committed;
    }

    /** Whether the transaction that takes 3 s was committed. */
    boolean heldOpen() {
        return heldOpen;
    }

    void stop() throws InterruptedException {
        over.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
