package io.drawbridge.app.options;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Which database, and how to reach it. Immutable; the password is not in {@link #toString()}.
 *
 * @param kind whose server it is, if there is one; of our own, host, port, user, password and name are found when it is joined
 * @param host of the server
 * @param port of the server
 * @param user role to log in with
 * @param password of the role; may be empty
 * @param name of the database
 * @param schema empty: what the role's search_path says
 * @param tls whether to use TLS
 * @param tlsVerify whether to verify the server's certificate
 * @param tlsTrust {@code system}, or paths of PEM files
 * @param timeout longest wait for a connection, and for one statement of the Admin API
 * @param connectionsMax most connections of the Admin API
 * @param migrationHost where migrations go
 * @param migrationPort where migrations go
 */
public record DatabaseOptions(
        Kind kind,
        String host,
        int port,
        String user,
        String password,
        String name,
        String schema,
        boolean tls,
        boolean tlsVerify,
        List<String> tlsTrust,
        Duration timeout,
        int connectionsMax,
        String migrationHost,
        int migrationPort) {

    /** Whose server. */
    public enum Kind {
        EMBEDDED,
        POSTGRES,
        /** None: the node keeps its configuration in memory. */
        OFF
    }

    public DatabaseOptions {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(password, "password");
        tlsTrust = List.copyOf(tlsTrust);
    }

    /** Whether the server is our own. */
    public boolean embedded() {
        return kind == Kind.EMBEDDED;
    }

    /** Whether there is none. */
    public boolean off() {
        return kind == Kind.OFF;
    }

    /** The same, at a server that was found. */
    public DatabaseOptions at(String newHost, int newPort, String newName, String newUser, String newPassword) {
        return new DatabaseOptions(
                kind,
                newHost,
                newPort,
                newUser,
                newPassword,
                newName,
                schema,
                tls,
                tlsVerify,
                tlsTrust,
                timeout,
                connectionsMax,
                newHost,
                newPort);
    }

    @Override
    public String toString() {
        return switch (kind) {
            case EMBEDDED -> "embedded";
            case POSTGRES -> "postgres://" + user + "@" + host + ":" + port + "/" + name;
            case OFF -> "off";
        };
    }
}
