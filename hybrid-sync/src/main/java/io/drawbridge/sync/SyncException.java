package io.drawbridge.sync;

import java.util.Optional;

/** A configuration, or a message, that is not taken over: which code, and for people why. */
final class SyncException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Code code;
    private final String entity;
    private final String field;
    private final String digest;

    /** Never renamed, never used for something else. */
    enum Code {
        /** Is not what it should be: not compressed well, no JSON, something missing. */
        UNREADABLE,
        /** More than a limit allows. */
        TOO_LARGE,
        /** Has entities or fields that this release does not know. */
        UNKNOWN,
        /** An entity breaks a rule, or refers to one that is not there. */
        INVALID,
        /** Does not follow on what is in use. */
        GAP,
        /** Is not the content that it was said to be. */
        MISMATCH,
        /** What takes it over refused it. */
        REFUSED
    }

    SyncException(Code code, String reason) {
        this(code, null, null, reason);
    }

    /**
     * @param entity {@code type/id}; null if it is not about one
     * @param field null if it is not about one
     */
    SyncException(Code code, String entity, String field, String reason) {
        this(code, entity, field, reason, null, null);
    }

    private SyncException(Code code, String entity, String field, String reason, String digest, Throwable cause) {
        super(reason, cause);
        this.code = code;
        this.entity = entity;
        this.field = field;
        this.digest = digest;
    }

    /** What takes it over refused it. */
    static SyncException refused(String digest, Throwable cause) {
        String reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new SyncException(Code.REFUSED, null, null, reason, digest, cause);
    }

    /** @param name of the configuration that it is about */
    SyncException about(String name) {
        return new SyncException(code, entity, field, getMessage(), name, getCause());
    }

    /** Name of the configuration that it is about; empty: it could not be read. */
    Optional<String> digest() {
        return Optional.ofNullable(digest);
    }

    /** Whether another try, with the whole configuration, may end otherwise. */
    boolean worthWhole() {
        return switch (code) {
            case GAP, MISMATCH, UNREADABLE -> true;
            case TOO_LARGE, UNKNOWN, INVALID, REFUSED -> false;
        };
    }

    Code code() {
        return code;
    }

    Optional<String> entity() {
        return Optional.ofNullable(entity);
    }

    Optional<String> field() {
        return Optional.ofNullable(field);
    }

    /** For people: with where it is. */
    String told() {
        return (entity == null ? "" : entity + (field == null ? "" : "." + field) + ": ") + getMessage();
    }
}
