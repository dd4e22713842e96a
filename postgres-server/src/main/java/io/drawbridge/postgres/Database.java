package io.drawbridge.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;

/**
 * Where a database is and how to get in. Immutable; the password is not in {@link #toString()}.
 *
 * @param host name or address
 * @param port of the server
 * @param database its name
 * @param user role to log in with
 * @param password of that role
 */
public record Database(String host, int port, String database, String user, String password) {
    private static final int CONNECT_TIMEOUT_S = 10;

    public Database {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(database, "database");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(password, "password");
    }

    /** Another database on the same server. */
    public Database named(String name) {
        return new Database(host, port, name, user, password);
    }

    /** For JDBC, without credentials. */
    public String jdbcUrl() {
        return "jdbc:postgresql://" + host + ":" + port + "/" + database;
    }

    /**
     * Opens a JDBC connection; the caller closes it. Blocking.
     *
     * @throws SQLException if the server refuses or does not answer in 10 seconds
     */
    public Connection connect() throws SQLException {
        return connect(CONNECT_TIMEOUT_S);
    }

    Connection connect(int timeoutSeconds) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("loginTimeout", String.valueOf(timeoutSeconds));
        properties.setProperty("connectTimeout", String.valueOf(timeoutSeconds));
        properties.setProperty("sslmode", "disable");
        properties.setProperty("gssEncMode", "disable");
        return DriverManager.getConnection(jdbcUrl(), properties);
    }

    /** Runs statements, each committed on its own. Blocking; meant for tests and set-up. */
    public void execute(String... statements) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException failure) {
            throw new PostgresServerException(PostgresServerException.Error.SQL, failure.getMessage(), failure);
        }
    }

    /** The first column of every row, as text; null stays null. Blocking; meant for tests and set-up. */
    public List<String> query(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        } catch (SQLException failure) {
            throw new PostgresServerException(PostgresServerException.Error.SQL, failure.getMessage(), failure);
        }
    }

    @Override
    public String toString() {
        return "postgres://" + user + "@" + host + ":" + port + "/" + database;
    }
}
