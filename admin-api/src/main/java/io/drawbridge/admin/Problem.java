package io.drawbridge.admin;

import io.drawbridge.core.declarative.DeclarativeException;
import io.drawbridge.core.entity.LuaText;
import io.drawbridge.core.entity.Violations;
import io.drawbridge.core.store.StoreException;
import io.drawbridge.migration.MigrationException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What errors look like to clients: the only place where an error becomes a status and a body. */
final class Problem {
    private static final Logger LOG = LoggerFactory.getLogger(Problem.class);
    private static final String UNEXPECTED = "An unexpected error occurred";
    /* RFC 9110, section 15.5.6: a 405 says what is allowed. */
    private static final String READING = "GET, HEAD, OPTIONS";

    private Problem() {}

    static Reply coded(int status, int code, String name, String message, Map<String, Object> fields) {
        return Reply.json(status, body(code, name, message, fields));
    }

    private static Map<String, Object> body(int code, String name, String message, Map<String, Object> fields) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("message", message);
        body.put("name", name);
        if (fields != null) {
            body.put("fields", fields);
        }
        body.put("code", code);
        return body;
    }

    static AdminException invalidPrimaryKey() {
        String text = "expected a valid UUID";
        return new AdminException(coded(
                400,
                1,
                "invalid primary key",
                "invalid primary key: '" + LuaText.of(Map.of("id", text)) + "'",
                Map.of("id", text)));
    }

    static AdminException schemaViolation(Violations violations) {
        return new AdminException(violation(violations));
    }

    static AdminException invalidUnique(String field, String message) {
        return new AdminException(coded(400, 10, "invalid unique " + field, message, null));
    }

    static AdminException invalidOffset(String offset, String why) {
        return new AdminException(coded(
                400, 7, "invalid offset", "'" + offset + "' is not a valid offset: bad " + why + " encoding", null));
    }

    static AdminException tooManyArguments() {
        return new AdminException(
                Reply.message(400, "Too many arguments, at most " + AdminRequest.ARGUMENTS_MAX + " are allowed"));
    }

    static AdminException invalidSize(String why) {
        return new AdminException(coded(400, 9, "invalid size", why, null));
    }

    static AdminException invalidOption(String option, String why) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("message", "invalid option (" + option + ": " + why + ")");
        body.put("name", "invalid options");
        body.put("options", Map.of(option, why));
        body.put("code", 11);
        return new AdminException(Reply.json(400, body));
    }

    /** References by name that lead nowhere: {@code field -> {key -> value}}, and the types that they refer to. */
    static AdminException unresolved(Map<String, Map<String, Object>> references, Map<String, String> types) {
        List<String> lines = new java.util.ArrayList<>();
        Map<String, Object> fields = new TreeMap<>();
        new TreeMap<>(references).forEach((field, keys) -> {
            Map<String, Object> texts = new TreeMap<>();
            keys.forEach((key, value) -> {
                String text = "the foreign key cannot be resolved with '" + LuaText.of(Map.of(key, value))
                        + "' for an existing '" + types.get(field) + "' entity";
                texts.put(key, text);
                lines.add(field + "." + key + ": " + text);
            });
            fields.put(field, texts);
        });
        String all = " (" + String.join("; ", lines) + ")";
        String message =
                lines.size() == 1 ? "foreign key unresolved" + all : lines.size() + " foreign keys unresolved" + all;
        return new AdminException(coded(400, 13, "foreign keys unresolved", message, fields));
    }

    /** @param writeTo where the write would be accepted, as far as known */
    static Reply of(StoreException failure, List<String> writeTo) {
        return switch (failure.error()) {
            case NOT_FOUND -> Reply.notFound();
            case INVALID -> violation(failure.violations());
            case UNIQUE ->
                coded(
                        409,
                        5,
                        "unique constraint violation",
                        /* To who sent them: secrets too. */
                        "UNIQUE violation detected on '" + LuaText.of(failure.fields()) + "'",
                        failure.fields());
            case PRIMARY_KEY -> coded(400, 3, "primary key violation", failure.getMessage(), failure.fields());
            case REFERENCE, REFERENCED ->
                coded(400, 4, "foreign key violation", failure.getMessage(), failure.fields());
            case MIGRATION_PENDING -> pending(failure, writeTo);
            case DATABASE_WENT_BACK -> coded(503, 104, "database went back", failure.getMessage(), null);
            case READ_ONLY ->
                coded(405, 12, "operation unsupported", failure.getMessage(), null)
                        .with("Allow", READING);
            case BUSY -> Reply.message(429, failure.getMessage()).with("Retry-After", "1");
            case TOO_LARGE -> Reply.message(413, failure.getMessage());
            case UNAVAILABLE -> {
                LOG.debug("database unavailable reason={}", failure.getMessage());
                yield coded(503, 102, "database unavailable", failure.getMessage(), null)
                        .with("Retry-After", "1");
            }
            case OUTCOME_UNKNOWN -> {
                LOG.warn("outcome unknown reason={}", failure.getMessage());
                yield coded(504, 103, "outcome unknown", failure.getMessage(), null);
            }
            case DATABASE_ERROR -> {
                LOG.error("database error", failure);
                yield Reply.message(500, UNEXPECTED);
            }
        };
    }

    static Reply of(DeclarativeException failure) {
        return invalidDocument(failure.errors(), null);
    }

    /** @param flattened what is wrong per entity; null: that is in {@code errors} */
    static Reply invalidDocument(Map<String, Object> errors, List<Map<String, Object>> flattened) {
        Map<String, Object> body = body(
                14,
                "invalid declarative configuration",
                "declarative config is invalid: " + LuaText.of(errors),
                errors);
        if (flattened != null) {
            body.put("flattened_errors", flattened);
        }
        return Reply.json(400, body);
    }

    static Reply of(MigrationException failure) {
        int status = switch (failure.error()) {
            case NOT_BOOTSTRAPPED, UNAVAILABLE, LEADER_BUSY, LEASE_LOST, INTERRUPTED, DATABASE_WENT_BACK -> 503;
            case OUTCOME_UNKNOWN -> 504;
            case STEP_FAILED -> 500;
            case FOREIGN_DATABASE,
                    SERVER_TOO_OLD,
                    PRIVILEGE_MISSING,
                    PREFLIGHT_BLOCKED,
                    BLOCKED,
                    RELEASE_TOO_OLD,
                    HOP_MISSING,
                    HELD,
                    CONFLICT,
                    NOTHING_OPEN,
                    JOURNAL_MISMATCH -> 409;
        };
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("message", failure.getMessage());
        body.put("name", failure.error().name().toLowerCase(Locale.ROOT).replace('_', ' '));
        body.put("error", failure.error().name());
        body.put("details", failure.details());
        return Reply.json(status, body);
    }

    /** A temporary file that could not be kept. */
    static Reply of(UncheckedIOException failure) {
        LOG.error("no room for a document", failure);
        return Reply.message(
                507, "cannot keep the document: " + failure.getCause().getMessage() + "; nothing was changed");
    }

    static Reply unexpected(Throwable failure) {
        LOG.error("request failed unexpectedly", failure);
        return Reply.message(500, UNEXPECTED);
    }

    private static Reply violation(Violations violations) {
        return coded(400, 2, "schema violation", violations.message(), violations.fields());
    }

    private static Reply pending(StoreException failure, List<String> writeTo) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("code", 101);
        body.put("name", "migration pending");
        body.put("message", failure.getMessage());
        body.put(
                "active_release",
                failure.gate().active() == null ? null : failure.gate().active().toString());
        body.put("node_release", failure.node().toString());
        body.put("write_to", writeTo);
        return Reply.json(409, body);
    }
}
