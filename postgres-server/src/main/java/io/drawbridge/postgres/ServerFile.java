package io.drawbridge.postgres;

import static io.drawbridge.postgres.PostgresServerException.Error.FOLDER;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Properties;

/**
 * What a prefix remembers of its server. Immutable; kept in files that only their owner can read.
 *
 * @param id random, also the server's {@code cluster_name}: no other server is ever taken for this one
 * @param port where it listened last
 * @param data its data folder
 * @param password of the superuser
 */
record ServerFile(String id, int port, Path data, String password) {

    static boolean exists(Path file) {
        return Files.exists(file);
    }

    static ServerFile read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
            return new ServerFile(
                    required(properties, "id"),
                    Integer.parseInt(required(properties, "port")),
                    Path.of(required(properties, "data")),
                    Files.readString(passwordFile(file)).strip());
        } catch (IOException | IllegalArgumentException failure) {
            throw new PostgresServerException(
                    FOLDER,
                    "cannot read what is known of the embedded PostgreSQL in " + file + ": " + failure,
                    failure);
        }
    }

    void write(Path file) {
        writeOwnerOnly(passwordFile(file), password + "\n");
        writeOwnerOnly(
                file, "id=" + id + "\nport=" + port + "\ndata=" + data + "\nmajor=" + PostgresBinaries.MAJOR + "\n");
    }

    ServerFile on(int otherPort) {
        return new ServerFile(id, otherPort, data, password);
    }

    Database database(String name) {
        return new Database("127.0.0.1", port, name, DataFolder.SUPERUSER, password);
    }

    @Override
    public String toString() {
        return "ServerFile[id=" + id + ", port=" + port + ", data=" + data + "]";
    }

    private static Path passwordFile(Path file) {
        return file.resolveSibling("password");
    }

    private static String required(Properties properties, String key) {
        String value = properties.getProperty(key);
        if (value == null) {
            throw new IllegalArgumentException("no '" + key + "'");
        }
        return value;
    }

    private static void writeOwnerOnly(Path file, String text) {
        try {
            Path next = Files.createTempFile(
                    file.getParent(),
                    file.getFileName().toString(),
                    "",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(next, text);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw new PostgresServerException(FOLDER, "cannot write " + file + ": " + failure, failure);
        }
    }
}
