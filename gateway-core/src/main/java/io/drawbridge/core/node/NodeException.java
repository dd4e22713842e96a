package io.drawbridge.core.node;

/** Why a node does not start. Switch on {@link #error()}, never on the text. Immutable. */
public final class NodeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Stable codes. */
    public enum Error {
        /** Only checked, and the database is empty. Run {@code migrations bootstrap}. */
        NEEDS_BOOTSTRAP,
        /** Only checked, and the database is behind. Run {@code migrations up}. */
        NEEDS_UP,
        /** It was told to stop while it was starting. */
        STOPPED
    }

    private final Error error;

    public NodeException(Error error, String message) {
        super(message);
        this.error = error;
    }

    public Error error() {
        return error;
    }
}
