package io.drawbridge.bench;

import io.drawbridge.postgres.Database;
import io.drawbridge.postgres.PostgresServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A node on a database that needs nothing: from its start to its first answer. */
final class ReadyBench {
    private static final int RUNS = 9;

    private ReadyBench() {}

    static void run() throws Exception {
        System.out.println("\n## start of a node with nothing to migrate, launcher to first 200");
        double[] took = new double[RUNS];
        try (PostgresServer server = PostgresServer.temporary()) {
            Database database = server.createDatabase();
            Map<String, String> environment = new HashMap<>(BootstrapBench.environment(database));
            Children.timed(Children.drawbridge(environment, "migrations", "bootstrap"));
            for (int i = 0; i < RUNS; i++) {
                int port = freePort();
                environment.put("ADMIN_LISTEN", "127.0.0.1:" + port);
                environment.put("PROXY_LISTEN", "127.0.0.1:0, 127.0.0.1:0 http2 ssl");
                long start = System.nanoTime();
                Process node = Children.drawbridge(environment, "start").start();
                while (!answers(port)) {
                    TimeUnit.MILLISECONDS.sleep(5);
                }
                took[i] = (System.nanoTime() - start) / 1e9;
                node.destroy();
                node.waitFor();
            }
        }
        System.out.println("  ready after  " + Children.spread(took));
    }

    private static boolean answers(int port) {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create("http://127.0.0.1:" + port + "/status").toURL().openConnection();
            return connection.getResponseCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
