package io.drawbridge.postgres;

import static io.drawbridge.postgres.PostgresServerException.Error.FOLDER;
import static io.drawbridge.postgres.PostgresServerException.Error.START_FAILED;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Makes a server's data folder and knows the settings that every server of ours runs with. Immutable. */
record DataFolder(PostgresBinaries binaries, ServerUser user, Path data) {
    static final String SUPERUSER = "drawbridge";

    private static final int INITDB_MINUTES = 2;
    private static final int LOG_TAIL_LINES = 15;

    static String newPassword() {
        byte[] bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    boolean exists() {
        return Files.exists(data.resolve("PG_VERSION"));
    }

    /** Makes the folder beside its place and moves it there when it is complete, so that it is whole or not there. */
    void create(String password, boolean durable) {
        Path parent = data.getParent();
        Path temporary = parent.resolve("initdb-" + ProcessHandle.current().pid());
        Path passwordFile = parent.resolve(temporary.getFileName() + ".pw");
        Path log = parent.resolve("initdb.log");
        try {
            /* Left by others that were killed; nobody else is at it, the caller has the lock. */
            try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(parent, "initdb-*")) {
                leftovers.forEach(PostgresBinaries::delete);
            }
            Files.createDirectory(
                    temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.createFile(
                    passwordFile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(passwordFile, password);
            user.own(temporary);
            user.own(passwordFile);
            initdb(temporary, passwordFile, log, durable);
            Files.move(temporary, data, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            throw new PostgresServerException(FOLDER, "cannot make the data folder " + data + ": " + failure, failure);
        } finally {
            PostgresBinaries.delete(temporary);
            PostgresBinaries.delete(passwordFile);
        }
    }

    private void initdb(Path folder, Path passwordFile, Path log, boolean durable) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                binaries.program("initdb").toString(),
                "-D",
                folder.toString(),
                "-U",
                SUPERUSER,
                "-A",
                "scram-sha-256",
                "--pwfile=" + passwordFile,
                "-E",
                "UTF8",
                "--locale=C.UTF-8"));
        if (!durable) {
            command.add("--no-sync");
        }
        Process process = start(user.command(command), log);
        try {
            if (!process.waitFor(INITDB_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new PostgresServerException(START_FAILED, "initdb failed:\n" + tail(log));
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new PostgresServerException(START_FAILED, "interrupted while making the data folder", interrupted);
        }
    }

    /** Starts a process without input whose output goes to the file. */
    static Process start(List<String> command, Path log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        prepareEnvironment(builder);
        return builder.start();
    }

    static void prepareEnvironment(ProcessBuilder builder) {
        builder.directory(Path.of("/").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("LC_"));
        builder.environment().put("LC_ALL", "C.UTF-8");
    }

    /** What each server runs with, the given settings on top. */
    static Map<String, String> settings(int port, Map<String, String> more) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("port", String.valueOf(port));
        settings.put("listen_addresses", "127.0.0.1");
        settings.put("unix_socket_directories", "");
        settings.put("fsync", "on");
        settings.put("synchronous_commit", "on");
        settings.put("password_encryption", "scram-sha-256");
        settings.put("max_connections", "200");
        settings.put("log_min_messages", "warning");
        settings.put("dynamic_shared_memory_type", "posix");
        settings.putAll(more);
        return settings;
    }

    static List<String> asArguments(Map<String, String> settings) {
        List<String> arguments = new ArrayList<>();
        settings.forEach((name, value) -> {
            arguments.add("-c");
            arguments.add(name + "=" + value);
        });
        return arguments;
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new PostgresServerException(START_FAILED, "no free port on 127.0.0.1", failure);
        }
    }

    static boolean free(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    static String tail(Path log) {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size()));
        } catch (IOException unreadable) {
            return "(no log at " + log + ")";
        }
    }
}
