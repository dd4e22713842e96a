package io.drawbridge.postgres;

/** The one exception of this module. Switch on {@link #error()}, never on the text. Immutable. */
public final class PostgresServerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Stable codes of everything that can go wrong. */
    public enum Error {
        /** No server binaries for this platform are on the class path. Use a PostgreSQL of your own. */
        NO_BINARIES,
        /** A folder cannot be made, or the server's user cannot reach it. Choose another folder. */
        FOLDER,
        /** This user is root and there is no way to run the server as somebody else. */
        NO_UNPRIVILEGED_USER,
        /** The server did not start. The message ends with the last lines of its log. */
        START_FAILED,
        /** The server did not stop in time. */
        STOP_FAILED,
        /** The data were made by another major version. Use that release, or another prefix. */
        OTHER_MAJOR_VERSION,
        /** Nodes use the server. Stop them first, or force. */
        IN_USE,
        /** A statement failed or the server cannot be reached. */
        SQL
    }

    private final Error error;

    public PostgresServerException(Error error, String message) {
        this(error, message, null);
    }

    public PostgresServerException(Error error, String message, Throwable cause) {
        super(message, cause);
        this.error = error;
    }

    public Error error() {
        return error;
    }
}
