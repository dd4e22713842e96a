package io.drawbridge.postgres;

import static io.drawbridge.postgres.PostgresServerException.Error.FOLDER;
import static io.drawbridge.postgres.PostgresServerException.Error.START_FAILED;
import static io.drawbridge.postgres.PostgresServerException.Error.STOP_FAILED;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts, finds and stops the one server process of a data folder; it outlives this JVM. Immutable. */
record Postmaster(DataFolder folder, Path log) {
    private static final Logger LOG = LoggerFactory.getLogger(Postmaster.class);
    private static final int WAIT_SECONDS = 60;
    private static final long LOG_BYTES_MAX = 10L * 1024 * 1024;

    /** The process that runs on the data folder, whatever its state. */
    Optional<ProcessHandle> process() {
        Path pidFile = folder.data().resolve("postmaster.pid");
        try {
            long pid = Long.parseLong(Files.readAllLines(pidFile).get(0).strip());
            return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::onOurData);
        } catch (IOException | RuntimeException none) {
            return Optional.empty();
        }
    }

    /** Whether the server on that port knows our password (and proves it, as SCRAM does) and bears our id. */
    boolean answers(ServerFile server) {
        try (Connection connection = server.database("postgres").connect(5);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW cluster_name")) {
            return row.next() && server.id().equals(row.getString(1));
        } catch (SQLException other) {
            return false;
        }
    }

    /** Waits until the server that is running on our data answers; false if it ended meanwhile. */
    boolean awaitAnswer(ServerFile server) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        while (System.nanoTime() < deadline) {
            if (answers(server)) {
                return true;
            }
            if (process().isEmpty()) {
                return false;
            }
            pause();
        }
        throw new PostgresServerException(
                START_FAILED,
                "the embedded PostgreSQL runs (pid "
                        + process().map(ProcessHandle::pid).orElse(0L) + ") but does not answer on port "
                        + server.port() + ":\n" + DataFolder.tail(log));
    }

    /** Starts a process that is independent of this one; throws if it is not ready in a minute. */
    void start(ServerFile server) {
        prepareLog();
        forgetStalePid();
        StringBuilder options = new StringBuilder();
        DataFolder.settings(server.port(), Map.of("cluster_name", server.id()))
                .forEach((name, value) -> options.append(" -c ")
                        .append(name)
                        .append("='")
                        .append(value)
                        .append('\''));
        List<String> command = new ArrayList<>(List.of(
                folder.binaries().program("pg_ctl").toString(),
                "start",
                "-w",
                "-s",
                "-t",
                String.valueOf(WAIT_SECONDS),
                "-D",
                folder.data().toString(),
                "-l",
                log.toString(),
                "-o",
                options.toString().strip()));
        if (run(command) != 0) {
            throw new PostgresServerException(
                    START_FAILED, "the embedded PostgreSQL did not start:\n" + DataFolder.tail(log));
        }
    }

    /** Stops the server, ending its sessions; does nothing if none runs. */
    void stop() {
        if (process().isEmpty()) {
            return;
        }
        List<String> command = List.of(
                folder.binaries().program("pg_ctl").toString(),
                "stop",
                "-w",
                "-s",
                "-m",
                "fast",
                "-t",
                String.valueOf(WAIT_SECONDS),
                "-D",
                folder.data().toString());
        if (run(command) != 0 && process().isPresent()) {
            throw new PostgresServerException(
                    STOP_FAILED, "the embedded PostgreSQL did not stop:\n" + DataFolder.tail(log));
        }
    }

    private int run(List<String> command) {
        Path output = log.resolveSibling("pg_ctl.log");
        try {
            Files.deleteIfExists(output);
            Process process = DataFolder.start(folder.user().command(command), output);
            if (process.waitFor(WAIT_SECONDS + 10L, TimeUnit.SECONDS)) {
                if (process.exitValue() != 0) {
                    LOG.warn("pg_ctl failed output={}", DataFolder.tail(output));
                }
                return process.exitValue();
            }
            process.destroyForcibly();
            return -1;
        } catch (IOException failure) {
            throw new PostgresServerException(START_FAILED, "cannot run " + command.get(0), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new PostgresServerException(START_FAILED, "interrupted while waiting for the server", interrupted);
        }
    }

    /*
     * After a crash of the machine or a new start of a container another process may bear the number in the pid file:
     * PostgreSQL would then refuse to start.
     */
    private void forgetStalePid() {
        try {
            Path pidFile = folder.data().resolve("postmaster.pid");
            if (Files.exists(pidFile)) {
                long pid = Long.parseLong(Files.readAllLines(pidFile).get(0).strip());
                boolean another =
                        ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
                if (another) {
                    LOG.warn("embedded postgres: pid file names another process pid={}, removing it", pid);
                    Files.delete(pidFile);
                }
            }
        } catch (IOException | RuntimeException unreadable) {
            LOG.debug("embedded postgres: pid file cannot be read", unreadable);
        }
    }

    /* The postmaster's working directory is its data folder. */
    private boolean onOurData(ProcessHandle process) {
        Path link = Path.of("/proc", String.valueOf(process.pid()), "cwd");
        try {
            return Files.isSameFile(link.toRealPath(), folder.data());
        } catch (IOException noProc) {
            return process.info()
                    .command()
                    .map(command -> command.endsWith("/postgres"))
                    .orElse(false);
        }
    }

    /* The server's user writes it, and may not be allowed to make files beside it. */
    private void prepareLog() {
        try {
            if (!Files.exists(log)) {
                Files.createFile(
                        log, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                folder.user().own(log);
            } else if (Files.size(log) > LOG_BYTES_MAX) {
                Files.copy(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
                Files.write(log, new byte[0]);
            }
        } catch (IOException failure) {
            throw new PostgresServerException(FOLDER, "cannot write " + log + ": " + failure, failure);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new PostgresServerException(START_FAILED, "interrupted while waiting for the server", interrupted);
        }
    }
}
