package io.drawbridge.migration;

import java.util.List;

/** The one exception of this module. Switch on {@link #error()}, never on the text. Immutable. */
public final class MigrationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final MigrationError error;
    private final transient List<String> details;

    public MigrationException(MigrationError error, String message) {
        this(error, message, List.of(), null);
    }

    public MigrationException(MigrationError error, String message, List<String> details) {
        this(error, message, details, null);
    }

    public MigrationException(MigrationError error, String message, List<String> details, Throwable cause) {
        super(message, cause);
        this.error = error;
        this.details = List.copyOf(details);
    }

    public MigrationError error() {
        return error;
    }

    /** Rows, members or hops that the message is about, one per line; may be empty. */
    public List<String> details() {
        return details == null ? List.of() : details;
    }

    /** Whether {@code failure} is this kind of error. */
    public static boolean is(Throwable failure, MigrationError error) {
        return failure instanceof MigrationException known && known.error == error;
    }
}
