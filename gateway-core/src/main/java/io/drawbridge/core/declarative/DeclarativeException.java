package io.drawbridge.core.declarative;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** A document that is no valid configuration. The message says everything that is wrong, one line each. Immutable. */
public final class DeclarativeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Map<String, Object> errors;

    DeclarativeException(String message, Map<String, Object> errors) {
        super(message);
        this.errors = Collections.unmodifiableMap(new LinkedHashMap<>(errors));
    }

    /** No document at all. */
    static DeclarativeException unreadable(String why) {
        return new DeclarativeException(why, Map.of("error", why));
    }

    /** No YAML or JSON that could be one. */
    static DeclarativeException unparsed(String why) {
        return unreadable("failed parsing declarative configuration: " + why);
    }

    /** What is wrong, in the layout of the document: lists have nulls where entries are right. */
    public Map<String, Object> errors() {
        return errors == null ? Map.of() : errors;
    }
}
