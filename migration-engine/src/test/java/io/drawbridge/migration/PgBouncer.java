package io.drawbridge.migration;

import io.vertx.pgclient.PgConnectOptions;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Assumptions;

/** A real PgBouncer in transaction mode between a test and its database; where it is not installed the test says so. */
final class PgBouncer implements AutoCloseable {
    /** Connections to the database that its clients share. */
    static final int CONNECTIONS = 5;

    private static final Path BINARY = Path.of("/usr/sbin/pgbouncer");

    private final Process process;
    private final int port;

    PgBouncer(PgConnectOptions real, Path folder) throws IOException {
        Assumptions.assumeTrue(
                Files.isExecutable(BINARY), "not run: PgBouncer is not installed (apt-get install pgbouncer)");
        port = freePort();
        Path users = folder.resolve("users.txt");
        Files.writeString(users, "\"" + real.getUser() + "\" \"" + real.getPassword() + "\"\n");
        Path ini = folder.resolve("pgbouncer.ini");
        Files.writeString(ini, """
                [databases]
                * = host=%s port=%d
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = plain
                auth_file = %s
                pool_mode = transaction
                default_pool_size = %d
                server_round_robin = 1
                ignore_startup_parameters = extra_float_digits,search_path,client_min_messages
                """.formatted(real.getHost(), real.getPort(), port, users, CONNECTIONS));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        boolean root = "root".equals(System.getProperty("user.name"));
        ProcessBuilder command = root
                ? new ProcessBuilder(BINARY.toString(), "-u", "nobody", ini.toString())
                : new ProcessBuilder(BINARY.toString(), ini.toString());
        process = command.redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        Waiting.until(this::accepts);
    }

    /** The same database, through it. */
    PgConnectOptions through(PgConnectOptions real) {
        return new PgConnectOptions(real).setPort(port).setHost("127.0.0.1");
    }

    private boolean accepts() {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
