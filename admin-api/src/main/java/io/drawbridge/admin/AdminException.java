package io.drawbridge.admin;

/** A request that is answered with an error: carries the answer. Immutable. */
final class AdminException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Reply reply;

    AdminException(Reply reply) {
        super("answered with " + reply.status(), null, false, false);
        this.reply = reply;
    }

    Reply reply() {
        return reply;
    }
}
