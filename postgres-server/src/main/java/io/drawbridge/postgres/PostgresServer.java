package io.drawbridge.postgres;

import static io.drawbridge.postgres.PostgresServerException.Error.FOLDER;
import static io.drawbridge.postgres.PostgresServerException.Error.START_FAILED;
import static io.drawbridge.postgres.PostgresServerException.Error.STOP_FAILED;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * A private PostgreSQL server for tests: its data are in a temporary folder and gone when it is closed. It does not
 * outlive this JVM, however that ends. Durable settings ({@code fsync}, {@code synchronous_commit} on), SCRAM, TCP on
 * 127.0.0.1 only. Thread-safe.
 *
 * <p>With {@code -Dtest.postgres.uri=postgres://user:password@host:port/database} {@link #temporary()} yields that server,
 * which then cannot be stopped; only databases that this object made are touched.
 */
public final class PostgresServer implements AutoCloseable {
    private static final int READY_SECONDS = 30;
    private static final int STOP_SECONDS = 30;
    private static final int PORT_ATTEMPTS = 5;

    /*
     * The server's parent is a shell that waits for one line from this JVM. A JVM that is killed closes the pipe, so the
     * shell reads nothing, ends the server and removes the folder.
     */
    private static final String WATCHDOG = """
            folder=$1; shift
            "$@" </dev/null >>"$folder/server.log" 2>&1 &
            server=$!
            trap '' HUP INT TERM
            if read -r how; then :; else how=abandoned; fi
            case $how in
              fast) kill -INT $server ;;
              *) kill -QUIT $server ;;
            esac
            wait $server
            if [ "$how" = abandoned ]; then rm -rf "$folder"; fi
            """;

    private final Path folder;
    private final PostgresBinaries binaries;
    private final ServerUser user;
    private final Map<String, String> settings;
    private final Thread hook = new Thread(this::end, "postgres-server-stop");

    private Database administrator;
    private Process watchdog;

    private PostgresServer(
            Path folder,
            PostgresBinaries binaries,
            ServerUser user,
            Map<String, String> settings,
            Database administrator) {
        this.folder = folder;
        this.binaries = binaries;
        this.user = user;
        this.settings = Map.copyOf(settings);
        this.administrator = administrator;
    }

    /** The server named by {@code -Dtest.postgres.uri}, else a private one, running. */
    public static PostgresServer temporary() {
        String uri = System.getProperty("test.postgres.uri", "");
        return uri.isEmpty() ? temporary(Map.of()) : new PostgresServer(null, null, null, Map.of(), parse(uri));
    }

    /** A private server, running, with these server settings on top of ours. */
    public static PostgresServer temporary(Map<String, String> settings) {
        return temporary(settings, 0);
    }

    /** A private server, preferably on this port. */
    static PostgresServer temporaryOn(int port) {
        return temporary(Map.of(), port);
    }

    private static PostgresServer temporary(Map<String, String> settings, int port) {
        ServerUser user = ServerUser.current();
        PostgresBinaries binaries = PostgresBinaries.locate(user);
        String password = DataFolder.newPassword();
        Path folder = temporaryFolder(user);
        try {
            new DataFolder(binaries, user, folder.resolve("data")).create(password, false);
            PostgresServer server = new PostgresServer(
                    folder,
                    binaries,
                    user,
                    settings,
                    new Database("127.0.0.1", port, "postgres", DataFolder.SUPERUSER, password));
            Runtime.getRuntime().addShutdownHook(server.hook);
            server.start();
            return server;
        } catch (RuntimeException failure) {
            PostgresBinaries.delete(folder);
            throw failure;
        }
    }

    /** Whether this object may stop and restart the server; not so with {@code -Dtest.postgres.uri}. */
    public boolean owned() {
        return folder != null;
    }

    /** The superuser's way into the database {@code postgres}. */
    public synchronized Database administrator() {
        return administrator;
    }

    public int port() {
        return administrator().port();
    }

    /** An empty database with a fresh name, and the superuser's way into it. */
    public Database createDatabase() {
        return createDatabase(
                "t" + UUID.randomUUID().toString().replace("-", "").substring(0, 16));
    }

    /** An empty database of this name, and the superuser's way into it. */
    public Database createDatabase(String name) {
        administrator().execute("CREATE DATABASE \"" + name.replace("\"", "\"\"") + "\" TEMPLATE template0");
        return administrator().named(name);
    }

    /** Removes the database, ending whoever is connected. */
    public void dropDatabase(Database database) {
        String name = database.database();
        administrator()
                .execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
                                + name.replace("'", "''") + "'",
                        "DROP DATABASE IF EXISTS \"" + name.replace("\"", "\"\"") + "\"");
    }

    /** Starts the server if it does not run: on the port that it had, unless that was taken meanwhile. */
    public synchronized void start() {
        requireOwned();
        if (running()) {
            return;
        }
        for (int attempt = 1; ; attempt++) {
            int port = administrator.port();
            if (port == 0 || !DataFolder.free(port)) {
                port = DataFolder.freePort();
            }
            administrator = new Database(
                    "127.0.0.1", port, administrator.database(), administrator.user(), administrator.password());
            try {
                launch(port);
                awaitReady();
                return;
            } catch (PostgresServerException failure) {
                quit("immediate");
                if (attempt == PORT_ATTEMPTS) {
                    throw failure;
                }
                administrator = new Database(
                        "127.0.0.1", 0, administrator.database(), administrator.user(), administrator.password());
            }
        }
    }

    /**
     * Stops the server, ending all sessions.
     *
     * @param immediate as a crash would: no checkpoint, the next start recovers
     */
    public synchronized void stop(boolean immediate) {
        requireOwned();
        quit(immediate ? "immediate" : "fast");
    }

    /** Stops as {@link #stop} does, and starts on the same port. */
    public synchronized void restart(boolean immediate) {
        stop(immediate);
        start();
    }

    /** Stops the server and removes its data. Does nothing to a server that is not ours. */
    @Override
    public void close() {
        if (!owned()) {
            return;
        }
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            return;
        }
    }

    /** Where the server is; never the password. */
    @Override
    public String toString() {
        return administrator().toString();
    }

    long watchdogPid() {
        return watchdog.pid();
    }

    private synchronized void end() {
        quit("immediate");
        PostgresBinaries.delete(folder);
    }

    private boolean running() {
        return watchdog != null && watchdog.isAlive();
    }

    private void launch(int port) {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", WATCHDOG, "watchdog", folder.toString()));
        command.add(binaries.program("postgres").toString());
        command.addAll(List.of("-D", folder.resolve("data").toString()));
        command.addAll(DataFolder.asArguments(DataFolder.settings(port, settings)));
        try {
            ProcessBuilder builder = new ProcessBuilder(user.command(command))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD);
            DataFolder.prepareEnvironment(builder);
            watchdog = builder.start();
        } catch (IOException failure) {
            throw new PostgresServerException(START_FAILED, "cannot start " + command.get(0), failure);
        }
    }

    private void awaitReady() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
        SQLException last = null;
        Path pidFile = folder.resolve("data").resolve("postmaster.pid");
        while (System.nanoTime() < deadline) {
            if (Files.exists(pidFile)) {
                try (Connection connection = administrator.connect(5)) {
                    if (connection.isValid(5)) {
                        return;
                    }
                } catch (SQLException notYet) {
                    last = notYet;
                }
            }
            String log = DataFolder.tail(folder.resolve("server.log"));
            if (log.contains("could not bind") || log.contains("FATAL:  could not create any TCP/IP sockets")) {
                break;
            }
            pause();
        }
        throw new PostgresServerException(
                START_FAILED, "the server did not get ready:\n" + DataFolder.tail(folder.resolve("server.log")), last);
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new PostgresServerException(START_FAILED, "interrupted while waiting for the server", interrupted);
        }
    }

    private void quit(String how) {
        if (!running()) {
            return;
        }
        try (OutputStream line = watchdog.getOutputStream()) {
            line.write((how + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException gone) {
            /* The shell is gone already; the wait below tells. */
            watchdog.destroy();
        }
        try {
            if (!watchdog.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                throw new PostgresServerException(STOP_FAILED, "the server did not stop in " + STOP_SECONDS + " s");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new PostgresServerException(STOP_FAILED, "interrupted while stopping the server", interrupted);
        }
    }

    private void requireOwned() {
        if (!owned()) {
            throw new UnsupportedOperationException("the server of -Dtest.postgres.uri is not ours to start or stop");
        }
    }

    private static Path temporaryFolder(ServerUser user) {
        for (String parent : List.of(System.getProperty("java.io.tmpdir"), "/tmp", "/var/tmp", "/dev/shm")) {
            Path path = Path.of(parent);
            if (Files.isWritable(path) && user.reaches(path)) {
                try {
                    Path folder = Files.createTempDirectory(
                            path,
                            "drawbridge-postgres",
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                    user.own(folder);
                    return folder;
                } catch (IOException failure) {
                    throw new PostgresServerException(FOLDER, "cannot make a folder in " + path, failure);
                }
            }
        }
        throw new PostgresServerException(FOLDER, "no temporary folder that the server's user can reach");
    }

    private static Database parse(String text) {
        URI uri = URI.create(text);
        String[] login = uri.getRawUserInfo() == null
                ? new String[0]
                : uri.getRawUserInfo().split(":", 2);
        if (login.length != 2 || uri.getHost() == null || uri.getPath().length() < 2) {
            throw new IllegalArgumentException("test.postgres.uri must be postgres://user:password@host:port/database");
        }
        return new Database(
                uri.getHost(),
                uri.getPort() < 0 ? 5432 : uri.getPort(),
                uri.getPath().substring(1),
                URLDecoder.decode(login[0], StandardCharsets.UTF_8),
                URLDecoder.decode(login[1], StandardCharsets.UTF_8));
    }
}
