package io.drawbridge.bench;

import io.drawbridge.postgres.Database;
import io.drawbridge.postgres.PostgresServer;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** The product as its user starts it, on a database server of its own. */
final class WholeNode implements AutoCloseable {
    private final PostgresServer server = PostgresServer.temporary();
    private final Map<String, String> environment;
    private final int port;
    private Process process;

    /** @param jvm more options for the node's JVM; may be empty */
    WholeNode(String jvm) throws IOException, InterruptedException {
        this(jvm, Map.of());
    }

    /** @param more settings, by their names in the environment */
    WholeNode(String jvm, Map<String, String> more) throws IOException, InterruptedException {
        try {
            Database database = server.createDatabase();
            environment = new HashMap<>(BootstrapBench.environment(database));
            Children.timed(Children.drawbridge(environment, "migrations", "bootstrap"));
            port = ReadyBench.freePort();
            environment.put("ADMIN_LISTEN", "127.0.0.1:" + port);
            environment.put("PROXY_LISTEN", "off");
            environment.put("LOG_LEVEL", "warn");
            environment.put("JAVA_OPTS", jvm);
            environment.putAll(more);
            process = Children.drawbridge(environment, "start").start();
        } catch (IOException | InterruptedException | RuntimeException failure) {
            server.close();
            throw failure;
        }
        try {
            AdminClient.ready(port);
        } catch (InterruptedException | RuntimeException failure) {
            close();
            throw failure;
        }
    }

    /** Kills it, and returns when it is ready again. */
    void restart() throws IOException, InterruptedException {
        process.destroyForcibly().onExit().join();
        process = Children.drawbridge(environment, "start").start();
        AdminClient.answers(port);
    }

    int port() {
        return port;
    }

    Process process() {
        return process;
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
        server.close();
    }
}
